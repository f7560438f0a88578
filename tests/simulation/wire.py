"""The way between a process and a server: it takes time, and things happen on it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from conversations.turn.errors import LogAway, StoreAway
from tests.simulation.faults import Fault

if TYPE_CHECKING:
    from tests.simulation.process import Process
    from tests.simulation.world import World

T = TypeVar("T")


class Wire:
    """One a process. Each call has two awaits at which a fault may strike: before the server acts, and after."""

    def __init__(self, world: "World", process: "Process") -> None:
        self._world = world
        self._process = process

    async def redis(self, what: str, act: Callable[[], T]) -> T:
        """Raises LogAway when there is no answer, whether or not it was done."""
        return await self._trip(what, act, self._process.redis_reachable, LogAway)

    async def postgres(self, what: str, act: Callable[[], T]) -> T:
        """Raises StoreAway when there is no answer, whether or not it was done."""
        return await self._trip(what, act, self._process.postgres_reachable, StoreAway)

    async def strike(self, what: str) -> Fault | None:
        """An await at which a fault may strike. Nothing that a dead process still wants to do gets past it."""
        struck = self._world.strike(self._process, what)
        if struck is Fault.SLOW:
            await asyncio.sleep(self._world.rng.uniform(0.2, 3))
        await self._process.going()
        return struck

    async def _trip(
        self, what: str, act: Callable[[], T], reachable: Callable[[], bool], away: type[LogAway | StoreAway]
    ) -> T:
        self._world.count_call(self._process)
        await self._process.going()
        await asyncio.sleep(self._world.trip_s())
        await self.strike(what)
        if not reachable():
            raise away
        answer = act()
        await asyncio.sleep(self._world.trip_s())
        struck = await self.strike(f"{what}, done")
        if struck is Fault.LOST_ANSWER or not reachable():
            raise away
        return answer
