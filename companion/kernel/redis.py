"""The process's async Redis client. Its deadlines are short: a Redis that hangs must not hang a turn."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_S = 0.5
ANSWER_S = 1.0


def connect(url: str, *, answer_s: float = ANSWER_S) -> "Redis":
    """A client with a pool of its own; the caller closes it. Callers retry themselves: they know for how long."""
    return Redis.from_url(
        url, socket_connect_timeout=CONNECT_S, socket_timeout=answer_s, retry=Retry(NoBackoff(), 0), protocol=2
    )
