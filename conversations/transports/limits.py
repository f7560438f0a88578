"""What one fan may do how often: messages a minute, sockets at once."""

from collections.abc import Awaitable
from contextlib import suppress
from time import time
from uuid import UUID

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from companion.kernel import limits
from companion.kernel.errors import Unavailable
from conversations.turn.errors import LogAway

SOCKETS_PER_FAN = 8
# A socket that its process forgot to strike off counts for this long; live ones are renewed.
SOCKET_S = 120


class FanLimits:
    """The engine's Limiter, and the cap on sockets. With COMPANION_RATE_LIMITS=off everything is allowed."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._limiter = limits.Limiter(settings.REDIS_URL)

    async def message_allowed(self, artist: UUID, fan: UUID) -> int | None:
        """See ports.Limiter. Asks Redis also where limits are off: without it nothing is admitted."""
        try:
            if not settings.RATE_LIMITS:
                await self._redis.ping()
            return await self._limiter.hit(limits.MESSAGES, f"{artist}:{fan}")
        except (Unavailable, RedisError, OSError) as away:
            raise LogAway from away

    async def admit_socket(self, fan: UUID, socket: str) -> int | None:
        """Counts a socket: how many the fan has now, or None when that is too many. Raises Unavailable."""
        now = time()
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.zremrangebyscore(_key(fan), 0, now - SOCKET_S)
                pipe.zadd(_key(fan), {socket: now})
                pipe.zcard(_key(fan))
                pipe.expire(_key(fan), SOCKET_S)
                answers = await pipe.execute()
        except (RedisError, OSError) as error:
            raise Unavailable from error
        if settings.RATE_LIMITS and answers[2] > SOCKETS_PER_FAN:
            await self.forget_socket(fan, socket)
            return None
        return int(answers[2])

    async def renew_socket(self, fan: UUID, socket: str) -> None:
        await self._quietly(self._redis.zadd(_key(fan), {socket: time()}))

    async def forget_socket(self, fan: UUID, socket: str) -> None:
        await self._quietly(self._redis.zrem(_key(fan), socket))

    @staticmethod
    async def _quietly(work: Awaitable[object]) -> None:
        """The count corrects itself within SOCKET_S; it is no reason to fail."""
        with suppress(RedisError, OSError):
            await work


def _key(fan: UUID) -> str:
    return f"sockets:{fan}"
