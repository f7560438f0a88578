"""What artists have, as a sum over every table that knows artists: equal before and after means untouched."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from tests.isolation.walls import tenant_models

Ledger = dict[str, tuple[int, int]]


def ledger(connection: psycopg.Connection[Any], artists: Iterable[UUID]) -> Ledger:
    """(rows, sum of the rows' hashes) of each table, of these artists. `connection` is a superuser's."""
    whose = list(artists)
    tables = [(model._meta.db_table, "artist_id") for model in tenant_models()] + [("tenancy_artist", "id")]
    parts = [
        sql.SQL(
            "select {name}, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)"
            " from {table} t where {key} = any({whose})"
        ).format(name=table, table=sql.Identifier(table), key=sql.Identifier(column), whose=sql.Literal(whose))
        for table, column in tables
    ]
    rows = connection.execute(sql.SQL(" union all ").join(parts)).fetchall()
    return {name: (count, int(total)) for name, count, total in rows}
