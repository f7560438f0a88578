"""The archive's writer: what the fan and the persona said, but for what must not be kept."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from memory import sessions
from memory.contracts import Said
from memory.covering import covered_by
from memory.models import ArchiveLine, Tombstone
from memory.selectors import consents, off_the_record, settings_of
from tenancy.context import tenant

# (text, consent to special categories) → whether the line may be kept.
Policy = Callable[[str, bool], bool]


def archive(
    artist: UUID, fan: UUID, said: Sequence[Said], vectors: Sequence[Any], model: str, *, allowed: Policy
) -> int:
    """Keeps the messages with their vectors, once; answers how many were kept now. Safe to repeat.

    Left out: what was said off the record, before it was forgotten, or what the policy does not allow, given the
    fan's word on special categories at that time.
    """
    begun = {line.id: _begun_at(line) for line in said}
    with tenant(artist, fan=fan):
        sessions.locked(artist, fan)  # a forgetting that runs beside this either sees the lines or is seen
        settings, known = settings_of(artist=artist, fan=fan), _known(fan, said)
        rows = [
            _row(artist, fan, line, vector, model)
            for line, vector in zip(said, vectors, strict=True)
            if line.id not in known
            and not any(off_the_record(settings, at) for at in (line.said_at, begun[line.id]))
            and allowed(line.text, consents(settings, begun[line.id]))
        ]
        for grave in Tombstone.objects.filter(fan_id=fan):
            covered = covered_by(grave, rows, lambda row: begun[row.message_id])
            rows = [row for row in rows if row not in covered]
        ArchiveLine.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _row(artist: UUID, fan: UUID, line: Said, vector: Any, model: str) -> ArchiveLine:
    return ArchiveLine(
        artist_id=artist,
        fan_id=fan,
        message_id=line.id,
        role=line.role,
        text=line.text,
        said_at=line.said_at,
        embedding=vector,
        embedding_model=model,
    )


def _begun_at(line: Said) -> datetime:
    """What is forgotten while a reply is being made may still be told by it, and is not kept for that."""
    return line.begun_at or line.said_at


def missing(artist: UUID, fan: UUID, said: Sequence[Said]) -> list[Said]:
    """What of it is not in the archive, kept out or never come to it."""
    with tenant(artist, fan=fan):
        known = _known(fan, said)
    return [line for line in said if line.id not in known]


def _known(fan: UUID, said: Sequence[Said]) -> set[UUID]:
    """Which of the messages the archive has. Within the tenant's scope."""
    ids = [line.id for line in said]
    return set(ArchiveLine.objects.filter(fan_id=fan, message_id__in=ids).values_list("message_id", flat=True))
