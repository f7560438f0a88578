"""Reads of the persona for pages and jobs. A turn reads by its own statement (personas/context.py)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from personas.contracts import PersonaSheet
from personas.models import CorpusPassage, Mood, Persona, PersonaVersion, ScheduleEntry
from tenancy.context import tenant


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
        mood = Mood.objects.filter(starts_at__lte=moment, ends_at__gt=moment).order_by("-starts_at").first()
    return (mood.label, mood.line) if mood else None


def coming_schedule(*, artist: UUID, limit: int, at: datetime | None = None) -> list[tuple[str, datetime, datetime]]:
    """(title, starts_at, ends_at) of what runs or comes, earliest first."""
    moment = at or timezone.now()
    with tenant(artist):
        entries = ScheduleEntry.objects.filter(ends_at__gt=moment).order_by("starts_at")[:limit]
        return [(entry.title, entry.starts_at, entry.ends_at) for entry in entries]


def passage(passage_id: UUID, *, artist: UUID) -> CorpusPassage | None:
    with tenant(artist):
        return CorpusPassage.objects.filter(pk=passage_id).first()


def passages_without(model: str, *, artist: UUID) -> list[CorpusPassage]:
    """Passages that have no vector of this embedding model."""
    with tenant(artist):
        return list(CorpusPassage.objects.exclude(embedding_model=model).order_by("id"))


def _as_written(version: PersonaVersion) -> Version:
    return Version(version.id, version.number, PersonaSheet.from_json(version.sheet), version.model)
