"""EventLog over Redis: one stream a turn, entries with the id `seq-0`, fenced by the turn's epoch.

The stream lives 10 minutes after its last event, which contract.md promises for the ending.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

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


class _Appends:
    """Appends of all turns over one connection: what comes while a trip is under way goes together with the next.

    A trip of its own for each costs more CPU than all else of a batch of tokens.
    """

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._sha = hashlib.sha1(APPEND.encode()).hexdigest()  # noqa: S324 -- Redis names scripts so
        self._waiting: list[tuple[list[str | int], asyncio.Future[Any]]] = []
        self._trips: asyncio.Task[None] | None = None

    async def append(self, arguments: list[str | int]) -> bool:
        """False when a higher epoch has the turn. Raises RedisError and OSError."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((arguments, answer))
        if self._trips is None:
            self._trips = asyncio.create_task(self._send())
        return bool(await answer)

    async def _send(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                try:
                    answers = await self._trip([arguments for arguments, _ in batch])
                except Exception as error:
                    answers = [error] * len(batch)
                _answer(batch, answers)
        finally:
            self._trips = None

    async def _trip(self, batch: list[list[str | int]]) -> list[Any]:
        """An answer for each, errors among them. A Redis that was started anew has to be told the script again."""
        try:
            answers = await self._together(batch)
            if any(isinstance(answer, NoScriptError) for answer in answers):
                await self._redis.script_load(APPEND)
                answers = await self._together(batch)  # those that had been taken are answered as done
        except (RedisError, OSError) as error:
            return [error] * len(batch)
        return answers

    async def _together(self, batch: list[list[str | int]]) -> list[Any]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for arguments in batch:
                pipe.evalsha(self._sha, 2, *arguments)
            answers: list[Any] = await pipe.execute(raise_on_error=False)
        return answers


def _answer(batch: list[tuple[list[str | int], asyncio.Future[Any]]], answers: list[Any]) -> None:
    for (_, waiting), answer in zip(batch, answers, strict=True):
        if waiting.done():
            continue  # whoever waited was cancelled
        if isinstance(answer, Exception):
            waiting.set_exception(answer)
        else:
            waiting.set_result(answer)


class RedisEventLog:
    def __init__(self, redis: "Redis", blocking: "Redis") -> None:
        """`blocking` is a client whose answers may take as long as `wait` blocks."""
        self._redis = redis
        self._blocking = blocking
        self._appends = _Appends(redis)
        self._fence = redis.register_script(FENCE)

    async def append(self, turn: UUID, epoch: int, event: TurnEvent) -> None:
        arguments: list[str | int] = [_events(turn), _epoch(turn), epoch, f"{event.seq}-0", event.frame, KEPT_S]
        try:
            added = await self._appends.append(arguments)
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
