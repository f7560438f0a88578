"""Short-term memory: the last remarks of a fan and the persona in a Redis list, rebuilt from Postgres when behind.

The reader names the newest remark that Postgres has; a list that does not end with it is not trusted.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from uuid import UUID

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from companion.kernel import sync_redis
from memory.contracts import Remark

KEPT_S = 7 * 24 * 3600
# KEYS: the window. ARGV: the id that it must end with, its length, KEPT_S, the entries.
ADD = """
local last = redis.call('lindex', KEYS[1], -1)
if not last or cjson.decode(last)[1] ~= ARGV[1] then return 0 end
redis.call('rpush', KEYS[1], unpack(ARGV, 4))
redis.call('ltrim', KEYS[1], -tonumber(ARGV[2]), -1)
redis.call('expire', KEYS[1], ARGV[3])
return 1
"""

Load = Callable[[UUID, UUID, UUID, int], Awaitable[Sequence[Remark]]]


class RedisWindow:
    """`load(artist, fan, newest, count)` reads the remarks up to `newest` from Postgres, oldest first, without the
    words of what was forgotten.

    `pairs` is the window's length.
    """

    def __init__(self, redis: "Redis", load: Load, *, pairs: int) -> None:
        self._redis = redis
        self._load = load
        self._length = pairs * 2
        self._add = redis.register_script(ADD)

    async def read(self, artist: UUID, fan: UUID, newest: UUID | None) -> Sequence[Remark]:
        """The last remarks, oldest first. A Redis that is away costs a query, not the memory."""
        if newest is None:
            return ()
        try:
            entries = await self._redis.lrange(_key(artist, fan), 0, -1)
            remarks = [_remark(entry) for entry in entries]
        except (RedisError, OSError):
            return await self._load(artist, fan, newest, self._length)
        if remarks and remarks[-1].id == newest:
            return remarks
        remarks = list(await self._load(artist, fan, newest, self._length))
        await self._replace(artist, fan, remarks)
        return remarks

    async def add(self, artist: UUID, fan: UUID, remarks: Sequence[Remark], *, after: UUID | None) -> None:
        """Adds to a window that ends with `after`. Any other has missed a remark, or has these already.

        Where nothing is added, or Redis is away, the next read rebuilds the window.
        """
        if not remarks:
            return
        arguments: list[str | int] = [str(after), self._length, KEPT_S, *map(_entry, remarks)]
        with suppress(RedisError, OSError):
            await self._add(keys=[_key(artist, fan)], args=arguments)

    async def _replace(self, artist: UUID, fan: UUID, remarks: Sequence[Remark]) -> None:
        if not remarks:
            return
        key = _key(artist, fan)
        with suppress(RedisError, OSError):
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.delete(key)
                pipe.rpush(key, *map(_entry, remarks))
                pipe.ltrim(key, -self._length, -1)
                pipe.expire(key, KEPT_S)
                await pipe.execute()


def drop(artist: UUID, fan: UUID) -> None:
    """Has the next read rebuild it, without what was forgotten since. For jobs. Raises RedisError."""
    sync_redis.client().delete(_key(artist, fan))


def _key(artist: UUID, fan: UUID) -> str:
    return f"window:{artist}:{fan}"


def _entry(remark: Remark) -> str:
    return orjson.dumps([str(remark.id), remark.role, remark.text, remark.cut]).decode()


def _remark(entry: bytes | str) -> Remark:
    id_, role, text, cut = orjson.loads(entry)
    return Remark(UUID(id_), role, text, cut)
