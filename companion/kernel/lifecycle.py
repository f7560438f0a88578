"""The life of a process: what begins with it, and what has to end before it does.

A process drains once: `begin_drain` makes it refuse what is new (readiness fails, new messages and tickets answer
`unavailable`), `drained` lets what runs come to its end. The runtime of turns and sockets registers here; the server
(companion/serve.py) and the ASGI lifespan call.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

Start = Callable[[], Awaitable[None]]
Drain = Callable[[float], Awaitable[None]]
log = structlog.get_logger(__name__)


class Lifecycle:
    """One a process (`lifecycle` below); tests make their own."""

    def __init__(self) -> None:
        self.draining = False
        self._starting: list[Start] = []
        self._draining: list[Drain] = []
        self._stopping: list[Start] = []
        self._started = False

    def on_start(self, hook: Start) -> None:
        """`await hook()` before the process serves its first request, in the order of registration."""
        self._starting.append(hook)

    def on_drain(self, hook: Drain) -> None:
        """`await hook(seconds)` when the process drains, all at once; each ends by itself within about that time."""
        self._draining.append(hook)

    def on_stop(self, hook: Start) -> None:
        """`await hook()` after the drain, the last registered first: pools and clients close."""
        self._stopping.append(hook)

    async def start(self) -> None:
        """Runs the hooks once, however often it is called. What they raise stops the process."""
        if self._started:
            return
        self._started = True
        for hook in self._starting:
            await hook()

    def begin_drain(self) -> None:
        """From now on the process takes nothing new. Safe in a signal handler and when called again."""
        self.draining = True

    async def drained(self, timeout_s: float) -> bool:
        """Waits until everything that registered has ended; False when it took longer than twice the time."""
        self.begin_drain()
        ends = [asyncio.ensure_future(hook(timeout_s)) for hook in self._draining]
        if not ends:
            return True
        done, late = await asyncio.wait(ends, timeout=timeout_s * 2 + 1)
        for task in late:
            task.cancel()
        for task in done:
            if error := task.exception():
                log.error("lifecycle.drain_failed", error=type(error).__name__, exc_info=error)
        return not late

    async def stop(self) -> None:
        """Runs the stop hooks; one that fails does not keep the others from closing."""
        for hook in reversed(self._stopping):
            try:
                await hook()
            except Exception as error:
                log.exception("lifecycle.stop_failed", error=type(error).__name__)


lifecycle = Lifecycle()
