"""Redis for sync code: REST calls and commands. Turns use the async client of redis.py."""

from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from companion.kernel.redis import ANSWER_S, CONNECT_S


def client() -> "Redis":
    """This process's client; it is safe in threads. Raises RedisError at the first use when Redis is away."""
    return _client(settings.REDIS_URL)


@cache
def _client(url: str) -> "Redis":
    return Redis.from_url(
        url, socket_connect_timeout=CONNECT_S, socket_timeout=ANSWER_S, retry=Retry(NoBackoff(), 0), protocol=2
    )
