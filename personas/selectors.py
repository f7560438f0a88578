"""Reads of the persona for pages and jobs. A turn reads by its own statement (personas/context.py)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from personas.contracts import PersonaSheet
from personas.models import Mood, Period, Persona, PersonaVersion, ScheduleEntry
from personas.recurrence import Repeats, merged, running
from tenancy.context import tenant

P = TypeVar("P", bound=Period)


@dataclass(frozen=True, slots=True)
class Version:
    """A version as written; `model` is what it pins, or ""."""

    id: UUID
    number: int
    sheet: PersonaSheet
    model: str


def live_version(*, artist: UUID) -> Version | None:
    """The version that speaks now."""
    with tenant(artist):
        persona = Persona.objects.select_related("live_version").first()
        version = persona.live_version if persona else None
    return _as_written(version) if version else None


def written_version(version: UUID, *, artist: UUID) -> Version | None:
    """Any version of this artist, for a new one that starts from it."""
    with tenant(artist):
        found = PersonaVersion.objects.filter(pk=version).first()
    return _as_written(found) if found else None


def current_mood(*, artist: UUID, at: datetime | None = None) -> tuple[str, str] | None:
    """(label, line) of the mood that holds at the moment; where two do, the one that began last."""
    moment = at or timezone.now()
    with tenant(artist):
        moods = list(alive(Mood.objects.filter(starts_at__lte=moment), moment))
    return running((((mood.label, mood.line), mood.rule) for mood in moods), moment)


def coming_schedule(*, artist: UUID, limit: int, at: datetime | None = None) -> list[tuple[str, datetime, datetime]]:
    """(title, starts_at, ends_at) of what runs or comes, earliest first; what repeats with each of its times."""
    moment = at or timezone.now()
    with tenant(artist):
        rows = ScheduleEntry.objects.order_by("starts_at")
        once = list(alive(rows.filter(repeats=Repeats.NONE), moment)[:limit])
        entries = [*once, *alive(rows.exclude(repeats=Repeats.NONE), moment)]
    found = merged(((entry.title, entry.rule) for entry in entries), moment)
    return [(title, one.starts_at, one.ends_at) for title, one in islice(found, limit)]


def alive(rows: QuerySet[P], at: datetime) -> QuerySet[P]:
    """Moods or entries that run or come after the moment; of those that repeat perhaps some that are just over."""
    repeats = ~Q(repeats=Repeats.NONE) & (Q(repeats_until=None) | Q(repeats_until__gte=at.date() - timedelta(days=2)))
    return rows.filter(repeats | Q(repeats=Repeats.NONE, ends_at__gt=at))


def _as_written(version: PersonaVersion) -> Version:
    return Version(version.id, version.number, PersonaSheet.from_json(version.sheet), version.model)
