"""The change feed: how every process learns within a fraction of a second that something cached has changed.

Writers insert a (topic, key) row in the transaction of the change, most of them by a database trigger, so that no path
forgets it. Readers poll: LISTEN does not survive PgBouncer's transaction mode, and Redis may be away. A poll reads all
rows whose transaction was still open at the poll before, so a slow transaction's row is never skipped; a row may be
read twice, and subscribers are idempotent.

A good poll is also the proof that what this process knows is fresh: the kill switches rest on it (tenancy/switches.py).
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from companion.kernel.postgres import Pool

POLL_S = 0.15

POLL = """
select coalesce((select jsonb_agg(distinct jsonb_build_array(topic, key)) from kernel_change
                 where xid >= %s::text::xid8), '[]'::jsonb),
       pg_snapshot_xmin(pg_current_snapshot())::text
"""

# The highest xid8: a first read takes no rows, since every subscriber then reads all that it caches.
NOTHING_YET = str(2**64 - 1)

Subscriber = Callable[[set[str]], Awaitable[None]]
Recovery = Callable[[], Awaitable[None]]
log = structlog.get_logger(__name__)


class ChangeFeed:
    """One poller a process. `subscribe` before `run`; each subscriber is called once at the start with no keys."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._subscribers: dict[str, list[Subscriber]] = {}
        self._recoveries: list[Recovery] = []
        self._since: str | None = None
        self.read_at = float("-inf")
        self._read = asyncio.Condition()

    def subscribe(self, topic: str, subscriber: Subscriber) -> None:
        """`subscriber(keys)` is awaited after each change of the topic; at the start with an empty set."""
        self._subscribers.setdefault(topic, []).append(subscriber)

    def on_recovery(self, recovery: Recovery) -> None:
        """`recovery()` is awaited after the first good poll that follows a failed one: the database was away."""
        self._recoveries.append(recovery)

    async def start(self) -> None:
        """The first read, so that a process serves nothing before it knows the switches. Raises psycopg errors."""
        self._since = await self._poll(NOTHING_YET, first=True)

    async def run(self) -> None:
        """Polls for ever. A database that is away makes `read_at` old; nothing else."""
        away = False
        while True:
            await asyncio.sleep(POLL_S)
            try:
                async with asyncio.timeout(2):
                    await self.poll_now()
                    for recovery in self._recoveries if away else ():
                        await recovery()
                away = False
            except (TimeoutError, psycopg.Error, PoolTimeout) as error:
                away = True
                log.warning("changes.poll_failed", error=type(error).__name__)

    async def poll_now(self) -> None:
        """A read out of turn."""
        self._since = await self._poll(self._since or NOTHING_YET, first=self._since is None)

    async def wait_for_read(self, after: float, timeout_s: float) -> bool:
        """Waits until a read that started after `after` (monotonic seconds) has succeeded."""
        try:
            async with asyncio.timeout(timeout_s), self._read:
                await self._read.wait_for(lambda: self.read_at > after)
        except TimeoutError:
            return False
        return True

    async def _poll(self, since: str, *, first: bool) -> str:
        started = monotonic()
        async with self._pool.connection() as connection:
            row = await (await connection.execute(POLL, [since])).fetchone()
        if row is None:
            raise psycopg.DataError("the change feed answered nothing")
        changed: dict[str, set[str]] = {topic: set() for topic in self._subscribers} if first else {}
        for topic, key in row[0]:
            changed.setdefault(topic, set()).add(key)
        for topic, keys in changed.items():
            for subscriber in self._subscribers.get(topic, ()):
                await subscriber(set() if first else keys)
        async with self._read:
            self.read_at = started
            self._read.notify_all()
        return str(row[1])
