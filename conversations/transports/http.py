"""Chat over REST: the same turns as server-sent events, or as one JSON answer when the turn has ended."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Router, Schema

from companion.kernel.errors import NotFound, Unavailable
from conversations.runtime import runtime
from conversations.schemas import MessageOut, NoticeOut, TurnUsageOut
from conversations.transports.access import reader, sender
from conversations.turn.contracts import Transport, TurnEvent
from conversations.turn.service import Incoming, Sender
from conversations.turn.text import invalid
from tenancy.access import access_fan_async

HEARTBEAT_S = 15.0
AGAIN_S = 0.5

router = Router(tags=["chat"])


class MessageIn(Schema):
    client_message_id: str
    text: str


class TurnOut(Schema):
    """An ended turn. `message` is null when nothing was said: after a crisis notice, or cancelled before a word."""

    turn: str
    outcome: str
    fan_message: MessageOut
    message: MessageOut | None
    notices: list[NoticeOut]
    usage: TurnUsageOut | None


@router.post("/artists/{slug}/messages", operation_id="send_message", response=TurnOut)
async def send_message(request: HttpRequest, slug: str, body: MessageIn) -> HttpResponseBase:
    """Sends a message. With `Accept: text/event-stream` the turn's events as they come, else its outcome at its end."""
    who = sender(await access_fan_async(request.auth, slug))  # type: ignore[attr-defined]  # ninja sets it: a Login
    streams = "text/event-stream" in request.headers.get("Accept", "")
    transport = Transport.SSE if streams else Transport.JSON
    turn = await runtime().service.send(who, Incoming(body.client_message_id, body.text, transport))
    return _stream(who, turn, 0) if streams else await _outcome(who, turn)


@router.get("/artists/{slug}/turns/{turn}/events", operation_id="turn_events", response={200: None})
async def turn_events(request: HttpRequest, slug: str, turn: str) -> HttpResponseBase:
    """A turn's events after the one that `Last-Event-ID` names (absent: all of them), and on to its end."""
    who = reader(await access_fan_async(request.auth, slug))  # type: ignore[attr-defined]  # ninja sets it: a Login
    after = request.headers.get("Last-Event-ID", "0")
    if not after.isascii() or not after.isdigit() or len(after) > 9:
        raise invalid("Last-Event-ID", "type", "A whole number is needed.")
    service, turn_id = runtime().service, _turn_id(turn)
    service.refuse_if_paused(who.artist)
    await service.check_resume(who.artist, who.fan, turn_id, int(after))
    return _stream(who, turn_id, int(after))


def _turn_id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise NotFound from error


async def _events(who: Sender, turn: UUID, after: int) -> AsyncIterator[TurnEvent]:
    """The turn's events; a Postgres that is away is waited for."""
    while True:
        try:
            async for event in runtime().service.follow(who.artist, who.fan, turn, after):
                after = event.seq
                yield event
        except Unavailable:
            await asyncio.sleep(AGAIN_S)
        else:
            return


# -- server-sent events --------------------------------------------------------------------------------------------


def _stream(who: Sender, turn: UUID, after: int) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_body(who, turn, after), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _body(who: Sender, turn: UUID, after: int) -> AsyncIterator[bytes]:
    """One block an event, and a comment whenever HEARTBEAT_S pass without one."""
    events = _events(who, turn, after)
    withheld = False  # once a word was, only the ending may follow: it has the whole text
    upcoming: asyncio.Future[TurnEvent] | None = None
    try:
        while True:
            upcoming = upcoming or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait([upcoming], timeout=HEARTBEAT_S)
            if not done:
                yield b": heartbeat\n\n"
                continue
            try:
                event = upcoming.result()
            except StopAsyncIteration:
                return
            upcoming = None
            withheld = withheld or not await runtime().may_write(who.artist, event)
            if not withheld or event.is_ending:
                yield f"id: {event.seq}\nevent: {event.type}\ndata: {event.frame}\n\n".encode()
    finally:
        if upcoming is not None:
            upcoming.cancel()


# -- one answer ----------------------------------------------------------------------------------------------------


async def _outcome(who: Sender, turn: UUID) -> HttpResponse:
    ending: dict[str, Any] = {}
    async for event in _events(who, turn, 0):
        if event.is_ending:
            ending = orjson.loads(event.frame)
    answer = {"turn": str(turn)} | await runtime().service.said(who.artist, who.fan, turn)
    if ending["type"] == "turn.failed":
        return _failed(ending["error"] | answer)
    answer |= {
        "outcome": ending["type"].removeprefix("turn."),
        "notices": ending.get("notices", []),
        "usage": ending.get("usage"),
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _failed(problem: dict[str, Any]) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    if "retry_after_s" in problem:
        headers["Retry-After"] = str(problem["retry_after_s"])
    return JsonResponse(problem, status=problem["status"], headers=headers, content_type="application/problem+json")
