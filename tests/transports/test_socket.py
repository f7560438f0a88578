"""The chat's WebSocket against the contract, over a real process, Postgres, Redis and upstream."""

from collections.abc import Callable
from typing import Any

import psycopg

from bench.upstream import ScriptedUpstream
from tests.factories import make_artist, make_fan
from tests.web import Chat, Frame, WebProcess, chat, shown, socket_with, ticket

WHOLE = {"messages": 2, "traces": 1, "charges": 1, "decisions": 2, "outbox": 1}
Counts = Callable[[str], dict[str, int]]
Written = Callable[[object], int]


def assert_unbroken(events: list[Frame]) -> None:
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


async def answer(socket: Chat, text: str, client_message_id: str) -> Frame:
    await socket.say(text, client_message_id)
    return await socket.ending()


async def test_a_message_is_answered_token_by_token_and_all_of_it_is_kept(
    web: WebProcess, upstream: ScriptedUpstream, left_behind: Counts
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        ending = await answer(socket, "hello", "m1")
    events = socket.of_turn(ending["turn"])
    assert_unbroken(events)
    assert events[0]["type"] == "turn.started"
    assert events[0]["client_message_id"] == "m1"
    assert events[0]["fan_message"]["text"] == "hello"
    assert ending["type"] == "turn.completed"
    assert shown(events) == ending["message"]["text"] == "Listen out there."
    assert ending["usage"]["quotas"][0] | {"resets_at": ""} == {
        "name": "messages",
        "used": 1,
        "limit": None,
        "resets_at": "",
    }
    assert left_behind(ending["turn"]) == WHOLE


async def test_the_same_id_plays_the_same_turn_and_charges_once(
    web: WebProcess, upstream: ScriptedUpstream, left_behind: Counts
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        first = await answer(socket, "hello", "m1")
    async with chat(web, fan.access_token, artist.slug) as socket:
        again = await answer(socket, "hello", "m1")
    assert again == first
    assert_unbroken(socket.of_turn(first["turn"]))
    assert left_behind(first["turn"]) == WHOLE
    assert len(upstream.requests) == 1


async def test_the_same_id_with_another_text_is_refused(
    web: WebProcess, upstream: ScriptedUpstream, written: Written
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        await answer(socket, "hello", "m1")
        await socket.say("goodbye", "m1")
        refusal = await socket.until("error")
        assert (refusal["code"], refusal["client_message_id"]) == ("idempotency_mismatch", "m1")
        assert written(fan.fan.id) == 1


async def test_a_newer_message_interrupts_and_both_are_answered_together(
    web: WebProcess, upstream: ScriptedUpstream, left_behind: Counts, superuser_db: psycopg.Connection[Any]
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    upstream.play("drip")
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.say("first question", "m1")
        await socket.until("turn.token")
        await socket.say("second question", "m2")
        cancelled = await socket.until("turn.cancelled")
        completed = await socket.until("turn.completed")
    assert cancelled["message"]["text"] == "Listen "
    assert cancelled["message"]["status"] == "cancelled"
    assert completed["turn"] != cancelled["turn"]
    said = [message["content"] for message in upstream.requests[-1]["messages"] if message["role"] == "user"]
    assert said == ["first question", "second question"]
    assert left_behind(cancelled["turn"])["charges"] == 1
    for table in ("conversations_turntrace", "billing_usagerecord"):
        spoke = superuser_db.execute(f"select provider, model from {table} where turn_id = %s", [cancelled["turn"]])
        assert spoke.fetchall() == [("openai", "scripted")]


async def test_a_turn_cancelled_before_its_first_token_costs_nothing(
    web: WebProcess, upstream: ScriptedUpstream, left_behind: Counts
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    upstream.play("hang")
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.say("hello", "m1")
        started = await socket.until("turn.started")
        await socket.send("turn.cancel", turn=started["turn"])
        cancelled = await socket.ending()
    assert cancelled["type"] == "turn.cancelled"
    assert cancelled["message"] is None
    assert left_behind(cancelled["turn"]) == {"messages": 1, "traces": 1, "charges": 0, "decisions": 1, "outbox": 1}


async def test_a_reply_goes_on_without_its_socket_and_another_one_gets_the_rest(
    web: WebProcess, upstream: ScriptedUpstream
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    upstream.play("drip")
    async with chat(web, fan.access_token, artist.slug) as first:
        await first.say("hello", "m1")
        token = await first.until("turn.token")
    opened = await ticket(web, fan.access_token, artist.slug)
    async with socket_with(web, artist.slug, opened) as second:
        ready = await second.receive()
        assert ready["open_turn"]["turn"] == token["turn"]
        await second.send("turn.resume", turn=token["turn"], after=token["seq"] - 1)
        assert await second.receive() == token
        await second.send("turn.cancel", turn=token["turn"])
        ending = await second.ending()
        await second.send("ping", n=1_795_536_424_000)
        assert await second.receive() == {"type": "pong", "n": 1_795_536_424_000}
    assert ending["seq"] == token["seq"] + 1
    assert ending["message"]["text"] == "Listen "


async def test_a_resume_past_the_end_or_of_a_foreign_turn_is_refused(
    web: WebProcess, upstream: ScriptedUpstream
) -> None:
    artist = make_artist()
    fan, other = make_fan(artist), make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        ending = await answer(socket, "hello", "m1")
        await socket.send("turn.resume", turn=ending["turn"], after=ending["seq"] + 1)
        assert (await socket.until("error"))["code"] == "validation_error"
    async with chat(web, other.access_token, artist.slug) as socket:
        for turn in (ending["turn"], "01890000-0000-7000-8000-000000000000", "no such thing"):
            await socket.send("turn.resume", turn=turn, after=0)
            assert (await socket.until("error"))["code"] == "not_found"
            await socket.send("turn.cancel", turn=turn)
            assert (await socket.until("error"))["code"] == "not_found"


async def test_the_fans_other_sockets_see_both_messages(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with (
        chat(web, fan.access_token, artist.slug) as phone,
        chat(web, fan.access_token, artist.slug) as laptop,
    ):
        ending = await answer(phone, "hello", "m1")
        created = [await laptop.until("message.created") for _ in range(2)]
        await phone.send("ping", n=7)
        assert await phone.receive() == {"type": "pong", "n": 7}
    assert [frame["message"]["role"] for frame in created] == ["fan", "persona"]
    assert created[1]["message"] == ending["message"]


async def test_every_script_and_family_emoji_pass_unharmed(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        for number, text in enumerate(["مرحبا كيف حالك", "می‌خواهم", "안녕하세요", "👨‍👩‍👧‍👦 hi\n\tthere"]):
            ending = await answer(socket, text, f"m{number}")
            events = socket.of_turn(ending["turn"])
            assert events[0]["fan_message"]["text"] == text
            assert upstream.requests[-1]["messages"][-1]["content"] == text
