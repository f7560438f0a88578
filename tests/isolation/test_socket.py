"""A turn of somebody else is answered like one that never was: every frame that names one, every kind of stranger."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed

from conversations.transports.schema import frames_schema
from tests.factories import FanLogin
from tests.isolation.asking import Talk, ask
from tests.isolation.surfaces import naming_frames
from tests.isolation.world import World, never_was
from tests.web import Chat, Frame, WebProcess, chat, socket_with

FRAMES = naming_frames(frames_schema())
# What a frame has to carry beside the turn.
FIELDS: dict[str, dict[str, Any]] = {"turn.resume": {"after": 0}, "turn.cancel": {}}
STRANGERS = [("neighbour", "hers"), ("outsider", "theirs"), ("staff", "theirs"), ("herself", "theirs")]
Untouched = Callable[[], AbstractContextManager[None]]


def place(world: World, where: str) -> str:
    return world.slug if where == "hers" else world.other_slug


async def answers(socket: Chat, frame: str, turn: object) -> list[Frame]:
    """What a frame brings, up to the answer to a ping that was sent after it."""
    begin = len(socket.frames)
    await socket.send(frame, turn=str(turn), **FIELDS[frame])
    await socket.send("ping", n=1)
    await socket.until("pong")
    return socket.frames[begin:]


async def test_her_own_turn_can_be_resumed_and_cancelled(web: WebProcess, world: World, talk: Talk) -> None:
    async with chat(web, world.fan.access_token, world.slug) as socket:
        for frame in FRAMES:
            assert not any(answer["type"] == "error" for answer in await answers(socket, frame, talk.turn))
        await socket.send("turn.resume", turn=talk.turn, after=0)
        assert (await socket.ending())["message"]["text"] == talk.text


@pytest.mark.parametrize(("who", "where"), STRANGERS)
@pytest.mark.parametrize("frame", FRAMES)
async def test_a_stranger_cannot_tell_a_turn_from_one_that_never_was(
    web: WebProcess, world: World, talk: Talk, untouched: Untouched, frame: str, who: str, where: str
) -> None:
    stranger: FanLogin = getattr(world, who)
    never = never_was(UUID(talk.turn))
    async with chat(web, stranger.access_token, place(world, where)) as socket:
        with untouched():
            told = await answers(socket, frame, talk.turn)
            assert told == await answers(socket, frame, never)
    assert [answer["type"] for answer in told] == ["error", "pong"]
    assert told[0]["code"] == "not_found"


@pytest.mark.parametrize("frame", FRAMES)
async def test_without_a_ticket_the_socket_closes_whatever_is_asked(
    web: WebProcess, world: World, talk: Talk, untouched: Untouched, frame: str
) -> None:
    told = []
    with untouched():
        for turn in (talk.turn, never_was(UUID(talk.turn))):
            async with socket_with(web, world.slug, "no-such-ticket") as socket:
                with suppress(ConnectionClosed):  # it may be closed before the frame is on its way
                    await socket.send(frame, turn=str(turn), **FIELDS[frame])
                told.append((await socket.closed(), socket.frames))
    assert told[0] == told[1] == ((4401, "unauthenticated"), [])


def test_a_stranger_gets_no_ticket_for_an_artist_whom_she_has_not_joined(
    web: WebProcess, world: World, untouched: Untouched
) -> None:
    body = {"artist": world.slug}
    with untouched():
        for who, status in ((world.outsider, 403), (world.staff, 403), (None, 401)):
            assert ask(web, "POST", "/api/v1/realtime/tickets", who, body).status == status


async def test_a_stranger_neither_stops_nor_hears_a_turn_that_runs(web: WebProcess, world: World) -> None:
    async with (
        chat(web, world.fan.access_token, world.slug) as hers,
        chat(web, world.neighbour.access_token, world.slug) as neighbours,
        chat(web, world.outsider.access_token, world.other_slug) as outsiders,
    ):
        await hers.say("Tell me about your synthesisers.", "running-1")
        turn = (await hers.until("turn.started"))["turn"]
        for stranger in (neighbours, outsiders):
            for frame in FRAMES:
                told = await answers(stranger, frame, turn)
                assert [answer["type"] for answer in told] == ["error", "pong"]
        ending = await hers.ending()
        assert ending["type"] == "turn.completed"
        for stranger in (neighbours, outsiders):
            await answers(stranger, "turn.resume", turn)
            assert {frame["type"] for frame in stranger.frames} == {"session.ready", "error", "pong"}
