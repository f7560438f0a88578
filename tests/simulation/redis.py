"""Redis as a turn knows it (conversations/turn/events.py): streams with ids of the seq, fenced by epoch; the window."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from conversations.turn.contracts import TurnEvent
from conversations.turn.errors import Fenced
from memory.contracts import Remark


@dataclass(frozen=True, slots=True)
class Entry:
    """An accepted append, and who made it when."""

    event: TurnEvent
    turn: UUID
    epoch: int
    owner: str
    at: float


class Redis:
    """`fenced=False` leaves out what holds an old epoch back: the checks must notice."""

    def __init__(self, *, fenced: bool = True) -> None:
        self.streams: dict[UUID, list[TurnEvent]] = {}
        self.epochs: dict[UUID, int] = {}
        self.window: list[Remark] = []
        self.accepted: list[Entry] = []  # for the checks: survives a loss
        self.emptied = False
        self._fenced = fenced
        self._waiting: dict[UUID, list[asyncio.Future[None]]] = {}

    def empty(self) -> None:
        self.streams.clear()
        self.epochs.clear()
        self.window.clear()
        self.emptied = True

    def append(self, turn: UUID, epoch: int, event: TurnEvent, owner: str, at: float) -> None:
        """events.APPEND: the same frame under the same seq counts as done."""
        self.fence(turn, epoch)
        stream = self.streams.setdefault(turn, [])
        if stream and event.seq <= stream[-1].seq:
            if event not in stream:
                raise Fenced
            return
        stream.append(event)
        self.accepted.append(Entry(event, turn, epoch, owner, at))
        for waiter in self._waiting.pop(turn, ()):
            _release(waiter)

    def fence(self, turn: UUID, epoch: int) -> None:
        if self._fenced and self.epochs.get(turn, 0) > epoch:
            raise Fenced
        self.epochs[turn] = epoch

    def read(self, turn: UUID, after: int) -> Sequence[TurnEvent]:
        return [event for event in self.streams.get(turn, ()) if event.seq > after]

    async def arrival(self, turn: UUID, after: int, seconds: float) -> None:
        """Waits until the stream has an event after `after`, at most `seconds`."""
        if self.read(turn, after):
            return
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        timer = loop.call_later(seconds, _release, waiter)
        self._waiting.setdefault(turn, []).append(waiter)
        try:
            await waiter
        finally:
            timer.cancel()


def _release(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
