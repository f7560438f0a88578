"""companion.kernel.postgres.scoped: one trip, and still a whole transaction."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import TupleRow

from companion.kernel.postgres import EVERY_FAN, PLANNED_ONCE, Pool, open_pool, scoped, scoped_together
from companion.kernel.statements import Statement

INSERT = Statement("insert into scoped_probe values (%(id)s, %(parent)s) returning id")
ROWS = Statement("select count(*) from scoped_probe")
SETTING = Statement("select current_setting('app.artist_id', true)")


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
    for number in range(2):  # prepared, and prepared before
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            await scoped(pool, uuid4(), EVERY_FAN, INSERT, {"id": number, "parent": 99})
    assert probe.execute(ROWS.text).fetchone() == (0,)

    assert await scoped(pool, uuid4(), EVERY_FAN, INSERT, {"id": 1, "parent": None}) == [(1,)]
    assert probe.execute(ROWS.text).fetchone() == (1,)


async def test_a_failed_statement_leaves_the_connection_whole(pool: Pool, probe: psycopg.Connection[TupleRow]) -> None:
    await scoped(pool, uuid4(), EVERY_FAN, INSERT, {"id": 1, "parent": None})

    with pytest.raises(psycopg.errors.UniqueViolation):
        await scoped(pool, uuid4(), EVERY_FAN, INSERT, {"id": 1, "parent": None})

    assert await scoped(pool, uuid4(), EVERY_FAN, ROWS, {}) == [(1,)]


async def test_statements_together_see_one_another_and_fail_together(
    pool: Pool, probe: psycopg.Connection[TupleRow]
) -> None:
    first, second = {"id": 1, "parent": None}, {"id": 2, "parent": 1}

    assert await scoped_together(pool, uuid4(), EVERY_FAN, (INSERT, first), (INSERT, second), (ROWS, {})) == [
        [(1,)],
        [(2,)],
        [(2,)],
    ]
    with pytest.raises(psycopg.errors.UniqueViolation):
        await scoped_together(
            pool, uuid4(), EVERY_FAN, (INSERT, {"id": 3, "parent": None}), (INSERT, first), (ROWS, {})
        )
    assert probe.execute(ROWS.text).fetchone() == (2,)


async def test_a_statement_that_nobody_waits_for_any_more_is_undone(
    pool: Pool, probe: psycopg.Connection[TupleRow]
) -> None:
    slow = Statement("insert into scoped_probe select %(id)s from pg_sleep(60)")
    running = "select count(*) from pg_stat_activity where state = 'active' and query like 'insert into scoped_probe%'"
    task = asyncio.create_task(scoped(pool, uuid4(), EVERY_FAN, slow, {"id": 1}))
    while probe.execute(running).fetchone() == (0,):  # noqa: ASYNC110 -- Postgres tells nobody that it has begun
        await asyncio.sleep(0.01)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await scoped(pool, uuid4(), EVERY_FAN, ROWS, {}) == [(0,)]
    assert probe.execute(running).fetchone() == (0,)


async def test_a_connection_that_breaks_in_the_middle_is_replaced(
    pool: Pool, probe: psycopg.Connection[TupleRow]
) -> None:
    ends_itself = Statement("select pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(psycopg.OperationalError):
        await scoped(pool, uuid4(), EVERY_FAN, ends_itself, {})

    assert await scoped(pool, uuid4(), EVERY_FAN, ROWS, {}) == [(0,)]


async def test_a_statement_outlives_a_change_of_its_table(pool: Pool, probe: psycopg.Connection[TupleRow]) -> None:
    whole = Statement("select * from scoped_probe")
    assert await scoped(pool, uuid4(), EVERY_FAN, whole, {}) == []
    probe.execute("alter table scoped_probe add more int")

    with pytest.raises(psycopg.errors.FeatureNotSupported):  # "cached plan must not change result type"
        await scoped(pool, uuid4(), EVERY_FAN, whole, {})
    assert await scoped(pool, uuid4(), EVERY_FAN, whole, {}) == []


def test_places_are_numbered_by_name_and_a_doubled_percent_is_one() -> None:
    statement = Statement("select %(b)s, %(a)s, %(b)s, 7 %% 3")
    assert (statement.names, statement.numbered) == (("b", "a"), b"select $1, $2, $1, 7 % 3")


async def test_the_tenant_ends_with_the_statement(pool: Pool) -> None:
    artist = uuid4()

    assert await scoped(pool, artist, EVERY_FAN, SETTING, {}) == [(str(artist),)]

    async with pool.connection() as connection:
        assert await (await connection.execute(SETTING.text)).fetchall() == [("",)]


async def test_a_setting_is_for_its_statement_alone(pool: Pool) -> None:
    shown = "select current_setting('plan_cache_mode')"

    assert await scoped(pool, uuid4(), EVERY_FAN, Statement(shown, settings=PLANNED_ONCE), {}) == [
        ("force_generic_plan",)
    ]
    assert await scoped(pool, uuid4(), EVERY_FAN, Statement(shown), {}) == [("auto",)]


async def test_errors_leave_no_prepared_statement_behind(pool: Pool, probe: psycopg.Connection[TupleRow]) -> None:
    prepared = Statement("select count(*) from pg_prepared_statements")
    taken = {"id": 1, "parent": None}
    await scoped(pool, uuid4(), EVERY_FAN, INSERT, taken)
    before = await scoped(pool, uuid4(), EVERY_FAN, prepared, {})

    for _ in range(3):
        with pytest.raises(psycopg.errors.UniqueViolation):
            await scoped_together(pool, uuid4(), EVERY_FAN, (INSERT, taken), (ROWS, {}))
        with pytest.raises(psycopg.errors.UndefinedTable):
            await scoped(pool, uuid4(), EVERY_FAN, Statement("select from nowhere"), {})

    assert await scoped(pool, uuid4(), EVERY_FAN, prepared, {}) == before
    assert await scoped(pool, uuid4(), EVERY_FAN, ROWS, {}) == [(1,)]
