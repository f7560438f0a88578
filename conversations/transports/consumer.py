"""The chat's WebSocket: reads frames, calls the turn service, writes events. No business rule lives here."""

import asyncio
import random
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import Any
from uuid import UUID

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from redis.exceptions import RedisError

from companion.kernel.errors import (
    CompanionError,
    Forbidden,
    Malformed,
    NotFound,
    Paused,
    Sanctioned,
    Unauthenticated,
    Unavailable,
)
from companion.kernel.ids import new_id
from companion.kernel.problems import say
from conversations.runtime import Runtime, runtime
from conversations.transports import tickets
from conversations.transports.access import sender_for
from conversations.transports.frames import MessageSend, Ping, TurnCancel, TurnResume, parse
from conversations.turn.contracts import TurnEvent
from conversations.turn.service import Incoming, Sender
from tenancy.accounts import speak

# A person types no faster; a client in a loop is stopped (close code 4429).
FRAMES = 60
FRAMES_S = 10.0
# How long a dismissed socket may still carry the ending event of its turn.
LAST_WORDS_S = 0.5
AGAIN_S = 0.5
COME_BACK_MS = (200, 3000)


class ChatConsumer(AsyncWebsocketConsumer):
    """One socket of a fan with an artist."""

    # Control messages come through the process's hub: a layer channel a socket would cost memory for each idle one.
    channel_layer_alias = "none"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.id = str(new_id())
        self.sender: Sender | None = None
        self._runtime: Runtime = runtime()
        self._turns: dict[UUID, asyncio.Task[None]] = {}
        # The last turns whose events this socket got: it needs no `message.created` of them.
        self._carried: deque[UUID] = deque(maxlen=4)
        self._heard_at = monotonic()
        self._frames_left = float(FRAMES)
        self._closing: asyncio.Task[None] | None = None
        self._dismissal: tuple[int, str] | None = None
        self._joined = False

    # -- opening and closing -------------------------------------------------------------------------------------

    async def connect(self) -> None:
        await self.accept()  # closing before it would be an HTTP 403, and the client would never see the code
        try:
            await self._open()
        except Unavailable:
            self.send_away()
        except CompanionError as refusal:
            self._close_soon(refusal.close_code or 1008, refusal.code, 0)

    async def _open(self) -> None:
        self._ticket = ticket = await self._take_ticket()
        self.artist, self.fan = ticket.artist, ticket.fan
        self.user, self.session = ticket.user, ticket.session
        count = await self._runtime.limiter.admit_socket(self.fan, self.id)
        if count is None:
            await self.close(code=4429, reason="rate_limited")
            return
        # Among the others first, and looked at then: what ends her access from here on dismisses this socket too.
        self._joined = True
        await self._runtime.add_socket(self, alone=count == 1)
        sender = await sender_for(self.scope["url_route"]["kwargs"]["slug"], ticket)
        self._runtime.service.refuse_if_closed(self.artist)
        open_turn = await self._runtime.service.open_turn(self.artist, self.fan)
        if self._dismissal is not None:
            self._close_soon(*self._dismissal, 0)
        elif self._closing is None:
            await self._ready(sender, open_turn)

    async def _ready(self, sender: Sender, open_turn: tuple[UUID, int] | None) -> None:
        self.sender = sender
        speak(sender.profile.language)
        ready: dict[str, Any] = {
            "type": "session.ready",
            "artist": self._ticket.slug,
            "fan": str(self.fan),
            "heartbeat_s": settings.HEARTBEAT_S,
        }
        if open_turn is not None:
            ready["open_turn"] = {"turn": str(open_turn[0]), "seq": open_turn[1]}
        await self._write(ready)

    async def _take_ticket(self) -> tickets.Ticket:
        query = self.scope["query_string"].decode("latin-1")
        given = next((part[7:] for part in query.split("&") if part.startswith("ticket=")), "")
        try:
            ticket = await tickets.take(self._runtime.redis, given)
        except (RedisError, OSError) as error:
            raise Unavailable from error
        if ticket is None:
            raise Unauthenticated
        return ticket

    async def disconnect(self, code: int) -> None:
        """The socket is gone; its turns go on without it."""
        if self._joined:
            await self._runtime.remove_socket(self)
        for task in self._turns.values():
            task.cancel()

    def dismiss(self, code: int, reason: str) -> None:
        self._dismissal = (code, reason)
        if self.sender is not None:  # else her access is being looked at, and what is found there comes first
            self._close_soon(code, reason, LAST_WORDS_S)

    def send_away(self) -> None:
        # Spread over what the other processes can take: each comes back at a time of its own.
        hint_ms = random.randint(*COME_BACK_MS)  # noqa: S311 -- no secret
        self._close_soon(1012, f"retry_after_ms={hint_ms}", settings.DRAIN_S)

    def _close_soon(self, code: int, reason: str, patience_s: float) -> None:
        if self._closing is None:
            self._closing = asyncio.create_task(self._close_after_turns(code, reason, patience_s))

    async def _close_after_turns(self, code: int, reason: str, patience_s: float) -> None:
        if self._turns:
            await asyncio.wait(list(self._turns.values()), timeout=patience_s)
        for task in list(self._turns.values()):
            task.cancel()  # a frame that waits for a client which does not read must not be written after a kill
        await self.close(code=code, reason=reason)

    def is_silent(self) -> bool:
        return monotonic() - self._heard_at > 3 * settings.HEARTBEAT_S

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels looks after the ORM's connections around each message, in a thread; most frames never touch them."""
        if message["type"] == "websocket.receive" and not (self.sender and self.sender.due):
            await self.websocket_receive(message)
        else:
            await super().dispatch(message)

    # -- frames --------------------------------------------------------------------------------------------------

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.sender is None or self._dismissal:
            return
        if not self._may_send_another():
            await self.close(code=4429, reason="rate_limited")
            return
        client_message_id: str | None = None
        try:
            if text_data is None:
                raise Malformed("Frames are text.")
            frame = parse(text_data)
            if isinstance(frame, MessageSend):
                client_message_id = frame.client_message_id
            await self._act(frame, self.sender)
        except CompanionError as refusal:
            await self._refuse(refusal, client_message_id)

    async def _act(self, frame: MessageSend | TurnResume | TurnCancel | Ping, sender: Sender) -> None:
        service = self._runtime.service
        match frame:
            case MessageSend(client_message_id, text):
                sender = await self._up_to_date(sender)
                turn = await service.send(sender, Incoming(client_message_id, text, "websocket", self.id))
                self._carry(sender, turn, 0)
            case TurnResume(turn, after):
                service.refuse_if_paused(sender.artist)
                await service.check_resume(sender.artist, sender.fan, turn, after)
                self._carry(sender, turn, after)
            case TurnCancel(turn):
                await service.cancel(sender.artist, sender.fan, turn)
            case Ping(n):
                await self._write({"type": "pong"} if n is None else {"type": "pong", "n": n})

    async def _up_to_date(self, sender: Sender) -> Sender:
        """Disclosures that were due when the socket opened may have been acknowledged since."""
        if sender.due:
            self.sender = sender = await sender_for(self._ticket.slug, self._ticket)
        return sender

    async def _refuse(self, refusal: CompanionError, client_message_id: str | None) -> None:
        frame = {**refusal.problem(say), "type": "error"}
        if client_message_id is not None:
            frame["client_message_id"] = client_message_id
        await self._write(frame)
        if isinstance(refusal, Paused | Sanctioned | Forbidden):
            self.dismiss(4403, refusal.code)

    def _may_send_another(self) -> bool:
        """A token bucket; also notes that the client is alive."""
        now = monotonic()
        self._frames_left = min(FRAMES, self._frames_left + (now - self._heard_at) * FRAMES / FRAMES_S) - 1
        self._heard_at = now
        return self._frames_left > 0 or not settings.RATE_LIMITS

    # -- events --------------------------------------------------------------------------------------------------

    def _carry(self, sender: Sender, turn: UUID, after: int) -> None:
        """Writes a turn's events from `after` on, in place of what this socket may have been following of it."""
        self._carried.append(turn)
        former = self._turns.pop(turn, None)
        if former is not None:
            former.cancel()
        task = asyncio.create_task(self._follow(sender, turn, after))
        self._turns[turn] = task
        task.add_done_callback(lambda done: self._forget(turn, done))

    def _forget(self, turn: UUID, done: "asyncio.Task[None]") -> None:
        if self._turns.get(turn) is done:
            del self._turns[turn]

    async def _follow(self, sender: Sender, turn: UUID, after: int) -> None:
        withheld = False  # once a word was, only the ending may follow: it has the whole text
        while True:
            try:
                async for event in self._runtime.service.follow(sender.artist, sender.fan, turn, after):
                    withheld = withheld or not await self._runtime.may_write(sender.artist, event)
                    if not withheld or event.is_ending:
                        await self._write_event(event)
                    after = event.seq
            except Unavailable:
                await asyncio.sleep(AGAIN_S)  # Postgres is away; the client waits with us, or leaves
            except (NotFound, OSError):
                return  # erased meanwhile, or the client has left; its turn goes on without it
            else:
                return

    async def _write_event(self, event: TurnEvent) -> None:
        await self.base_send({"type": "websocket.send", "text": event.frame})

    def carries(self, turn: UUID) -> bool:
        return turn in self._carried

    async def renew(self) -> None:
        """Keeps this socket in the fan's count."""
        await self._runtime.limiter.renew_socket(self.fan, self.id)

    async def show(self, message: dict[str, Any]) -> None:
        if self.sender is None or self._dismissal:
            return
        with suppress(OSError):  # the client has left; history has the message
            await self._write({"type": "message.created", "message": message})

    async def _write(self, frame: dict[str, Any]) -> None:
        await self.base_send({"type": "websocket.send", "text": orjson.dumps(frame).decode()})
