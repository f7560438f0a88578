"""Lines of the archive beside a fan's tombstones. Lines have vectors, the window and the traces have none: of what is
covered there they know ids alone, which are noted on the tombstones here.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from memory.models import ArchiveLine, Tombstone
from memory.selectors import grave_of, vector_of
from memory.tombstones import Tombstones


def covered_by(
    row: Tombstone, lines: Sequence[ArchiveLine], known_at: Callable[[ArchiveLine], datetime]
) -> list[ArchiveLine]:
    """Those that it covers, their ids noted on it. Of new ones the traces have to be freed once more.

    `known_at(line)`: of when is what the line draws on. Within the tenant's scope and the lock of sessions.py.
    """
    grave = Tombstones(row.fan_id, [grave_of(row)])
    covered = [line for line in lines if _covers(grave, line, known_at(line))]
    _note(row, {line.message_id for line in covered} - set(row.messages))
    return covered


def _covers(grave: Tombstones, line: ArchiveLine, known_at: datetime) -> bool:
    vector, model = vector_of(line.embedding), line.embedding_model
    return grave.cover(line.text, known_at, messages=[line.message_id], vector=vector, model=model)


def _note(row: Tombstone, messages: set[UUID]) -> None:
    """Not where the row says itself which lines it covers, with no need of a vector."""
    if messages and not (row.everything or row.special):
        row.messages, row.settled_at = [*row.messages, *messages], None
        row.save(update_fields=["messages", "settled_at"])
