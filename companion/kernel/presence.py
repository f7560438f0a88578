"""What each web process tells the others about itself: which switches it obeys, and how its upstreams do.

Redis alone holds it, off the turn's path. A process that says nothing for SILENT_S is silent; one that stopped in
order takes itself off the list; one that was never heard again is forgotten after FORGOTTEN_S.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from companion.kernel.breaker import State

EVERY_S = 1.0
SILENT_S = 4.0
FORGOTTEN_S = 600
HISTORY_MINUTES = 60
NAMES = "presence:names"
ROW = "presence:of:{}"
MINUTE = "presence:breakers:{}"


@dataclass(frozen=True, slots=True)
class Told:
    """A process's last word. `switches` is the fingerprint of its snapshot, `applied_at` when it took that over."""

    process: str
    age_s: float
    switches: str
    applied_at: float
    breakers: Mapping[str, int]

    @property
    def silent(self) -> bool:
        return self.age_s > SILENT_S


async def tell(
    redis: "AsyncRedis", process: str, switches: str, applied_at: float, breakers: Mapping[str, State]
) -> None:
    """Publishes this process's state. Raises RedisError."""
    now = time()
    row = {"at": now, "switches": switches, "applied_at": applied_at, "breakers": breakers}
    minute = MINUTE.format(int(now // 60))
    async with redis.pipeline(transaction=False) as pipe:
        pipe.zadd(NAMES, {process: now})
        pipe.set(ROW.format(process), json.dumps(row), ex=FORGOTTEN_S)
        if breakers:
            pipe.zadd(minute, {name: int(state) for name, state in breakers.items()}, gt=True)
            pipe.expire(minute, (HISTORY_MINUTES + 5) * 60)
        await pipe.execute()


async def leave(redis: "AsyncRedis", process: str) -> None:
    """Takes a process that stops in order off the list. Raises RedisError."""
    async with redis.pipeline(transaction=False) as pipe:
        pipe.zrem(NAMES, process)
        pipe.delete(ROW.format(process))
        await pipe.execute()


def processes(redis: "Redis") -> list[Told]:
    """Every process that was heard within FORGOTTEN_S, by name. Raises RedisError."""
    now = time()
    redis.zremrangebyscore(NAMES, "-inf", now - FORGOTTEN_S)
    names = sorted(_text(name) for name in _some(redis.zrange(NAMES, 0, -1)))
    rows = _some(redis.mget([ROW.format(name) for name in names])) if names else []
    return [_told(name, json.loads(row), now) for name, row in zip(names, rows, strict=True) if row]


def breaker_history(redis: "Redis") -> dict[str, list[int | None]]:
    """The worst state of each upstream in each of the last HISTORY_MINUTES, oldest first; None: nobody told."""
    this_minute = int(time() // 60)
    pipe = redis.pipeline(transaction=False)
    for minute in range(this_minute - HISTORY_MINUTES + 1, this_minute + 1):
        pipe.zrange(MINUTE.format(minute), 0, -1, withscores=True)
    minutes = [{_text(name): int(score) for name, score in told} for told in pipe.execute()]
    upstreams = sorted({name for told in minutes for name in told})
    return {name: [told.get(name) for told in minutes] for name in upstreams}


def _told(name: str, row: Mapping[str, Any], now: float) -> Told:
    return Told(name, max(now - row["at"], 0), row["switches"], row["applied_at"], row["breakers"])


def _some(answer: Any) -> Iterable[Any]:
    """redis-py types its answers for both of its clients at once."""
    return answer or ()


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
