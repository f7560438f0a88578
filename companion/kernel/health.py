"""Whether what this process needs answers: the rows of /readyz. Each dependency registers a probe here.

A probe returns when all is well and raises otherwise. Probes run at once and each has PROBE_S, so that one dependency
that hangs neither hides another nor delays the answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import psycopg
from redis.asyncio import Redis

from companion.kernel.changes import ChangeFeed
from companion.kernel.lifecycle import lifecycle

Probe = Callable[[], Awaitable[None]]
PROBE_S = 1.5
# A feed polls every 150 ms; after this long without a good poll the process knows its switches no longer.
FEED_STALE_S = 1.0


class Unwell(Exception):
    """A probe's own finding; its text is shown."""


@dataclass(frozen=True, slots=True)
class Finding:
    ok: bool
    ms: int
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok, "ms": self.ms} | ({"detail": self.detail} if self.detail else {})


class Health:
    """The probes of one process."""

    def __init__(self) -> None:
        self._probes: dict[str, Probe] = {}

    def register(self, name: str, probe: Probe) -> None:
        """A later probe of the same name replaces the earlier."""
        self._probes[name] = probe

    async def report(self) -> tuple[bool, dict[str, Any]]:
        """Whether requests should be sent here, and the body of /readyz."""
        findings = dict(zip(self._probes, await asyncio.gather(*map(_run, self._probes.values())), strict=True))
        well = all(finding.ok for finding in findings.values())
        ready = well and not lifecycle.draining
        status = "draining" if lifecycle.draining else "ready" if well else "unavailable"
        return ready, {"status": status, "dependencies": {name: f.as_json() for name, f in findings.items()}}


health = Health()


async def _run(probe: Probe) -> Finding:
    began = monotonic()
    detail = ""
    try:
        async with asyncio.timeout(PROBE_S):
            await probe()
    except TimeoutError:
        detail = f"no answer within {PROBE_S} s"
    except Unwell as finding:
        detail = str(finding)
    except Exception as error:
        # The type says enough; a driver's text may hold addresses and user names, and this page is open.
        detail = type(error).__name__
    return Finding(not detail, round((monotonic() - began) * 1000), detail)


def postgres_probe(url: str) -> Probe:
    """A connection of its own each time: a pool that is full, or keeps a dead connection, says nothing of Postgres."""

    async def probe() -> None:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute("select 1")

    return probe


def redis_probe(client: "Redis") -> Probe:
    """The client is the caller's, with deadlines of its own."""

    async def probe() -> None:
        await client.ping()

    return probe


def feed_probe(feed: ChangeFeed) -> Probe:
    """The change feed, on which kill switches and rules rest (changes.py)."""

    async def probe() -> None:
        age = monotonic() - feed.read_at
        if age > FEED_STALE_S:
            raise Unwell("no good read yet" if age == float("inf") else f"the last good read is {age:.1f} s old")

    return probe
