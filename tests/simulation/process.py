"""One web process: the real registry and service over the ports, its background work, and its edge to the clients."""

import asyncio
from collections.abc import Coroutine, Generator
from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from companion.kernel.errors import CompanionError, Unavailable
from companion.kernel.lifecycle import Lifecycle
from conversations.turn.contracts import TurnEvent
from conversations.turn.errors import StoreAway
from conversations.turn.ports import TurnPorts
from conversations.turn.registry import TurnRegistry
from conversations.turn.service import TurnService
from moderation.contracts import Action
from tests.simulation import ports
from tests.simulation.moderation import FirstWordModerator
from tests.simulation.switches import POLL_S, PolledSwitches
from tests.simulation.upstream import build_chain
from tests.simulation.wire import Wire

if TYPE_CHECKING:
    from tests.simulation.device import Line
    from tests.simulation.world import World

T = TypeVar("T")
SWEEP_S = 3.0
DRAIN_S = 2.0
# As the consumer's: how long a dismissed socket may still carry its turn's ending.
LAST_WORDS_S = 0.5
AGAIN_S = 0.5

CURRENT: ContextVar["Process | None"] = ContextVar("process", default=None)


def belonging_task(
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T] | Generator[Any, None, T]
) -> "asyncio.Task[T]":
    """The loop's task factory: a task belongs to the process that made it, and dies with it."""
    task = asyncio.Task(work, loop=loop)
    process = CURRENT.get()
    if process is not None:
        process.tasks.append(task)
    return task


class Process:
    def __init__(self, world: "World", name: str) -> None:
        self.world = world
        self.name = name
        self.alive = True
        self.tasks: list[asyncio.Task[Any]] = []
        self.lines: list[Line] = []
        self.lifecycle = Lifecycle()
        self.wire = Wire(world, self)
        self.switches = PolledSwitches(world.panel, self, world.rng.uniform(0, POLL_S))
        self.ports = self._build_ports()
        self.registry = TurnRegistry(self.ports)
        self.service = TurnService(self.ports, self.registry, self.lifecycle)
        self._store = ports.Store(world, self)
        self._stalled_until = 0.0
        self._parted_until = self._redis_parted_until = 0.0
        self.run(self.registry.renew_for_ever())
        self.run(self._finish_lapsed_turns())

    def _build_ports(self) -> TurnPorts:
        world = self.world
        return TurnPorts(
            store=ports.Store(world, self),
            log=ports.Log(world, self),
            switches=self.switches,
            moderator=FirstWordModerator(self.wire, world.rng.choice((Action.BLOCK, Action.HOLD))),
            context=ports.Context(world, self),
            memory=ports.LongTermMemory(world, self),
            window=ports.Window(world, self),
            llm=build_chain(world, self),
            clock=world.clock,
            limiter=ports.NoLimits(world, self),
            peers=ports.Peers(world, self),
            observer=ports.Metrics(),
            quotas=ports.quotas,
            denies=ports.denies,
            new_id=world.new_id,
            sleep=self._sleep,
            turn_timeout_s=world.turn_timeout_s,
        )

    def run(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Runs `work` as this process's own."""
        context = copy_context()
        context.run(CURRENT.set, self)
        return context.run(asyncio.get_running_loop().create_task, work)

    # -- what befalls it -------------------------------------------------------------------------------------------

    def die(self) -> None:
        """Nothing that it does from now on has an effect; its clients lose their connections."""
        if self.alive:
            self.alive = False
            for task in self.tasks:
                task.cancel()

    def stall(self, seconds: float) -> None:
        self._stalled_until = self.world.clock.monotonic() + seconds
        self.switches.blind(seconds)

    def part(self, seconds: float) -> None:
        self._parted_until = self.world.clock.monotonic() + seconds
        self.switches.blind(seconds)

    def part_from_redis(self, seconds: float) -> None:
        self._redis_parted_until = self.world.clock.monotonic() + seconds

    def drain(self) -> None:
        """SIGTERM: it takes nothing new, waits a while for its turns, and ends."""
        if not self.lifecycle.draining:
            self.lifecycle.begin_drain()
            self.run(self._drain())

    async def _drain(self) -> None:
        await self.registry.drain(DRAIN_S)
        self.world.replace_soon(self)

    async def going(self) -> None:
        """Returns when the process runs; what asks for it in a dead one ends here."""
        left_s = self._stalled_until - self.world.clock.monotonic()
        if self.alive and left_s > 0:
            await asyncio.sleep(left_s)
            await self.going()  # it may have been stopped again
        if not self.alive:
            raise asyncio.CancelledError

    def postgres_reachable(self) -> bool:
        return self.world.clock.monotonic() >= self._parted_until and self.world.postgres_reachable()

    def redis_reachable(self) -> bool:
        return self.world.clock.monotonic() >= self._redis_parted_until and self.world.redis_reachable()

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.wire.strike("sleep")

    # -- its background work (conversations/runtime.py) ------------------------------------------------------------

    def notice_switches(self, changed_at: float) -> None:
        """After the next good poll: running turns stop, and sockets of what is paused close."""
        if not self.alive:
            return
        if self.switches.read_at() < changed_at:
            asyncio.get_running_loop().call_later(POLL_S, self.notice_switches, changed_at)
            return
        self.registry.apply_switches()
        if self.switches.text_paused(self.world.artist):
            for line in self.lines:
                asyncio.get_running_loop().call_later(LAST_WORDS_S, line.cut)

    async def _finish_lapsed_turns(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            if self.lifecycle.draining:
                return
            try:
                for snapshot in await self._store.lapsed():
                    await self.service.finish_lapsed(snapshot)
            except (StoreAway, CompanionError):
                self.world.happened["sweep failed"] += 1

    # -- its edge (conversations/transports/consumer.py) -----------------------------------------------------------

    async def carry(self, line: "Line", after: int) -> None:
        """Writes a turn's events to a socket. Once a word was withheld, only the ending may follow: it has the text."""
        withheld = False
        while True:
            try:
                async for event in self.service.follow(self.world.artist, self.world.fan, line.turn, after):
                    await asyncio.sleep(line.lag_s)
                    await self.going()
                    withheld = withheld or not await self._may_write(event)
                    if not withheld or event.is_ending:
                        line.write(event)
                    after = event.seq
            except Unavailable:
                await asyncio.sleep(AGAIN_S)
            else:
                return

    async def _may_write(self, event: TurnEvent) -> bool:
        if not event.carries_words:
            return True
        while not self.switches.fresh():
            if not await self.switches.wait_until_fresh():
                return False
        return not self.switches.text_paused(self.world.artist)
