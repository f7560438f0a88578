"""Runs a test's coroutine in virtual time: nothing waits, however long it sleeps."""

from collections.abc import Callable, Coroutine
from typing import Any

from structlog.testing import capture_logs

from tests.simulation.checks import violations
from tests.simulation.faults import Mix
from tests.simulation.postgres import Postgres
from tests.simulation.redis import Redis
from tests.simulation.run import perform
from tests.simulation.upstream import Script
from tests.simulation.virtual import VirtualLoop
from tests.simulation.world import World

SLOWLY = Script("fine", ("one ", "two ", "three "), first_s=0.5, gap_s=1.0)


def virtually(work: Coroutine[Any, Any, None]) -> None:
    loop = VirtualLoop()
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


def on_stage(script: Callable[[World], Coroutine[Any, Any, None]]) -> World:
    """Plays `script` in a world where nothing happens by chance and the model speaks SLOWLY, unless the script differs.

    Afterwards everything that a simulation checks has to hold as well.
    """
    with capture_logs():
        world = perform(_calm, script)
    assert violations(world) == []
    return world


def _calm(loop: VirtualLoop) -> World:
    world = World(1, loop, Mix(most=0), Postgres(), Redis())
    world.turn_timeout_s = 60.0
    world.scripts += [SLOWLY] * 5
    return world
