"""Virtual time: an event loop that never waits. Where it would, its clock jumps to the next timer instead."""

import asyncio
import selectors
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

# The handles that may run at one and the same moment before something is taken to be spinning.
HANDLES_A_MOMENT = 30_000
BEGAN = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Stuck(AssertionError):
    """Nothing can happen any more, or something happens for ever without time passing."""


class JumpingSelector(selectors.BaseSelector):
    """Asks no operating system: nothing in a simulation comes from outside."""

    def __init__(self) -> None:
        self.now = 0.0
        self._rounds = 0
        self._keys: dict[Any, selectors.SelectorKey] = {}

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck("every task waits, and no timer is set")
        if timeout > 0:
            self.now += timeout
            self._rounds = 0
        self._rounds += 1
        if self._rounds > HANDLES_A_MOMENT:
            raise Stuck(f"something spins at {self.now:.3f} s")
        return []

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """The loop registers its own wake-up pipe, which nobody writes to."""
        key = self._keys[fileobj] = selectors.SelectorKey(
            fileobj, fileobj if isinstance(fileobj, int) else fileobj.fileno(), events, data
        )
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys.pop(fileobj)

    def get_key(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys[fileobj]

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._keys


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._selector_of_ours = JumpingSelector()
        super().__init__(self._selector_of_ours)

    def time(self) -> float:
        return self._selector_of_ours.now


class VirtualClock:
    """The engine's clock over the loop's time."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return self._loop.time()
