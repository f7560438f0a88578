"""What a fan sees when an upstream, a process or a dependency fails."""

import signal
from collections.abc import Callable

import pytest

from bench.upstream import ScriptedUpstream
from tests.factories import make_artist, make_fan
from tests.transports.test_socket import answer, assert_unbroken
from tests.upstream import stalled
from tests.web import WebProcess, api, chat, shown, socket_with, ticket

Counts = Callable[[str], dict[str, int]]


@pytest.mark.parametrize("play", ["reset", "429", "500", "garbage", "html", "empty", "error_event"])
async def test_without_a_first_token_the_persona_answers_with_a_line_of_her_own(
    web: WebProcess, upstream: ScriptedUpstream, left_behind: Counts, play: str
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    upstream.play(play, play)  # a connection that drops before any answer is tried once more
    async with chat(web, fan.access_token, artist.slug) as socket:
        ending = await answer(socket, "hello", "m1")
    events = socket.of_turn(ending["turn"])
    assert_unbroken(events)
    assert ending["type"] == "turn.completed"
    assert ending["message"]["degraded"] is True
    assert shown(events) == ending["message"]["text"] != ""
    assert [event["kind"] for event in events if event["type"] == "turn.notice"] == ["degraded"]
    assert left_behind(ending["turn"])["charges"] == 0


@pytest.mark.parametrize("play", ["cut", "late_garbage", "no_done"])
async def test_a_cut_after_the_first_token_fails_the_turn_and_keeps_what_was_shown(
    web: WebProcess, paced_upstream: ScriptedUpstream, left_behind: Counts, play: str
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    paced_upstream.play(play)
    async with chat(web, fan.access_token, artist.slug) as socket:
        ending = await answer(socket, "hello", "m1")
    events = socket.of_turn(ending["turn"])
    assert_unbroken(events)
    assert (ending["type"], ending["error"]["code"]) == ("turn.failed", "unavailable")
    if ending["message"] is not None:
        assert ending["message"]["status"] == "failed"
        assert shown(events) == ending["message"]["text"]
    assert left_behind(ending["turn"])["charges"] == 0


async def test_a_killed_process_loses_nothing_and_doubles_nothing(
    environment: dict[str, str], upstream: ScriptedUpstream, left_behind: Counts
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    web = WebProcess(**environment).start()
    try:
        upstream.play("drip")
        async with chat(web, fan.access_token, artist.slug) as socket:
            await socket.say("hello", "m1")
            token = await socket.until("turn.token")
            web.kill()
            await socket.closed()
        web.start()
        async with socket_with(web, artist.slug, await ticket(web, fan.access_token, artist.slug)) as socket:
            await socket.receive()
            await socket.send("turn.resume", turn=token["turn"], after=0)
            cancelled = await socket.ending()
            events = socket.of_turn(token["turn"])
            assert_unbroken(events)
            assert cancelled["type"] == "turn.cancelled"
            assert shown(events) == cancelled["message"]["text"] == "Listen "
            completed = await answer(socket, "are you there?", "m2")
            assert completed["type"] == "turn.completed"
        assert left_behind(token["turn"]) == {"messages": 2, "traces": 1, "charges": 1, "decisions": 2, "outbox": 1}
    finally:
        web.stop()


async def test_a_turn_that_had_shown_nothing_is_answered_by_the_next_process(
    environment: dict[str, str], upstream: ScriptedUpstream, left_behind: Counts
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    web = WebProcess(**environment).start()
    try:
        upstream.play("hang")
        async with chat(web, fan.access_token, artist.slug) as socket:
            await socket.say("hello", "m1")
            started = await socket.until("turn.started")
            await stalled(upstream)
            web.kill()
            await socket.closed()
        web.start()
        async with chat(web, fan.access_token, artist.slug) as socket:
            await socket.send("turn.resume", turn=started["turn"], after=1)
            ending = await socket.ending()
        assert ending["type"] == "turn.completed"
        assert shown(socket.of_turn(started["turn"])) == ending["message"]["text"] == "Listen out there."
        assert left_behind(started["turn"])["charges"] == 1
    finally:
        web.stop()


async def test_a_process_that_stops_sends_idle_sockets_away_and_lets_replies_end(
    environment: dict[str, str], upstream: ScriptedUpstream
) -> None:
    artist = make_artist()
    fan, idle_fan = make_fan(artist), make_fan(artist)
    web = WebProcess(**environment).start()
    upstream.play("drip")
    async with (
        chat(web, fan.access_token, artist.slug) as busy,
        chat(web, idle_fan.access_token, artist.slug) as idle,
    ):
        await busy.say("hello", "m1")
        token = await busy.until("turn.token")
        web.ask_to_stop()
        code, reason = await idle.closed()
        assert code == 1012
        assert reason is not None
        assert reason.startswith("retry_after_ms=")
        await busy.say("another", "m2")
        assert (await busy.until("error"))["code"] == "unavailable"
        async with api(web, fan.access_token) as client:
            async with client.get("/readyz") as answered:
                assert answered.status == 503
            async with client.post("/api/v1/realtime/tickets", json={"artist": artist.slug}) as answered:
                assert (answered.status, (await answered.json())["code"]) == (503, "unavailable")
        assert (await busy.closed())[0] == 1012
    assert web.wait() == -signal.SIGTERM  # uvicorn ends with the signal that it was sent
    again = WebProcess(**environment).start()
    try:
        async with chat(again, fan.access_token, artist.slug) as socket:
            await socket.send("turn.resume", turn=token["turn"], after=token["seq"])
            ending = await socket.ending()
        assert (ending["type"], ending["message"]["text"]) == ("turn.cancelled", "Listen ")
    finally:
        again.stop()
