"""Async Postgres for the turn's path: statements in one trip inside one tenant's transaction, without the ORM.

The ORM serves the console and the REST calls; it costs ten times the CPU of these trips (stack.md, "context").
"""

from functools import cache
from uuid import UUID

from pgvector.psycopg import register_vector_async
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import AsyncConnectionPool

from companion.kernel.statements import Parameters, Settings, Statement, TripConnection

Pool = AsyncConnectionPool[TripConnection]

BEGIN, COMMIT = Statement("begin"), Statement("commit")
# For a statement that finds its rows by keys, whatever they are: planning it anew may take as long as running it.
PLANNED_ONCE: Settings = {"plan_cache_mode": "force_generic_plan"}
EVERY_FAN = "*"


async def open_pool(url: str, *, size: int, name: str, vectors: bool = False) -> Pool:
    """A pool of autocommit connections; with `vectors` they take pgvector's types in binary. The caller closes it."""
    pool: Pool = AsyncConnectionPool(
        url,
        connection_class=TripConnection,
        min_size=1,
        max_size=size,
        name=name,
        open=False,
        kwargs={"autocommit": True, "row_factory": tuple_row},
        configure=register_vector_async if vectors else None,
        timeout=5,
    )
    await pool.open()
    return pool


async def scoped(
    pool: Pool, artist: UUID, fan: UUID | str, statement: Statement, parameters: Parameters
) -> list[TupleRow]:
    """One statement's rows, in one trip, inside a transaction that sees only this tenant (and fan, unless `*`).

    Raises psycopg's errors, those of COMMIT too: the rows are returned when they are committed.
    """
    return (await scoped_together(pool, artist, fan, (statement, parameters)))[0]


async def scoped_together(
    pool: Pool, artist: UUID, fan: UUID | str, *asked: tuple[Statement, Parameters]
) -> list[list[TupleRow]]:
    """`scoped` for several: one trip, one transaction, each one's rows."""
    whose = {"artist": str(artist), "fan": str(fan)}
    scope = _scope(tuple(setting for statement, _ in asked for setting in statement.settings.items()))
    async with pool.connection() as connection:  # rolls back what an error has left open
        done = await connection.together((BEGIN, {}), (scope, whose), *asked, (COMMIT, {}))
    return done[2:-1]


@cache
def _scope(settings: tuple[tuple[str, str], ...]) -> Statement:
    """Sets whose rows are seen, and the statements' settings, until the transaction ends."""
    values = {"app.artist_id": "%(artist)s", "app.fan_id": "%(fan)s"} | {name: f"'{value}'" for name, value in settings}
    return Statement("select " + ", ".join(f"set_config('{name}', {value}, true)" for name, value in values.items()))
