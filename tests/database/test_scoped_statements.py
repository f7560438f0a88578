"""companion.kernel.postgres.scoped: one trip, and still a whole transaction."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import TupleRow

from companion.kernel.postgres import EVERY_FAN, Pool, SharedTrips, open_pool, scoped

INSERT = "insert into scoped_probe values (%s, %s) returning id"
ROWS = "select count(*) from scoped_probe"
SETTING = "select current_setting('app.artist_id', true)"


@pytest.fixture
async def pool(servers: Mapping[str, str]) -> AsyncIterator[Pool]:
    opened = await open_pool(servers["database_url"], size=1, name="test")
    yield opened
    await opened.close()


@pytest.fixture
def probe(superuser_db: psycopg.Connection[TupleRow]) -> Iterator[psycopg.Connection[TupleRow]]:
    """A table whose foreign key is checked at commit, as Django's are."""
    superuser_db.execute(
        "create table scoped_probe (id int primary key,"
        " parent int references scoped_probe deferrable initially deferred)"
    )
    superuser_db.execute("grant select, insert on scoped_probe to companion_app")
    yield superuser_db
    superuser_db.execute("drop table scoped_probe")


async def test_what_only_the_commit_finds_wrong_is_raised(pool: Pool, probe: psycopg.Connection[TupleRow]) -> None:
    for number in range(7):  # past the threshold at which psycopg prepares a statement
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            await scoped(pool, uuid4(), EVERY_FAN, INSERT, [number, 99])
    assert probe.execute(ROWS).fetchone() == (0,)

    assert await scoped(pool, uuid4(), EVERY_FAN, INSERT, [1, None]) == [(1,)]
    assert probe.execute(ROWS).fetchone() == (1,)


async def test_a_failed_statement_leaves_the_connection_whole(pool: Pool, probe: psycopg.Connection[TupleRow]) -> None:
    await scoped(pool, uuid4(), EVERY_FAN, INSERT, [1, None])

    with pytest.raises(psycopg.errors.UniqueViolation):
        await scoped(pool, uuid4(), EVERY_FAN, INSERT, [1, None])

    assert await scoped(pool, uuid4(), EVERY_FAN, ROWS, []) == [(1,)]


async def test_the_tenant_ends_with_the_statement(pool: Pool) -> None:
    artist = uuid4()

    assert await scoped(pool, artist, EVERY_FAN, SETTING, []) == [(str(artist),)]

    async with pool.connection() as connection:
        assert await (await connection.execute(SETTING)).fetchall() == [("",)]


TRANSACTION = "select pg_current_xact_id(), %s"


async def test_what_is_asked_at_once_of_one_scope_shares_a_transaction(pool: Pool) -> None:
    trips, artist = SharedTrips(pool), uuid4()

    first, second, other = await asyncio.gather(
        trips.scoped(artist, EVERY_FAN, TRANSACTION, [1]),
        trips.scoped(artist, EVERY_FAN, TRANSACTION, [2]),
        trips.scoped(uuid4(), EVERY_FAN, TRANSACTION, [3]),
    )

    assert [rows[0][1] for rows in (first, second, other)] == [1, 2, 3]
    assert first[0][0] == second[0][0]
    assert other[0][0] != first[0][0]
    later = await trips.scoped(artist, EVERY_FAN, TRANSACTION, [4])
    assert later[0][0] not in {first[0][0], other[0][0]}


async def test_each_sees_its_own_scope_alone(pool: Pool) -> None:
    trips, artists = SharedTrips(pool), [uuid4() for _ in range(8)]

    seen = await asyncio.gather(*(trips.scoped(artist, EVERY_FAN, SETTING, []) for artist in artists))

    assert [rows[0][0] for rows in seen] == [str(artist) for artist in artists]


async def test_what_one_finds_wrong_is_raised_to_all_and_nothing_is_kept(
    pool: Pool, probe: psycopg.Connection[TupleRow]
) -> None:
    trips, artist = SharedTrips(pool), uuid4()

    outcomes = await asyncio.gather(
        trips.scoped(artist, EVERY_FAN, INSERT, [1, None]),
        trips.scoped(artist, EVERY_FAN, INSERT, [1, None]),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [psycopg.errors.UniqueViolation] * 2
    assert probe.execute(ROWS).fetchone() == (0,)
    assert await trips.scoped(artist, EVERY_FAN, INSERT, [2, None]) == [(2,)]


async def test_who_gives_up_takes_nobody_along(pool: Pool) -> None:
    trips, artist = SharedTrips(pool), uuid4()

    async with asyncio.timeout(60):
        first = asyncio.create_task(trips.scoped(artist, EVERY_FAN, TRANSACTION, [1]))
        second = asyncio.create_task(trips.scoped(artist, EVERY_FAN, TRANSACTION, [2]))
        await asyncio.sleep(0)
        first.cancel()
        assert (await second)[0][1] == 2
    assert first.cancelled()
