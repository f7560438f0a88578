"""companion.kernel.postgres.scoped: one trip, and still a whole transaction."""

from collections.abc import AsyncIterator, Iterator, Mapping
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import TupleRow

from companion.kernel.postgres import EVERY_FAN, PLANNED_ONCE, Pool, open_pool, scoped

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


async def test_a_setting_is_for_its_statement_alone(pool: Pool) -> None:
    shown = "select current_setting('plan_cache_mode')"

    assert await scoped(pool, uuid4(), EVERY_FAN, shown, [], local=PLANNED_ONCE) == [("force_generic_plan",)]
    assert await scoped(pool, uuid4(), EVERY_FAN, shown, []) == [("auto",)]
