"""EventLog over Redis: one stream a turn, entries with the id `seq-0`, fenced by the turn's epoch.

The stream lives 10 minutes after its last event, which contract.md promises for the ending.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from conversations.turn.contracts import TurnEvent, parse_event
from conversations.turn.errors import Fenced, LogAway

KEPT_S = 600

# An append that is repeated because its answer was lost must not fail: the same frame under the same id counts as done.
APPEND = """
local epoch = tonumber(redis.call('get', KEYS[2]) or '0')
local mine = tonumber(ARGV[1])
if epoch > mine then return 0 end
if epoch < mine then redis.call('set', KEYS[2], mine) end
local added = redis.pcall('xadd', KEYS[1], ARGV[2], 'e', ARGV[3])
if type(added) == 'table' and added.err then
  local same = redis.call('xrange', KEYS[1], ARGV[2], ARGV[2])
  if #same == 0 or same[1][2][2] ~= ARGV[3] then return 0 end
end
redis.call('expire', KEYS[1], ARGV[4])
redis.call('expire', KEYS[2], ARGV[4])
return 1
"""
FENCE = """
local epoch = tonumber(redis.call('get', KEYS[1]) or '0')
if epoch > tonumber(ARGV[1]) then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'ex', ARGV[2])
return 1
"""


class RedisEventLog:
    def __init__(self, redis: "Redis", blocking: "Redis") -> None:
        """`blocking` is a client whose answers may take as long as `wait` blocks."""
        self._redis = redis
        self._blocking = blocking
        self._append = redis.register_script(APPEND)
        self._fence = redis.register_script(FENCE)

    async def append(self, turn: UUID, epoch: int, event: TurnEvent) -> None:
        arguments: list[str | int] = [epoch, f"{event.seq}-0", event.frame, KEPT_S]
        try:
            added = await self._append(keys=[_events(turn), _epoch(turn)], args=arguments)
        except (RedisError, OSError) as error:
            raise LogAway from error
        if not added:
            raise Fenced

    async def fence(self, turn: UUID, epoch: int) -> None:
        try:
            if not await self._fence(keys=[_epoch(turn)], args=[epoch, KEPT_S]):
                raise Fenced
        except (RedisError, OSError) as error:
            raise LogAway from error

    async def read(self, turn: UUID, after: int) -> Sequence[TurnEvent]:
        try:
            entries = await self._redis.xrange(_events(turn), min=f"{after + 1}-0")
        except (RedisError, OSError) as error:
            raise LogAway from error
        return _parsed(entries)

    async def wait(self, turn: UUID, after: int, seconds: float) -> Sequence[TurnEvent]:
        try:
            answer: Any = await self._blocking.xread({_events(turn): f"{after}-0"}, block=int(seconds * 1000))
        except (RedisError, OSError) as error:
            raise LogAway from error
        return [event for _, entries in answer or () for event in _parsed(entries)]


def _events(turn: UUID) -> str:
    return f"turn:{{{turn}}}:events"


def _epoch(turn: UUID) -> str:
    return f"turn:{{{turn}}}:epoch"


def _parsed(entries: Any) -> list[TurnEvent]:
    """The client's types leave open what an entry is; ours have the one field that APPEND writes."""
    return [parse_event(fields[b"e"].decode()) for _, fields in entries]
