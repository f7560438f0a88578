"""A fan's device: sends, follows, loses its connection, comes back to another process with the last seq it has."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from companion.kernel.errors import CompanionError, IdempotencyMismatch, NotFound, ValidationFailed
from conversations.turn.contracts import TurnEvent
from conversations.turn.service import Incoming, Sender
from tests.simulation.postgres import PROFILE

if TYPE_CHECKING:
    from tests.simulation.process import Process
    from tests.simulation.world import World

T = TypeVar("T")
# A device gives up after so many tries; the checks then see that it never saw an ending.
TRIES = 150


@dataclass(frozen=True, slots=True)
class Received:
    at: float
    event: TurnEvent


class Line:
    """One connection that carries one turn."""

    def __init__(self, device: "Device", process: "Process", turn: UUID) -> None:
        self.turn = turn
        self.lag_s = device.lag_s
        self._device = device
        self._process = process
        self._task: asyncio.Task[None] | None = None
        process.lines.append(self)

    def write(self, event: TurnEvent) -> None:
        if self._process.alive and self._task is not None and not self._task.cancelling():
            self._device.receive(self.turn, event)

    def cut(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def carried(self, after: int, patience_s: float) -> None:
        """Until it ends, breaks, or nothing has come for so long."""
        self._task = self._process.run(self._process.carry(self, after))
        count = -1
        while not self._task.done() and count != self._device.count(self.turn):
            count = self._device.count(self.turn)
            await asyncio.wait([self._task], timeout=patience_s)
        if not self._task.done():
            self._device.world.happened["gave up waiting"] += 1
        self.cut()
        self._process.lines.remove(self)


class Device:
    def __init__(self, world: "World", name: str) -> None:
        self.world = world
        self.name = name
        self.lag_s = world.rng.choice((0.0, 0.0, 0.03, 0.3))
        self.received: dict[UUID, list[Received]] = {}
        self._patience_s = world.rng.choice((1.5, 4.0, 12.0))
        self._line: Line | None = None

    async def say(self, client_message_id: str, text: str) -> None:
        """Sends until there is a turn, and follows that to its end."""
        for _ in range(TRIES):
            process = self.world.pick()
            turn = await self._send(process, client_message_id, text)
            if turn is not None:
                self.world.note_turn(client_message_id, turn)
                await self.watch(turn, process)
                return
            await asyncio.sleep(self.world.rng.uniform(0.05, 1))
        self.world.violations.append(f"{self.name}: {client_message_id} was never admitted")

    async def watch(self, turn: UUID, process: "Process | None" = None) -> None:
        """Follows a turn until its ending is here, over as many connections as it takes."""
        self.received.setdefault(turn, [])
        for _ in range(TRIES):
            if self._has_ended(turn):
                return
            fresh = process is not None and not self.received[turn]
            await self._connect(process or self.world.pick(), turn, resumes=not fresh)
            process = None
            await asyncio.sleep(self.world.rng.uniform(0, 0.4))
        self.world.violations.append(f"{self.name}: the turn {turn} never ended for it")

    async def cancel(self) -> None:
        turn = self.world.newest_turn()
        if turn is not None:
            process = self.world.pick()
            await self._ask(process, process.service.cancel(self.world.artist, self.world.fan, turn))

    async def say_otherwise(self, client_message_id: str) -> None:
        """Another text under a known id is refused and changes nothing."""
        process = self.world.pick()
        outcome = await self._ask(process, self._sending(process, client_message_id, "quite another text"))
        if isinstance(outcome, UUID):
            self.world.violations.append(f"{client_message_id} was taken with another text")

    def drop(self) -> None:
        if self._line is not None:
            self._line.cut()

    def receive(self, turn: UUID, event: TurnEvent) -> None:
        self.received[turn].append(Received(self.world.clock.monotonic(), event))

    def count(self, turn: UUID) -> int:
        return len(self.received[turn])

    # -- asking ----------------------------------------------------------------------------------------------------

    async def _send(self, process: "Process", client_message_id: str, text: str) -> UUID | None:
        outcome = await self._ask(process, self._sending(process, client_message_id, text))
        if isinstance(outcome, UUID):
            return outcome
        if isinstance(outcome, IdempotencyMismatch | NotFound | ValidationFailed):
            self.world.violations.append(f"{self.name}: {client_message_id} was refused as {outcome.code}")
        return None

    def _sending(self, process: "Process", client_message_id: str, text: str) -> Any:
        sender = Sender(self.world.artist, self.world.fan, PROFILE)
        return process.service.send(sender, Incoming(client_message_id, text, "websocket", self.name))

    async def _connect(self, process: "Process", turn: UUID, *, resumes: bool) -> None:
        received = self.received[turn]
        after = received[-1].event.seq if received else 0
        if resumes:
            outcome = await self._ask(process, self._resuming(process, turn, after))
            if isinstance(outcome, NotFound | ValidationFailed):
                self.world.violations.append(f"{self.name}: no resume after {after}, {outcome.code}")
            if outcome is not None:
                await asyncio.sleep(self.world.rng.uniform(0.1, 1))
                return
        self._line = Line(self, process, turn)
        await self._line.carried(after, self._patience_s)

    async def _resuming(self, process: "Process", turn: UUID, after: int) -> None:
        process.service.refuse_if_paused(self.world.artist)
        await process.service.check_resume(self.world.artist, self.world.fan, turn, after)

    async def _ask(self, process: "Process", asking: Any) -> Any:
        """The answer, the refusal, or NoAnswer."""
        task = process.run(asking)
        await asyncio.wait([task], timeout=self.world.rng.choice((2.0, 12.0)))
        if not task.done():
            task.cancel()
            return NoAnswer()
        if task.cancelled():
            return NoAnswer()
        error = task.exception()
        if error is None:
            return task.result()
        if isinstance(error, CompanionError):
            self.world.happened[f"refused {error.code}"] += 1
            return error
        raise error

    def _has_ended(self, turn: UUID) -> bool:
        received = self.received[turn]
        return bool(received) and received[-1].event.is_ending


class NoAnswer:
    """The process died, or the device did not wait any longer."""
