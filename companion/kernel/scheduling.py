"""Work that recurs, done by one process at a time: whoever holds the lease row (leases.py).

Losing the lease stops the work before another process can begin it, because the holder stops counting on it a margin
before it lapses. What runs is safe even so: the audit chain is appended under its head's row lock and the relay takes
rows with SKIP LOCKED. SIGTERM ends the process and gives the lease up at once.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog
from django.db import connections

from companion.kernel import leases
from companion.kernel.metrics import WORK_RUNS

log = structlog.get_logger(__name__)
LEASE = "scheduler"
LEASE_S = 6.0
RENEW_S = 1.5
MARGIN_S = 1.0
AFTER_ERROR_S = 1.0


@dataclass(frozen=True, slots=True)
class Work:
    """`run` is called every `every_s` seconds, counted from the end of the run before."""

    name: str
    every_s: float
    run: Callable[[], Any]


class Scheduler:
    """`run` works until `stop` is set. All work shares one thread, and so one database connection."""

    def __init__(self, works: Sequence[Work], stop: asyncio.Event) -> None:
        self._works = works
        for work in works:  # there from the start, so that a first failure shows
            for outcome in ("ok", "failed"):
                WORK_RUNS.labels(work.name, outcome)
        self._stop = stop
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scheduler")
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        self._ours_until = float("-inf")

    @property
    def leads(self) -> bool:
        return monotonic() < self._ours_until

    async def run(self) -> None:
        await asyncio.gather(self._keep_lease(), *(self._repeat(work) for work in self._works))
        await self._in_thread(self._let_go)
        self._thread.shutdown()

    async def _keep_lease(self) -> None:
        while not self._stop.is_set():
            asked = monotonic()
            try:
                fence = await self._in_thread(lambda: leases.take(LEASE, self._holder, LEASE_S))
            except Exception as error:
                await self._failed("lease", error)
                continue
            if fence is not None and not self.leads:
                log.info("scheduler.leads", fence=fence)
            self._ours_until = asked + LEASE_S - MARGIN_S if fence is not None else float("-inf")
            await self._pause(RENEW_S)

    async def _repeat(self, work: Work) -> None:
        while not self._stop.is_set():
            if self.leads:
                try:
                    await self._in_thread(work.run)
                    WORK_RUNS.labels(work.name, "ok").inc()
                except Exception as error:
                    WORK_RUNS.labels(work.name, "failed").inc()
                    await self._failed(work.name, error)
            await self._pause(work.every_s)

    def _in_thread(self, run: Callable[[], Any]) -> Awaitable[Any]:
        return asyncio.get_running_loop().run_in_executor(self._thread, run)

    async def _failed(self, name: str, error: Exception) -> None:
        """A dependency that was away leaves a dead connection behind: it is closed, and opened anew at the next try."""
        log.error("scheduler.work_failed", work=name, error=type(error).__name__, exc_info=error)
        await self._in_thread(connections.close_all)
        await self._pause(AFTER_ERROR_S)

    def _let_go(self) -> None:
        if self.leads:
            leases.give_up(LEASE, self._holder)
        connections.close_all()

    async def _pause(self, seconds: float) -> None:
        """Waits, but not past the order to stop."""
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return
