"""The same turns as server-sent events and as one JSON answer."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp

from bench.upstream import ScriptedUpstream
from tests.factories import make_artist, make_fan
from tests.transports.test_socket import WHOLE, assert_unbroken
from tests.web import Frame, WebProcess, api, chat, shown

Counts = Callable[[str], dict[str, int]]
Written = Callable[[object], int]
SSE = {"Accept": "text/event-stream"}


def blocks(body: str) -> list[Frame]:
    """The events of a stream; each block's id and event agree with its data."""
    events = []
    for block in body.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            event: Frame = json.loads(fields["data"])
            assert (int(fields["id"]), fields["event"]) == (event["seq"], event["type"])
            events.append(event)
    return events


async def post(client: aiohttp.ClientSession, slug: str, body: Any, **headers: str) -> tuple[int, Any]:
    async with client.post(f"/api/v1/artists/{slug}/messages", json=body, headers=headers) as answer:
        text = await answer.text()
        streams = answer.content_type == "text/event-stream"
        return answer.status, blocks(text) if streams else json.loads(text)


async def test_a_stream_carries_the_turn_and_can_be_read_again_from_any_event(
    web: WebProcess, upstream: ScriptedUpstream, left_behind: Counts
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with api(web, fan.access_token) as client:
        status, events = await post(client, artist.slug, {"client_message_id": "m1", "text": "hello"}, **SSE)
        assert status == 200
        assert_unbroken(events)
        assert shown(events) == events[-1]["message"]["text"] == "Listen out there."
        path = f"/api/v1/artists/{artist.slug}/turns/{events[0]['turn']}/events"
        async with client.get(path) as answer:
            assert blocks(await answer.text()) == events
        async with client.get(path, headers={"Last-Event-ID": "2"}) as answer:
            assert blocks(await answer.text()) == events[2:]
        async with client.get(path, headers={"Last-Event-ID": "99"}) as answer:
            assert (answer.status, (await answer.json())["code"]) == (422, "validation_error")
    assert left_behind(events[0]["turn"]) == WHOLE


async def test_one_answer_tells_the_outcome_and_the_same_again(
    web: WebProcess, upstream: ScriptedUpstream, left_behind: Counts
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    body = {"client_message_id": "m1", "text": "hello"}
    async with api(web, fan.access_token) as client:
        status, first = await post(client, artist.slug, body)
        assert (status, first["outcome"], first["message"]["text"]) == (200, "completed", "Listen out there.")
        assert first["fan_message"]["text"] == "hello"
        assert first["usage"]["output_tokens"] == 3
        assert await post(client, artist.slug, body) == (status, first)
        status, problem = await post(client, artist.slug, body | {"text": "other"})
        assert (status, problem["code"]) == (409, "idempotency_mismatch")
    assert left_behind(first["turn"]) == WHOLE


async def test_a_failed_turn_answers_with_its_problem_and_the_fans_message(
    web: WebProcess, paced_upstream: ScriptedUpstream
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    paced_upstream.play("cut")
    async with api(web, fan.access_token) as client:
        status, problem = await post(client, artist.slug, {"client_message_id": "m1", "text": "hello"})
    assert (status, problem["code"]) == (503, "unavailable")
    assert problem["fan_message"]["status"] == "failed"
    assert problem["turn"] == problem["fan_message"]["turn"]


async def test_a_message_over_rest_interrupts_one_over_the_socket(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    upstream.play("drip")
    async with chat(web, fan.access_token, artist.slug) as socket, api(web, fan.access_token) as client:
        await socket.say("first", "m1")
        await socket.until("turn.token")
        status, answered = await post(client, artist.slug, {"client_message_id": "m2", "text": "second"})
        assert (await socket.ending())["type"] == "turn.cancelled"
    assert (status, answered["outcome"]) == (200, "completed")


async def test_texts_that_cannot_be_taken_are_refused_and_leave_nothing(
    web: WebProcess, upstream: ScriptedUpstream, written: Written
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with api(web, fan.access_token) as client:
        for text in ("", "  ", "x" * 4001, "a\u202eb", "a\x00b", "a\x07b"):
            status, problem = await post(client, artist.slug, {"client_message_id": "m1", "text": text})
            assert (status, problem["code"], problem["errors"][0]["field"]) == (422, "validation_error", "text")
        status, problem = await post(client, "nobody", {"client_message_id": "m1", "text": "hello"})
        assert (status, problem["code"]) == (404, "not_found")
    async with api(web, None) as client:
        status, problem = await post(client, artist.slug, {"client_message_id": "m1", "text": "hello"})
        assert (status, problem["code"]) == (401, "unauthenticated")
    assert written(fan.fan.id) == 0
