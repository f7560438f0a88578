"""Kill switches over a real process: what stops, what stays open, and that nothing leaves after the bound."""

import asyncio
import json
import random
import time
from contextlib import AsyncExitStack, suppress

from asgiref.sync import sync_to_async
from django.core.management import call_command
from websockets.exceptions import ConnectionClosed

from bench.upstream import ScriptedUpstream
from tests.factories import make_artist, make_fan
from tests.transports.test_socket import answer
from tests.web import ANSWER_S, Chat, Frame, WebProcess, api, chat, shown, socket_with, ticket

BOUND_S = 1.0  # contract.md, `kill`: from the command's return to the last byte written


@sync_to_async
def kill(state: str, scope: str, **options: str) -> None:
    call_command("kill", state, scope=scope, reason="test", verbosity=0, **options)


async def test_pausing_an_artist_ends_her_turns_closes_her_sockets_and_keeps_history(
    web: WebProcess, upstream: ScriptedUpstream
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    upstream.play("ok", "drip")
    async with chat(web, fan.access_token, artist.slug) as socket:
        await answer(socket, "hello", "m1")
        await socket.say("and again", "m2")
        await socket.until("turn.token")
        spare = await ticket(web, fan.access_token, artist.slug)
        await kill("on", "artist", artist=artist.slug)
        failed = await socket.ending()
        assert (failed["type"], failed["error"]["code"]) == ("turn.failed", "paused")
        assert failed["message"]["status"] == "failed"
        assert await socket.closed() == (4403, "paused")
    async with socket_with(web, artist.slug, spare) as socket:
        assert await socket.closed() == (4403, "paused")
    path = f"/api/v1/artists/{artist.slug}/messages"
    async with api(web, fan.access_token) as client:
        async with client.post("/api/v1/realtime/tickets", json={"artist": artist.slug}) as answered:
            assert (answered.status, (await answered.json())["code"]) == (503, "paused")
        async with client.post(path, json={"client_message_id": "m1", "text": "hello"}) as answered:
            assert (answered.status, (await answered.json())["code"]) == (503, "paused")
        async with client.get(path) as answered:
            assert answered.status == 200
            assert len((await answered.json())["items"]) == 4
    await kill("off", "artist", artist=artist.slug)
    await open_again(web, fan.access_token, artist.slug)
    async with chat(web, fan.access_token, artist.slug) as socket:
        assert (await answer(socket, "hello?", "m3"))["type"] == "turn.completed"


async def open_again(web: WebProcess, token: str, slug: str) -> None:
    """Tries sockets until the process has read that the switch is off."""
    async with asyncio.timeout(ANSWER_S):
        while True:
            async with socket_with(web, slug, await ticket(web, token, slug)) as socket:
                with suppress(ConnectionClosed):
                    await socket.receive()
                    return


async def test_another_artists_switch_changes_nothing(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist, other = make_artist(), make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        await kill("on", "artist", artist=other.slug)
        await kill("on", "surface", artist=artist.slug, surface="calls")
        assert (await answer(socket, "hello", "m1"))["type"] == "turn.completed"


async def test_killing_the_provider_that_speaks_puts_a_line_of_hers_in_its_place(
    web: WebProcess, upstream: ScriptedUpstream
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    upstream.play("drip")
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.say("hello", "m1")
        await socket.until("turn.token")
        try:
            await kill("on", "provider", provider="openai")
            ending = await socket.ending()
            again = await answer(socket, "and now?", "m2")
        finally:
            await kill("off", "provider", provider="openai")
    for completed in (ending, again):
        assert completed["type"] == "turn.completed"
        assert completed["message"]["degraded"] is True
        assert shown(socket.of_turn(completed["turn"])) == completed["message"]["text"]


async def test_over_random_interleavings_nothing_leaves_after_the_bound(
    web: WebProcess, slow_upstream: ScriptedUpstream
) -> None:
    chance = random.Random(7)
    for _ in range(4):
        artist = make_artist()
        fans = [make_fan(artist) for _ in range(6)]
        async with AsyncExitStack() as stack:
            sockets = [await stack.enter_async_context(chat(web, fan.access_token, artist.slug)) for fan in fans]
            readers = [asyncio.create_task(timed(socket)) for socket in sockets]
            for socket in sockets[: chance.randrange(1, 7)]:
                await socket.say("talk to me", "m1")
            chosen = {"scope": "artist"} if chance.random() < 0.5 else {"scope": "surface", "surface": "text"}
            await kill("on", chosen.pop("scope"), artist=artist.slug, **chosen)
            returned = time.monotonic()
            for seen in await asyncio.gather(*readers):
                late = [frame["type"] for at, frame in seen if at > returned + BOUND_S]
                assert late == []


async def timed(socket: Chat) -> list[tuple[float, Frame]]:
    """Every frame until the socket is closed, and when it came."""
    seen: list[tuple[float, Frame]] = []
    async with asyncio.timeout(ANSWER_S):
        with suppress(ConnectionClosed):
            while True:
                frame = json.loads(await socket.connection.recv())
                seen.append((time.monotonic(), frame))
    return seen
