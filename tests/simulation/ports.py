"""The engine's ports over the shared servers, as one process has them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from conversations.turn.contracts import (
    Admission,
    Interruption,
    Settlement,
    Snapshot,
    SpokenMessage,
    TurnEvent,
    TurnRequest,
)
from conversations.turn.errors import LogAway
from conversations.turn.ports import Attempt
from memory.contracts import Recalled, Remark
from personas.context import PersonaContext
from personas.contracts import PersonaSheet

if TYPE_CHECKING:
    from tests.simulation.process import Process
    from tests.simulation.world import World

# Remarks that short-term memory holds.
WINDOW = 6
VERSION = uuid5(UUID(int=0), "version")
PERSONA = PersonaContext(
    name="Aria",
    pronoun="she",
    version_id=VERSION,
    version_number=1,
    sheet=PersonaSheet(
        identity="A singer.",
        greetings=("Hi.",),
        honesty=("I am an AI.",),
        unknown=("No idea.",),
        fallbacks=("Another time, {name}.", "Let us talk of something else."),
    ),
    mood=None,
    schedule=(),
    passages=(),
)


class Port:
    def __init__(self, world: "World", process: "Process") -> None:
        self.world = world
        self.process = process
        self.wire = process.wire

    def now(self) -> float:
        return self.world.clock.monotonic()


class Store(Port):
    async def admit(self, attempt: Attempt) -> Admission:
        message = SpokenMessage(
            self.world.new_id(), self.world.new_id(), "fan", attempt.text, self.world.clock.now(), attempt.fan_status
        )
        admit = self.world.postgres.admit
        return await self.wire.postgres("store.admit", lambda: admit(attempt, self.process.name, message, self.now()))

    async def snapshot(self, _artist: UUID, fan: UUID, turn: UUID) -> Snapshot | None:
        return await self.wire.postgres("store.snapshot", lambda: self.world.postgres.snapshot(fan, turn, self.now()))

    async def running(self, _artist: UUID, fan: UUID) -> Snapshot | None:
        return await self.wire.postgres("store.running", lambda: self.world.postgres.running(fan, self.now()))

    async def take_over(self, snapshot: Snapshot) -> TurnRequest | None:
        take_over = self.world.postgres.take_over
        return await self.wire.postgres("store.take_over", lambda: take_over(snapshot, self.process.name, self.now()))

    async def renew(self, request: TurnRequest) -> bool:
        return await self.wire.postgres("store.renew", lambda: self.world.postgres.renew(request, self.now()))

    async def hand_over(self, request: TurnRequest) -> None:
        await self.wire.postgres("store.hand_over", lambda: self.world.postgres.hand_over(request, self.now()))

    async def said(self, _artist: UUID, _fan: UUID, turn: UUID) -> Mapping[str, SpokenMessage]:
        return await self.wire.postgres("store.said", lambda: self.world.postgres.said(turn))

    async def settle(self, settlement: Settlement) -> bool:
        return await self.wire.postgres("store.settle", lambda: self.world.postgres.settle(settlement, self.now()))

    async def lapsed(self) -> list[Snapshot]:
        return await self.wire.postgres("store.lapsed", lambda: self.world.postgres.lapsed(self.now()))


class Log(Port):
    async def append(self, turn: UUID, epoch: int, event: TurnEvent) -> None:
        append = self.world.redis.append
        await self.wire.redis(
            f"log.append {event.type}", lambda: append(turn, epoch, event, self.process.name, self.now())
        )

    async def fence(self, turn: UUID, epoch: int) -> None:
        await self.wire.redis("log.fence", lambda: self.world.redis.fence(turn, epoch))

    async def read(self, turn: UUID, after: int) -> Sequence[TurnEvent]:
        return await self.wire.redis("log.read", lambda: self.world.redis.read(turn, after))

    async def wait(self, turn: UUID, after: int, seconds: float) -> Sequence[TurnEvent]:
        if self.process.redis_reachable():
            await self.world.redis.arrival(turn, after, seconds)
        return await self.wire.redis("log.wait", lambda: self.world.redis.read(turn, after))


class Context(Port):
    async def read(self, _artist: UUID, _fan: UUID, _text: str | None) -> PersonaContext:
        return await self.wire.postgres("context.read", lambda: PERSONA)


class LongTermMemory(Port):
    def expect(self, _artist: UUID, _fan: UUID, text: str) -> None:
        self.world.expected.append(text)

    async def read(self, _request: TurnRequest, _now: datetime) -> Recalled:
        return await self.wire.postgres("memory.read", lambda: self.world.recalled)


class Window(Port):
    """memory/window.py: a list that does not end with the newest remark is not trusted."""

    async def read(self, _artist: UUID, _fan: UUID, newest: UUID | None) -> Sequence[Remark]:
        if newest is None:
            return ()
        try:
            held = await self.wire.redis("window.read", lambda: list(self.world.redis.window))
        except LogAway:
            return await self._load(newest)
        if held and held[-1].id == newest:
            return held
        held = list(await self._load(newest))
        await self._write("window.rebuild", held)
        return held

    async def add(self, _artist: UUID, _fan: UUID, remarks: Sequence[Remark], *, after: UUID | None) -> None:
        try:
            last = await self.wire.redis("window.last", lambda: self.world.redis.window[-1:])
        except LogAway:
            return
        if last and last[0].id == after:
            await self._write("window.add", remarks, add=True)

    async def _load(self, newest: UUID) -> Sequence[Remark]:
        return await self.wire.postgres("window.load", lambda: self.world.postgres.remarks(newest, WINDOW))

    async def _write(self, what: str, remarks: Sequence[Remark], *, add: bool = False) -> None:
        def write() -> None:
            window = self.world.redis.window
            window[:] = [*(window if add else ()), *remarks][-WINDOW:]

        try:
            await self.wire.redis(what, write)
        except LogAway:
            self.world.happened["window.write lost"] += 1


class NoLimits(Port):
    async def message_allowed(self, _artist: UUID, _fan: UUID) -> int | None:
        return await self.wire.redis("limiter.message_allowed", lambda: None)


class Peers(Port):
    async def cancel(self, owner: str, turn: UUID) -> None:
        try:
            await self.wire.redis("peers.cancel", lambda: self._interrupt(owner, turn))
        except LogAway:
            self.world.happened["cancel lost"] += 1

    async def said(self, _artist: UUID, _fan: UUID, message: SpokenMessage, _origin: str) -> None:
        await self.wire.strike(f"peers.said {message.role}")

    def _interrupt(self, owner: str, turn: UUID) -> None:
        for process in self.world.processes:
            control = process.registry.get(turn)
            if process.name == owner and process.alive and control is not None:
                control.interrupt(Interruption.CANCELLED)


class Metrics:
    def stage(self, name: str, seconds: float) -> None:
        """Nobody reads them here."""

    def first_token(self, seconds: float) -> None:
        """Nobody reads them here."""

    def log_lost(self) -> None:
        """Nothing is kept of it: the ending stands in the turn's row."""

    def ended(self, transport: str, outcome: str) -> None:
        """Nobody reads them here."""


def quotas(used: int) -> tuple[Mapping[str, Any], ...]:
    return ({"name": "messages", "used": used, "limit": None},)


async def denies(_sentence: str) -> bool:
    """No reply of the simulation says what it is."""
    return False
