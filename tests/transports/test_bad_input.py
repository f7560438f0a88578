"""What a socket does with what it cannot take: a clear code, nothing written, and it stays open where it can."""

from collections.abc import Callable
from typing import Any

import pytest

from bench.upstream import ScriptedUpstream
from tests.factories import make_artist, make_fan
from tests.web import WebProcess, chat, socket_with, ticket

Written = Callable[[object], int]

BAD_FRAMES = [
    ("not json", "malformed"),
    ("[1, 2]", "malformed"),
    ('"text"', "malformed"),
    ('{"client_message_id": "m1"}', "malformed"),
    ('{"type": 7}', "malformed"),
    ('{"type": "turn.begin"}', "unknown_frame"),
    ('{"type": "message.send", "client_message_id": "m1"}', "validation_error"),
    ('{"type": "message.send", "client_message_id": "m1", "text": 7}', "validation_error"),
    ('{"type": "message.send", "client_message_id": "", "text": "hi"}', "validation_error"),
    ('{"type": "message.send", "client_message_id": "m1", "text": "   "}', "validation_error"),
    ('{"type": "message.send", "client_message_id": "m1", "text": "%s"}' % ("x" * 10_000), "validation_error"),
    ('{"type": "message.send", "client_message_id": "m1", "text": "a\\u0000b"}', "validation_error"),
    ('{"type": "message.send", "client_message_id": "m1", "text": "a\\u202eb"}', "validation_error"),
    ('{"type": "message.send", "client_message_id": "a\\u0000b", "text": "hi"}', "validation_error"),
    ('{"type": "turn.resume", "turn": "x", "after": "1"}', "not_found"),
    ('{"type": "turn.resume", "turn": "01890000-0000-7000-8000-000000000000", "after": "1"}', "validation_error"),
    ('{"type": "ping", "n": "x"}', "validation_error"),
]


@pytest.mark.parametrize(("frame", "code"), BAD_FRAMES)
async def test_a_bad_frame_gets_its_code_and_the_socket_stays_open(
    web: WebProcess, upstream: ScriptedUpstream, written: Written, frame: str, code: str
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.connection.send(frame)
        refusal = await socket.receive()
        assert (refusal["type"], refusal["code"]) == ("error", code)
        await socket.send("ping")
        assert await socket.receive() == {"type": "pong"}
    assert written(fan.fan.id) == 0


async def test_half_a_surrogate_pair_is_refused(web: WebProcess, upstream: ScriptedUpstream, written: Written) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.connection.send('{"type": "message.send", "client_message_id": "m1", "text": "\\ud83d"}')
        assert (await socket.receive())["code"] in ("malformed", "validation_error")
        await socket.send("ping")
        assert await socket.receive() == {"type": "pong"}
    assert written(fan.fan.id) == 0


async def test_a_binary_frame_is_malformed(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.connection.send(b"\xff\xfe")
        assert (await socket.receive())["code"] == "malformed"


async def test_a_frame_over_64_kib_closes_with_1009(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.connection.send("x" * (64 * 1024 + 1))
        assert (await socket.closed())[0] == 1009


async def close_of(web: WebProcess, slug: str, given: str) -> Any:
    async with socket_with(web, slug, given) as socket:
        return await socket.closed()


async def test_a_ticket_opens_one_socket_of_one_artist(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist, other = make_artist(), make_artist()
    fan = make_fan(artist)
    used = await ticket(web, fan.access_token, artist.slug)
    async with socket_with(web, artist.slug, used) as socket:
        assert (await socket.receive())["type"] == "session.ready"
        assert (await close_of(web, artist.slug, used))[0] == 4401
    assert (await close_of(web, artist.slug, "never made"))[0] == 4401
    assert (await close_of(web, artist.slug, ""))[0] == 4401
    foreign = await ticket(web, fan.access_token, artist.slug)
    assert (await close_of(web, other.slug, foreign))[0] == 4401
    unknown = await ticket(web, fan.access_token, artist.slug)
    assert (await close_of(web, "nobody", unknown))[0] == 4404
    assert (await close_of(web, "no.slug", "never made"))[0] == 4404
