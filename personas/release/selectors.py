"""Reads of the gate for its job. Its pages read by personas/console."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from companion.providers.llm.base import ScheduleItem
from moderation.lines import stopped_words
from personas import selectors
from personas.context import SCHEDULE_ENTRIES, PersonaContext
from personas.contracts import PersonaSheet
from personas.models import PersonaVersion
from personas.release.models import CheckRun
from tenancy.access import met_artists
from tenancy.context import tenant
from tenancy.models import Artist


@dataclass(frozen=True, slots=True)
class Case:
    """What one run of the checks is about: a draft and what speaks now, each as a turn would find them.

    There are no passages of the corpus in it: the corpus is not what is released here.
    """

    draft: PersonaContext
    live: PersonaContext | None
    banned: Callable[[str], str | None]
    other_artists: Sequence[str]


def case_of(run: UUID, *, artist: UUID, now: datetime) -> Case:
    """The case of a run that is there."""
    with tenant(artist):
        found = CheckRun.objects.select_related("version__persona", "against__persona").get(pk=run)
        pronoun = Artist.objects.get(pk=artist).pronoun
        mood = selectors.current_mood(artist=artist, at=now)
        coming = selectors.coming_schedule(artist=artist, limit=SCHEDULE_ENTRIES, at=now)
        schedule = tuple(ScheduleItem(*entry) for entry in coming)
        return Case(
            draft=_context(found.version, pronoun, mood, schedule),
            live=_context(found.against, pronoun, mood, schedule) if found.against else None,
            banned=stopped_words(),
            other_artists=tuple(met_artists().exclude(pk=artist).values_list("name", flat=True)),
        )


def _context(
    version: PersonaVersion, pronoun: str, mood: tuple[str, str] | None, schedule: tuple[ScheduleItem, ...]
) -> PersonaContext:
    return PersonaContext(
        name=version.persona.name,
        pronoun=pronoun,
        version_id=version.pk,
        version_number=version.number,
        sheet=PersonaSheet.from_json(version.sheet),
        mood=mood,
        schedule=schedule,
        passages=(),
        model=version.model,
    )
