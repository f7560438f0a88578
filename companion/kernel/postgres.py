"""Async Postgres for the turn's path: pipelined statements inside one tenant's transaction, without the ORM.

The ORM serves the console and the REST calls; it costs ten times the CPU of these trips (stack.md, "context").
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pgvector.psycopg import register_vector_async
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]
Parameters = Sequence[Any] | dict[str, Any]
# `scoped` with its pool: artist, fan, statement, parameters.
Ask = Callable[[UUID, UUID | str, str, Parameters], Awaitable[list[TupleRow]]]

# A plan for any value: a turn's statements find their rows by keys, and planning recall takes as long as running it.
SCOPE = """select set_config('app.artist_id', %s, true), set_config('app.fan_id', %s, true),
 set_config('plan_cache_mode', 'force_generic_plan', true)"""
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


async def scoped(pool: Pool, artist: UUID, fan: UUID | str, statement: str, parameters: Parameters) -> list[TupleRow]:
    """One statement's rows, in one trip, inside a transaction that sees only this tenant (and fan, unless `*`)."""
    return (await _trip(pool, artist, fan, [(statement, parameters)]))[0]


class SharedTrips:
    """Statements of one scope that are asked for at the same moment go in one trip: a trip costs more than a read.

    They share a transaction: what one of them finds wrong, each of them raises.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._leaving: dict[tuple[UUID, UUID | str], list[_Asked]] = {}
        self._trips: set[asyncio.Task[None]] = set()

    async def scoped(self, artist: UUID, fan: UUID | str, statement: str, parameters: Parameters) -> list[TupleRow]:
        """As `scoped` of this module."""
        asked = _Asked(statement, parameters, asyncio.get_running_loop().create_future())
        aboard = self._leaving.setdefault((artist, fan), [])
        aboard.append(asked)
        if len(aboard) == 1:
            # The task starts after everything that is ready to run now, and so takes all along that asks now.
            trip = asyncio.create_task(self._go(artist, fan))
            self._trips.add(trip)
            trip.add_done_callback(self._trips.discard)
        return await asked.rows

    async def _go(self, artist: UUID, fan: UUID | str) -> None:
        aboard = self._leaving.pop((artist, fan))
        try:
            found = await _trip(self._pool, artist, fan, [(asked.statement, asked.parameters) for asked in aboard])
        except Exception as error:  # handed on, not swallowed
            for asked in aboard:
                if not asked.rows.done():
                    asked.rows.set_exception(error)
            return
        for asked, rows in zip(aboard, found, strict=True):
            if not asked.rows.done():
                asked.rows.set_result(rows)


@dataclass(slots=True)
class _Asked:
    statement: str
    parameters: Parameters
    rows: "asyncio.Future[list[TupleRow]]"


async def _trip(
    pool: Pool, artist: UUID, fan: UUID | str, statements: Sequence[tuple[str, Parameters]]
) -> list[list[TupleRow]]:
    """Leaving the pipeline sends it and waits: the rows are read when they are committed, and what COMMIT finds wrong
    raises here. psycopg's own transaction() would wait three times; an implicit transaction hangs it when COMMIT fails.
    """
    async with pool.connection() as connection:  # rolls back what an error has left open
        async with connection.pipeline():
            await connection.execute("begin")
            await connection.execute(SCOPE, [str(artist), str(fan)])
            cursors = [await connection.execute(statement, parameters) for statement, parameters in statements]
            await connection.execute("commit")
        return [await cursor.fetchall() for cursor in cursors]
