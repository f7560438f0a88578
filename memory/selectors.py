"""Reads of a fan's memory. Recall reads by its own statements (memory/recall)."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import F, Q

from companion.kernel.errors import NotFound
from memory.models import Memory, MemorySettings, SessionMark, Tombstone
from memory.tombstones import Grave, Tombstones, Vector
from tenancy.context import tenant

NEVER = datetime(1, 1, 1, tzinfo=UTC)


def memories(
    *, artist: UUID, fan: UUID, before: UUID | None = None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of what is remembered now, newest first, and the cursor of the next page."""
    with tenant(artist, fan=fan):
        rows = Memory.objects.filter(fan_id=fan, status=Memory.Status.ACTIVE).order_by("-id")
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = [as_json(memory) for memory in rows.prefetch_related("sources")[: limit + 1]]
    shown = found[:limit]
    return shown, shown[-1]["id"] if len(found) > limit else None


def as_json(memory: Memory) -> dict[str, Any]:
    """A memory as contract.md's Memory, its sources oldest first."""
    sources = sorted(memory.sources.all(), key=lambda source: source.said_at)
    body: dict[str, Any] = {
        "id": str(memory.id),
        "kind": memory.kind,
        "text": memory.text,
        "created_at": memory.created_at,
        "pinned": memory.pinned,
        "sources": [{"message": str(s.message_id), "quote": s.quote, "said_at": s.said_at} for s in sources],
    }
    dates = {"valid_from": memory.valid_from, "valid_to": memory.valid_to, "corrected_at": memory.corrected_at}
    return body | {name: moment for name, moment in dates.items() if moment}


def memory_of(memory: UUID, *, fan: UUID) -> Memory:
    """What the fan can see of hers, by id. Raises NotFound. Within the tenant's scope."""
    found = Memory.objects.filter(id=memory, fan_id=fan, status=Memory.Status.ACTIVE).first()
    if found is None:
        raise NotFound
    return found


def settings_of(*, artist: UUID, fan: UUID) -> MemorySettings:
    """What the fan allows; a row that was never written says no to nothing but special categories."""
    with tenant(artist, fan=fan):
        return MemorySettings.objects.filter(fan_id=fan).first() or MemorySettings(artist_id=artist, fan_id=fan)


def off_the_record(settings: MemorySettings, said_at: datetime) -> bool:
    """Whether it was said while remembering was paused."""
    spans = ((datetime.fromisoformat(since), until) for since, until in settings.pauses)
    return any(
        since <= said_at and (until is None or said_at <= datetime.fromisoformat(until)) for since, until in spans
    )


def consents(settings: MemorySettings, said_at: datetime) -> bool:
    """Whether she allows what is special of that moment to be kept: consent counts from when it was given.

    What an earlier release wrote has no such moment; its last change is no earlier.
    """
    return settings.special_categories and (settings.special_since or settings.changed_at) <= said_at


def tombstones(*, artist: UUID, fan: UUID) -> Tombstones:
    """Everything that the fan has had forgotten or put right."""
    with tenant(artist, fan=fan):
        return Tombstones(fan, [grave_of(row) for row in Tombstone.objects.filter(fan_id=fan)])


def grave_of(row: Tombstone) -> Grave:
    """A stored tombstone as the matcher takes it."""
    return Grave(
        until=row.until,
        since=row.since,
        everything=row.everything,
        special=row.special,
        messages=frozenset(row.messages),
        words=frozenset(row.words),
        names=frozenset(row.names),
        vector=vector_of(row.embedding),
        model=row.embedding_model,
    )


def vector_of(embedding: Any) -> Vector | None:
    """A stored vector for numpy."""
    return None if embedding is None else as_array(embedding)


def as_array(embedding: Any) -> Vector:
    return np.asarray(embedding.to_list() if hasattr(embedding, "to_list") else embedding, dtype=np.float32)


def idle_sessions(*, quiet_since: datetime, asked_before: datetime) -> Iterable[tuple[UUID, UUID]]:
    """(artist, fan) of talk that ended before `quiet_since` and has not been read, of every artist (system role).

    Not those whose answer could not be read: they wait for the next session; nor those told since `asked_before`.
    """
    unread = Q(extracted_said_at=None) | Q(extracted_said_at__lt=F("last_said_at"))
    sound = Q(failed_at=None) | Q(failed_at__lt=F("last_said_at"))
    told = Q(asked_at=None) | Q(asked_at__lt=F("last_said_at")) | Q(asked_at__lt=asked_before)
    marks = SessionMark.objects.across_tenants().filter(unread, sound, told, last_said_at__lt=quiet_since)
    return list(marks.values_list("artist_id", "fan_id")[:200])


def standing(memories: Collection[tuple[str, datetime]], *, artist: UUID, fan: UUID) -> set[tuple[str, datetime]]:
    """Which of these (id, since) are still as they were at `since`: neither forgotten nor put right after it."""
    if not memories:
        return set()
    with tenant(artist, fan=fan):
        kept = Memory.objects.filter(fan_id=fan, id__in={key for key, _ in memories})
        corrected = {str(key): at for key, at in kept.values_list("id", "corrected_at")}
    return {(key, since) for key, since in memories if key in corrected and (corrected[key] or NEVER) < since}


def unsettled(*, before: datetime) -> list[tuple[UUID, UUID]]:
    """(artist, fan) of whatever was forgotten before then and still stands in traces, of every artist (system role)."""
    waiting = Tombstone.objects.across_tenants().filter(settled_at=None, created_at__lt=before)
    return list(waiting.order_by().values_list("artist_id", "fan_id").distinct()[:200])


def read_upto(*, artist: UUID, fan: UUID) -> UUID | None:
    """The last message of the fan's talk that extraction has read."""
    with tenant(artist, fan=fan):
        return SessionMark.objects.filter(fan_id=fan).values_list("extracted_upto", flat=True).first()
