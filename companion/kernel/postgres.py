"""Async Postgres for the turn's path: pipelined statements inside one tenant's transaction, without the ORM.

The ORM serves the console and the REST calls; it costs ten times the CPU of these trips (stack.md, "context").
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pgvector.psycopg import register_vector_async
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]
Parameters = Sequence[Any] | dict[str, Any]
Settings = Mapping[str, str]

SCOPE = "select set_config('app.artist_id', %s, true), set_config('app.fan_id', %s, true)"
SET_LOCAL = "set_config(%s, %s, true)"
# For a statement that finds its rows by keys, whatever they are: planning it anew may take as long as running it.
PLANNED_ONCE: Settings = {"plan_cache_mode": "force_generic_plan"}
EVERY_FAN = "*"


async def open_pool(url: str, *, size: int, name: str, vectors: bool = False) -> Pool:
    """A pool of autocommit connections; with `vectors` they take pgvector's types in binary. The caller closes it."""
    pool: Pool = AsyncConnectionPool(
        url,
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
    pool: Pool, artist: UUID, fan: UUID | str, statement: str, parameters: Parameters, *, local: Settings | None = None
) -> list[TupleRow]:
    """One statement's rows, in one trip, inside a transaction that sees only this tenant (and fan, unless `*`).

    `local` are settings of Postgres for this statement.

    Leaving the pipeline sends it and waits: the rows are read when they are committed, and what COMMIT finds wrong
    raises here. psycopg's own transaction() would wait three times; an implicit transaction hangs it when COMMIT fails.
    """
    async with pool.connection() as connection:  # rolls back what an error has left open
        async with connection.pipeline():
            await connection.execute("begin")
            await connection.execute(SCOPE, [str(artist), str(fan)])
            if local:
                settings = ", ".join([SET_LOCAL] * len(local))
                await connection.execute(f"select {settings}", [part for setting in local.items() for part in setting])
            cursor = await connection.execute(statement, parameters)
            await connection.execute("commit")
        return await cursor.fetchall()
