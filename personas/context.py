"""What a turn reads of the persona: one statement for the live version, the mood, the schedule and the corpus.

Which index of the corpus serves, and by which model, is remembered from the turn before, since the question has to be
embedded by that model first. The statement says what serves now; where that is another, it is read once more.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector import HalfVector
from psycopg.rows import TupleRow

from companion.kernel.clock import Clock
from companion.kernel.postgres import EVERY_FAN, Pool, scoped
from companion.providers.llm.base import Passage, ScheduleItem
from personas.contracts import LOWEST_TIER, PersonaSheet
from personas.corpus.retrieval import FOUND, SERVING, SETTINGS, Serving, parameters

SCHEDULE_ENTRIES = 6

READ = f"""
with {FOUND}
select
 (select jsonb_build_array(p.name, a.pronoun, v.id, v.number) from personas_persona p
   join personas_personaversion v on v.artist_id = p.artist_id and v.id = p.live_version_id
   join tenancy_artist a on a.id = p.artist_id where p.artist_id = %(artist)s),
 (select jsonb_build_array(label, line) from personas_mood
   where artist_id = %(artist)s and starts_at <= now() and ends_at > now() order by starts_at desc limit 1),
 (select jsonb_agg(jsonb_build_array(title, starts_at, ends_at) order by starts_at) from (
   select title, starts_at, ends_at from personas_scheduleentry
   where artist_id = %(artist)s and ends_at > now() order by starts_at limit {SCHEDULE_ENTRIES}) entries),
 {SERVING},
 (select jsonb_agg(jsonb_build_array(id, kind, title, text) order by score desc, id) from corpus_found)
"""  # noqa: S608 -- constants of this package, no input
READ_SHEET = "select sheet from personas_personaversion where artist_id = %s and id = %s"

# By the model of the index that serves; None where its provider is away or out of reach: words alone decide then.
Embed = Callable[[str, Serving], Awaitable[HalfVector | None]]


@dataclass(frozen=True, slots=True)
class PersonaContext:
    """Everything of the persona that one turn may use."""

    name: str
    pronoun: str
    version_id: UUID
    version_number: int
    sheet: PersonaSheet
    mood: tuple[str, str] | None
    schedule: tuple[ScheduleItem, ...]
    passages: tuple[Passage, ...]

    def as_trace(self) -> dict[str, Any]:
        """What the trace keeps of it: versions and ids, titles for the fan's `why`."""
        return {
            "persona_version": self.version_number,
            "mood": list(self.mood) if self.mood else None,
            "passages": [{"id": p.id, "title": p.title, "text": p.text} for p in self.passages],
            "schedule": [item.title for item in self.schedule],
        }


class NoLivePersona(LookupError):
    """The artist has no live persona version, so nobody can answer."""


class PersonaReader:
    """Reads contexts. Sheets are immutable, so each is parsed once a process."""

    KEPT_SHEETS = 500

    def __init__(self, pool: Pool, embed: Embed, clock: Clock) -> None:
        self._pool = pool
        self._embed = embed
        self._clock = clock
        self._sheets: dict[UUID, PersonaSheet] = {}
        self._serving: dict[UUID, Serving | None] = {}

    async def read(self, artist: UUID, text: str | None, *, tier: int = LOWEST_TIER) -> PersonaContext:
        """Raises NoLivePersona and psycopg's errors. Without a vector (`embed` answers None) passages go by words."""
        known = self._serving.get(artist)
        row = await self._row(artist, text, known, tier)
        serving = Serving.read(row[3])
        if text is not None and serving != known:
            self._serving[artist] = serving
            row = await self._row(artist, text, serving, tier)
        persona, mood, schedule, _, passages = row
        if persona is None:
            raise NoLivePersona(str(artist))
        name, pronoun, version, number = persona
        return PersonaContext(
            name=name,
            pronoun=pronoun,
            version_id=UUID(version),
            version_number=number,
            sheet=await self._sheet(artist, UUID(version)),
            mood=tuple(mood) if mood else None,
            schedule=tuple(_item(*entry) for entry in schedule or ()),
            passages=tuple(Passage(*passage) for passage in passages or ()),
        )

    async def _row(self, artist: UUID, text: str | None, serving: Serving | None, tier: int) -> TupleRow:
        vector = None
        if text is not None and serving is not None and serving.model:
            vector = await self._embed(text, serving)
        asked = parameters(artist, serving, text, vector, self._clock.now(), tier=tier)
        rows = await scoped(self._pool, artist, EVERY_FAN, READ, asked, local=SETTINGS)
        return rows[0]

    async def _sheet(self, artist: UUID, version: UUID) -> PersonaSheet:
        sheet = self._sheets.get(version)
        if sheet is None:
            rows = await scoped(self._pool, artist, EVERY_FAN, READ_SHEET, [artist, version])
            sheet = PersonaSheet.from_json(rows[0][0])
            if len(self._sheets) >= self.KEPT_SHEETS:
                self._sheets.pop(next(iter(self._sheets)))
            self._sheets[version] = sheet
        return sheet


def _item(title: str, starts_at: str, ends_at: str) -> ScheduleItem:
    return ScheduleItem(title, datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at))
