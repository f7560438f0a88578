"""Statements of the turn's path, and the connection that takes several there and back in one trip.

psycopg's own pipeline waits for the socket at each statement and reads a text of more than 4,096 characters anew at
every run; a turn's four trips cost a third of its CPU by it. This goes one floor down, to psycopg's wrapper of libpq.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from psycopg import AsyncConnection, OperationalError, adapt
from psycopg.abc import PQGen, Transformer
from psycopg.adapt import AdaptersMap, PyFormat
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

PLACE = re.compile(r"%\((\w+)\)s|%%")
FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)
# What a prepared statement says that no longer fits its tables, and one that the backend does not have (any more).
OUTDATED = (b"0A000", b"26000")

Parameters = Mapping[str, Any]
Settings = Mapping[str, str]


class Statement:
    """SQL with places `%(name)s`, taken apart once. `settings` are Postgres's, for a run of this statement alone."""

    def __init__(self, text: str, *, settings: Settings | None = None) -> None:
        self.text = text
        self.settings: Settings = settings or {}
        self.names: tuple[str, ...] = tuple(dict.fromkeys(found for found in PLACE.findall(text) if found))
        numbers = {name: f"${number}" for number, name in enumerate(self.names, 1)}
        self.numbered = PLACE.sub(lambda place: numbers[place[1]] if place[1] else "%", text).encode()


# A statement is prepared once for each combination of its parameters' types (oids).
Key = tuple[Statement, tuple[int, ...] | None]
Names = dict[Key, bytes]


@dataclass(frozen=True, slots=True)
class _Types:
    """A connection's types without the connection: psycopg's transformer would keep it in a circle."""

    adapters: AdaptersMap
    connection: None = None


class TripConnection(AsyncConnection[TupleRow]):
    """A psycopg connection with one more way to run statements. Whoever took it from the pool uses it alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._trip_names: Names = {}
        self._trip_numbers = count()
        self._trip_adapting: Transformer | None = None

    async def together(self, *asked: tuple[Statement, Parameters]) -> list[list[TupleRow]]:
        """Runs them one after another in one trip; each one's rows. Raises the first one's error; those after it do
        not run. The texts have to open and end their transaction themselves: without one, what COMMIT finds wrong
        would never be told (libpq hangs).
        """
        try:
            results = await self.wait(self._exchange(asked))
            failed = next((result for result in results if result.status in FAILED), None)
            if failed is not None:
                raise error_from_result(failed, encoding=self.info.encoding)
        finally:
            await self._leave_pipeline()
        return [self._rows(result) for result in results]

    def _exchange(self, asked: Iterable[tuple[Statement, Parameters]]) -> PQGen[list[PGresult]]:
        self.pgconn.enter_pipeline_mode()
        fresh: Names = {}
        sent = [self._send(statement, parameters, fresh) for statement, parameters in asked]
        self.pgconn.pipeline_sync()
        yield from send(self.pgconn)
        results: list[PGresult] = []
        for key, is_prepared_here in sent:
            if is_prepared_here:
                preparing = yield from fetch_many(self.pgconn)
                if preparing[0].status in FAILED:
                    results += preparing
                else:
                    self._trip_names[key] = fresh[key]  # it lasts, whatever becomes of the transaction
            running = yield from fetch_many(self.pgconn)
            if running[0].error_field(DiagnosticField.SQLSTATE) in OUTDATED:
                self._trip_names.pop(key, None)
            results += running
        yield from fetch_many(self.pgconn)  # the sync's own
        return results

    def _send(self, statement: Statement, parameters: Parameters, fresh: Names) -> tuple[Key, bool]:
        """Queues it: its key among the names, and whether it has to be prepared first."""
        adapting = self._transformer
        values = [parameters[name] for name in statement.names]
        dumped = adapting.dump_sequence(values, [PyFormat.AUTO] * len(values))
        key, formats = (statement, adapting.types), adapting.formats
        name = self._trip_names.get(key) or fresh.get(key)
        is_new = name is None
        if name is None:
            name = fresh[key] = f"trip{next(self._trip_numbers)}".encode()
            self.pgconn.send_prepare(name, statement.numbered, adapting.types)
        self.pgconn.send_query_prepared(name, dumped, formats)
        return key, is_new

    @property
    def _transformer(self) -> Transformer:
        """Of the connection and not of a statement: it remembers how each type is written and read."""
        if self._trip_adapting is None:
            self._trip_adapting = adapt.Transformer(_Types(self.adapters))
        return self._trip_adapting

    def _rows(self, result: PGresult) -> list[TupleRow]:
        if result.status != ExecStatus.TUPLES_OK:
            return []
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)

    async def _leave_pipeline(self) -> None:
        """A connection that stands in the middle of an answer is of no use to anyone."""
        try:
            self.pgconn.exit_pipeline_mode()
        except OperationalError:
            await self.close()
