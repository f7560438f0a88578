"""Async Postgres for the turn's path: pipelined statements inside one tenant's transaction, without the ORM.

The ORM serves the console and the REST calls; it costs ten times the CPU of these trips (stack.md, "context").
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pgvector.psycopg import register_vector_async
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]
Parameters = Sequence[Any] | dict[str, Any]
Settings = Mapping[str, str]

SCOPE = "select set_config('app.artist_id', %s, true), set_config('app.fan_id', %s, true)"
SET_LOCAL = "set_config(%s, %s, true)"
# For a statement that finds its rows by keys, whatever they are: planning it anew may take as long as running it.
PLANNED_ONCE: Settings = {"plan_cache_mode": "force_generic_plan"}
# Postgres compares: once where the plan is as good for any value, anew where it would name a thousand partitions.
PLANNED_AS_FITS: Settings = {"plan_cache_mode": "auto"}
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
    """
    return (await _trip(pool, artist, fan, [_Asked(statement, parameters, local or {})]))[0]


class SharedTrips:
    """Statements of one scope that are asked for at the same moment go in one trip: a trip costs more than a read.

    They share a transaction: what one of them finds wrong, each of them raises.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._leaving: dict[tuple[UUID, UUID | str], list[_Passenger]] = {}
        self._trips: set[asyncio.Task[None]] = set()

    async def scoped(
        self, artist: UUID, fan: UUID | str, statement: str, parameters: Parameters, *, local: Settings | None = None
    ) -> list[TupleRow]:
        """As `scoped` of this module."""
        rows: asyncio.Future[list[TupleRow]] = asyncio.get_running_loop().create_future()
        aboard = self._leaving.setdefault((artist, fan), [])
        aboard.append((_Asked(statement, parameters, local or {}), rows))
        if len(aboard) == 1:
            # The task starts after everything that is ready to run now, and so takes all along that asks now.
            trip = asyncio.create_task(self._go(artist, fan))
            self._trips.add(trip)
            trip.add_done_callback(self._trips.discard)
        return await rows

    async def _go(self, artist: UUID, fan: UUID | str) -> None:
        aboard = self._leaving.pop((artist, fan))
        waiting = [rows for _, rows in aboard]
        try:
            found = await _trip(self._pool, artist, fan, [asked for asked, _ in aboard])
        except Exception as error:  # handed on, not swallowed
            for rows in filter(_is_awaited, waiting):
                rows.set_exception(error)
            return
        for rows, result in zip(waiting, found, strict=True):
            if _is_awaited(rows):
                rows.set_result(result)


@dataclass(frozen=True, slots=True)
class _Asked:
    statement: str
    parameters: Parameters
    local: Settings


_Passenger = tuple[_Asked, "asyncio.Future[list[TupleRow]]"]


def _is_awaited(rows: "asyncio.Future[list[TupleRow]]") -> bool:
    return not rows.done()


async def _trip(pool: Pool, artist: UUID, fan: UUID | str, asked: Sequence[_Asked]) -> list[list[TupleRow]]:
    """Leaving the pipeline sends it and waits: the rows are read when they are committed, and what COMMIT finds wrong
    raises here. psycopg's own transaction() would wait three times; an implicit transaction hangs it when COMMIT fails.
    """
    async with pool.connection() as connection:  # rolls back what an error has left open
        async with connection.pipeline():
            await connection.execute("begin")
            await connection.execute(SCOPE, [str(artist), str(fan)])
            cursors = [await _execute(connection, one) for one in asked]
            await connection.execute("commit")
        return [await cursor.fetchall() for cursor in cursors]


async def _execute(connection: AsyncConnection[TupleRow], asked: _Asked) -> AsyncCursor[TupleRow]:
    if asked.local:
        settings = ", ".join([SET_LOCAL] * len(asked.local))
        await connection.execute(f"select {settings}", [part for setting in asked.local.items() for part in setting])
    return await connection.execute(asked.statement, asked.parameters)
