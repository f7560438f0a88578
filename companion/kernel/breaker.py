"""The circuit breaker before each upstream: fail in milliseconds while it is down, and try it with one call at a time.

Ours, because the public ones admit every caller as a probe when half-open and count a cancelled call as a failure.

    closed     failures are counted; `failures` of them with no completed call between open the breaker
    open       nothing is admitted until the cool-down is over
    half-open  exactly one call in this process is admitted; its first sign of life closes, its failure opens again

A call that ends without an outcome (cancelled, timed out by its caller for another reason) is neutral: it frees the
probe's slot and changes nothing. What calls admitted before the last change of state report is not counted.
"""

import threading
import weakref
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import TypeVar

from prometheus_client import Gauge

from companion.kernel.clock import Clock, SystemClock

T = TypeVar("T")
# An upstream that asks for more is tried again after this all the same.
LONGEST_COOLDOWN_S = 60.0

STATE = Gauge(
    "lay_circuit_breaker_state",
    "0 closed, 1 half-open, 2 open; the worst of all live processes.",
    ["upstream"],
    multiprocess_mode="livemax",
)


class State(IntEnum):
    """The values are those of the gauge."""

    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


class CircuitOpen(Exception):
    """Nothing was sent. `retry_after_s` is 0 when only the probe's slot is taken."""

    def __init__(self, upstream: str, retry_after_s: float) -> None:
        super().__init__(f"{upstream}: circuit open")
        self.upstream = upstream
        self.retry_after_s = retry_after_s


class Passage:
    """One admitted call. Exactly one of `succeed` and `fail` is heard; `release` in `finally` is always right."""

    __slots__ = ("_breaker", "done", "generation")

    def __init__(self, breaker: "Breaker", generation: int) -> None:
        self._breaker = breaker
        self.generation = generation
        self.done = False

    def alive(self) -> None:
        """The first token of a stream: the upstream answers. A probe closes the breaker here."""
        self._breaker.on_alive(self)

    def succeed(self) -> None:
        self._breaker.on_success(self)

    def fail(self, retry_after_s: float | None = None) -> None:
        """`retry_after_s` (of a 429) lengthens the cool-down if this failure opens the breaker."""
        self._breaker.on_failure(self, retry_after_s or 0.0)

    def release(self) -> None:
        """No outcome: frees the probe's slot if this call holds it."""
        self._breaker.on_release(self)


# Every breaker of this process that is in use.
_alive: "weakref.WeakSet[Breaker]" = weakref.WeakSet()


def states() -> dict[str, State]:
    """Each upstream's state in this process, by name; the worst where several breakers share one."""
    worst: dict[str, State] = {}
    for breaker in list(_alive):
        worst[breaker.upstream] = max(worst.get(breaker.upstream, State.CLOSED), breaker.state)
    return worst


class Breaker:
    """One per upstream and process; safe to share between threads and event loops."""

    def __init__(
        self, upstream: str, clock: Clock | None = None, *, failures: int = 5, cooldown_s: float = 15.0
    ) -> None:
        self.upstream = upstream
        self.state = State.CLOSED
        self._clock = clock or SystemClock()
        self._threshold = failures
        self._cooldown_s = cooldown_s
        self._failed = 0
        self._generation = 0
        self._retry_at = 0.0
        self._probe: Passage | None = None
        self._lock = threading.Lock()
        self._gauge = STATE.labels(upstream)
        self._gauge.set(State.CLOSED)
        _alive.add(self)

    def admit(self) -> Passage:
        """Raises CircuitOpen at once unless the call may go out."""
        with self._lock:
            if self.state is State.CLOSED:
                return Passage(self, self._generation)
            wait_s = self._retry_at - self._clock.monotonic()
            if wait_s > 0 or self._probe is not None:
                raise CircuitOpen(self.upstream, max(wait_s, 0.0))
            if self.state is State.OPEN:
                self._enter(State.HALF_OPEN)
            self._probe = Passage(self, self._generation)
            return self._probe

    async def call(self, work: Callable[[], Awaitable[T]], *, blames: Callable[[Exception], bool] | None = None) -> T:
        """Awaits `work()` if admitted. `blames(error)`: does it speak against the upstream? By default yes."""
        passage = self.admit()
        try:
            result = await work()
        except Exception as error:
            if blames is None or blames(error):
                passage.fail()
            raise
        else:
            passage.succeed()
            return result
        finally:
            passage.release()

    def on_alive(self, passage: Passage) -> None:
        with self._lock:
            if passage is self._probe:
                self._enter(State.CLOSED)
                passage.generation = self._generation

    def on_success(self, passage: Passage) -> None:
        with self._lock:
            if not self._counts(passage):
                return
            if passage is self._probe:
                self._enter(State.CLOSED)
            self._failed = 0

    def on_failure(self, passage: Passage, retry_after_s: float) -> None:
        with self._lock:
            if not self._counts(passage):
                return
            self._failed += 1
            if passage is self._probe or self._failed >= self._threshold:
                cooldown_s = max(self._cooldown_s, min(retry_after_s, LONGEST_COOLDOWN_S))
                self._retry_at = self._clock.monotonic() + cooldown_s
                self._enter(State.OPEN)

    def on_release(self, passage: Passage) -> None:
        with self._lock:
            passage.done = True
            if passage is self._probe:
                self._probe = None

    def _counts(self, passage: Passage) -> bool:
        heard, passage.done = passage.done, True
        return not heard and passage.generation == self._generation

    def _enter(self, state: State) -> None:
        self.state = state
        self._failed = 0
        self._generation += 1
        self._probe = None
        self._gauge.set(state)
