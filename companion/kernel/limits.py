"""Rate limits over Redis, the same for every process, and whose address counts.

A rule is one or more windows, each `(times, seconds)`; the windows move, so nobody gets twice the rate at a boundary.
With COMPANION_RATE_LIMITS=off nothing is counted. With Redis away nothing that is limited is admitted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from time import time
from typing import Any

from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage as AsyncRedisStorage
from limits.aio.strategies import MovingWindowRateLimiter as AsyncLimiter
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from companion.kernel.errors import RateLimited, Unavailable
from companion.kernel.redis import ANSWER_S, CONNECT_S

PREFIX = "limit"


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` keeps the counts of one rule apart from another's."""

    name: str
    windows: tuple[tuple[int, int], ...]

    def items(self) -> list[RateLimitItemPerSecond]:
        return [RateLimitItemPerSecond(times, seconds, namespace=self.name) for times, seconds in self.windows]


# A person who types fast stays below these; a loop does not.
MESSAGES = Rule("messages", ((20, 10), (60, 60)))
TICKETS = Rule("tickets", ((20, 10), (60, 60)))
REPORTS = Rule("reports", ((20, 60), (200, 86_400)))
WRITES = Rule("writes", ((60, 60),))


class Limiter:
    """For async code; one a process, on the event loop that first uses it."""

    def __init__(self, url: str) -> None:
        storage = AsyncRedisStorage(
            f"async+{url}",
            implementation="redispy",
            key_prefix=PREFIX,
            socket_connect_timeout=CONNECT_S,
            socket_timeout=ANSWER_S,
        )
        self._limiter = AsyncLimiter(storage)

    async def hit(self, rule: Rule, key: str) -> int | None:
        """Counts one use; None when it is allowed, else the seconds after which trying again helps.

        Raises Unavailable with Redis away.
        """
        if not settings.RATE_LIMITS:
            return None
        try:
            for item in rule.items():
                if not await self._limiter.hit(item, key):
                    stats = await self._limiter.get_window_stats(item, key)
                    return _seconds_until(stats.reset_time)
        except (RedisError, OSError) as error:
            raise Unavailable from error
        return None


def check(rule: Rule, key: str) -> None:
    """Counts one use, in sync code. Raises RateLimited, or Unavailable with Redis away."""
    if not settings.RATE_LIMITS:
        return
    limiter = _sync_limiter(settings.REDIS_URL)
    try:
        for item in rule.items():
            if not limiter.hit(item, key):
                stats = limiter.get_window_stats(item, key)
                raise RateLimited(retry_after_s=_seconds_until(stats.reset_time))
    except (RedisError, OSError) as error:
        raise Unavailable from error


@cache
def _sync_limiter(url: str) -> MovingWindowRateLimiter:
    storage = RedisStorage(url, key_prefix=PREFIX, socket_connect_timeout=CONNECT_S, socket_timeout=ANSWER_S)
    return MovingWindowRateLimiter(storage)


def _seconds_until(moment: float) -> int:
    return max(1, ceil(moment - time()))


def client_address(meta: Mapping[str, Any], trusted_proxies: int) -> str:
    """The address of whoever asked: the one that our outermost proxy saw; without proxies of ours, the peer's.

    Whatever stands further left in X-Forwarded-For came from the client, who may have made it up.
    """
    peer = str(meta.get("REMOTE_ADDR") or "")
    if trusted_proxies < 1:
        return peer
    hops = [hop.strip() for hop in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
    return hops[-trusted_proxies] if len(hops) >= trusted_proxies else peer
