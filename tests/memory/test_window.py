"""Short-term memory in a real Redis: what it takes, what it refuses, and how long it grows."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from companion.kernel.ids import new_id
from memory.contracts import Remark
from memory.window import RedisWindow

ARTIST = uuid4()


def exchange(text: str) -> list[Remark]:
    return [Remark(new_id(), "fan", text), Remark(new_id(), "persona", f"{text}? “[yes]”", cut=True)]


class Source:
    """Postgres, as far as the window asks it. Counts how often it is."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []
        self.asked = 0

    async def load(self, _artist: UUID, _fan: UUID, newest: UUID, count: int) -> Sequence[Remark]:
        self.asked += 1
        upto = [remark.id for remark in self.remarks].index(newest) + 1
        return self.remarks[:upto][-count:]


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
async def window(servers: Mapping[str, str], source: Source) -> AsyncIterator[RedisWindow]:
    async with Redis.from_url(servers["redis_url"]) as redis:
        yield RedisWindow(redis, source.load, pairs=2)


async def test_what_follows_its_end_is_added_and_the_oldest_leaves(window: RedisWindow, source: Source) -> None:
    fan, talk = uuid4(), [*exchange("one"), *exchange("two"), *exchange("three")]
    source.remarks = talk
    assert await window.read(ARTIST, fan, talk[1].id) == talk[:2]

    await window.add(ARTIST, fan, talk[2:4], after=talk[1].id)
    await window.add(ARTIST, fan, talk[4:], after=talk[3].id)

    assert await window.read(ARTIST, fan, talk[-1].id) == talk[2:]
    assert source.asked == 1


async def test_one_that_has_missed_something_takes_nothing_and_is_rebuilt(window: RedisWindow, source: Source) -> None:
    fan, talk = uuid4(), [*exchange("one"), *exchange("two"), *exchange("three")]
    source.remarks = talk
    await window.read(ARTIST, fan, talk[1].id)

    await window.add(ARTIST, fan, talk[4:], after=talk[3].id)

    assert await window.read(ARTIST, fan, talk[-1].id) == talk[2:]
    assert source.asked == 2


async def test_of_two_that_add_the_same_at_once_one_does(window: RedisWindow, source: Source) -> None:
    fan, talk = uuid4(), [*exchange("one"), *exchange("two")]
    source.remarks = talk
    await window.read(ARTIST, fan, talk[1].id)

    await asyncio.gather(*(window.add(ARTIST, fan, talk[2:], after=talk[1].id) for _ in range(8)))

    assert await window.read(ARTIST, fan, talk[-1].id) == talk
    assert source.asked == 1


async def test_a_window_that_does_not_exist_is_not_begun_in_the_middle(window: RedisWindow, source: Source) -> None:
    fan, talk = uuid4(), exchange("one")
    source.remarks = talk

    await window.add(ARTIST, fan, talk, after=None)

    assert await window.read(ARTIST, fan, talk[-1].id) == talk
    assert source.asked == 1
