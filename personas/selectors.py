"""Reads of the persona for pages and jobs. A turn reads by its own statement (personas/context.py)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from personas.contracts import PersonaSheet
from personas.models import Mood, Persona, PersonaVersion, ScheduleEntry
from tenancy.context import tenant


@dataclass(frozen=True, slots=True)
class LiveVersion:
    id: UUID
    number: int
    sheet: PersonaSheet


def live_version(*, artist: UUID) -> LiveVersion | None:
    """The version that speaks now."""
    with tenant(artist):
        persona = Persona.objects.select_related("live_version").first()
        version = persona.live_version if persona else None
    return _as_live(version) if version else None


def version_sheet(version: UUID, *, artist: UUID) -> PersonaSheet | None:
    """The sheet of any version of this artist, for a new version that starts from it."""
    with tenant(artist):
        found = PersonaVersion.objects.filter(pk=version).first()
    return PersonaSheet.from_json(found.sheet) if found else None


def current_mood(*, artist: UUID, at: datetime | None = None) -> tuple[str, str] | None:
    """(label, line) of the mood that holds at the moment; where two do, the one that began last."""
    moment = at or timezone.now()
    with tenant(artist):
        mood = Mood.objects.filter(starts_at__lte=moment, ends_at__gt=moment).order_by("-starts_at").first()
    return (mood.label, mood.line) if mood else None


def coming_schedule(*, artist: UUID, limit: int, at: datetime | None = None) -> list[tuple[str, datetime, datetime]]:
    """(title, starts_at, ends_at) of what runs or comes, earliest first."""
    moment = at or timezone.now()
    with tenant(artist):
        entries = ScheduleEntry.objects.filter(ends_at__gt=moment).order_by("starts_at")[:limit]
        return [(entry.title, entry.starts_at, entry.ends_at) for entry in entries]


def _as_live(version: PersonaVersion) -> LiveVersion:
    return LiveVersion(version.id, version.number, PersonaSheet.from_json(version.sheet))
