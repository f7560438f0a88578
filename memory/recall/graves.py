"""What a fan has had forgotten, as a turn reads it, and the talk before without the words that tell it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import orjson
from psycopg.rows import TupleRow

from companion.kernel.ids import moment_of
from companion.kernel.statements import Statement
from memory.contracts import Remark
from memory.tombstones import Grave, Tombstones

# The recall's statement has these rows among others.
GRAVES = """
select 'grave', id, to_json(words)::text, to_json(names)::text, id, to_json(messages)::text, until, 0, everything,
 special, since from memory_tombstone where artist_id = %(artist)s and fan_id = %(fan)s
"""
FORGOTTEN = Statement(GRAVES)


def tombstones_of(fan: UUID, rows: Iterable[TupleRow]) -> Tombstones:
    """Those among the rows; they come without vectors."""
    return Tombstones(fan, [_grave(row) for row in rows if row[0] == "grave"])


def _grave(row: TupleRow) -> Grave:
    words, names, messages = (frozenset(orjson.loads(row[column])) for column in (2, 3, 5))
    return Grave(
        until=row[6],
        since=row[10],
        everything=row[8],
        special=row[9],
        messages=frozenset(map(UUID, messages)),
        words=words,
        names=names,
    )


def emptied(window: Sequence[Remark], forgotten: Tombstones) -> list[Remark]:
    """The remarks in their places, without words where they tell what was forgotten.

    An id tells when a thing was said; a reply drew on what was known when the fan spoke.
    """
    known_at: datetime | None = None
    kept: list[Remark] = []
    for remark in window:
        said_at = moment_of(remark.id)
        if remark.role == "fan" or known_at is None:
            known_at = said_at
        covered = forgotten.cover(remark.text, known_at, messages=(remark.id,))
        kept.append(replace(remark, text="") if covered else remark)
    return kept
