"""One seed, from beginning to end."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulation.checks import device_report, violations
from tests.simulation.faults import Mix
from tests.simulation.postgres import Postgres
from tests.simulation.process import belonging_task
from tests.simulation.redis import Redis
from tests.simulation.virtual import Stuck, VirtualLoop
from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Run:
    seed: int
    world: World
    violations: tuple[str, ...]

    def report(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        name = f"{self.seed} {self.world.mix.name}".strip()
        yield f'seed {name}: {len(self.violations)} violations; `make simulate SEED="{name}"` runs it again'
        yield from (f"  VIOLATION {violation}" for violation in self.violations)
        yield from self.world.history
        for row in self.world.postgres.turns.values():
            yield f"turn {row.turn.int}: {row.status}, epoch {row.epoch}, ended at {row.ended_at:.3f} s: {row.ending}"
        for device in self.world.devices:
            yield from device_report(device)


def simulate(seed: int, mix: Mix | None = None, postgres: Postgres | None = None, redis: Redis | None = None) -> Run:
    """Everything that happens follows from the seed (and from `mix` and the servers, where a test gives its own)."""
    world = perform(
        lambda loop: World(seed, loop, mix or Mix(), postgres or Postgres(), redis or Redis()),
        lambda world: world.play(),
    )
    return Run(seed, world, tuple(violations(world)))


def perform(make: Callable[[VirtualLoop], World], script: Callable[[World], Coroutine[Any, Any, None]]) -> World:
    """Makes a world and plays `script` in it, in virtual time."""
    loop = VirtualLoop()
    loop.set_task_factory(belonging_task)
    try:
        world = make(loop)
        try:
            loop.run_until_complete(script(world))
        except Stuck as stuck:
            world.violations.append(str(stuck))
        finally:
            world.end()
            _let_go(loop)
        return world
    finally:
        loop.close()


def _let_go(loop: VirtualLoop) -> None:
    """Dead processes' tasks have been cancelled; they end before the loop does."""
    while tasks := asyncio.all_tasks(loop):
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.wait(tasks))
    loop.run_until_complete(loop.shutdown_asyncgens())
