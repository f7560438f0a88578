"""What a turn reads of the persona: one statement for the version that speaks to this fan, the mood, the schedule and
the corpus.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector import HalfVector

from companion.kernel.postgres import EVERY_FAN, Pool, scoped
from companion.providers.llm.base import Passage, ScheduleItem
from personas.contracts import PersonaSheet

PASSAGES = 4
SCHEDULE_ENTRIES = 6

# Where a fan stands among a hundred for the version on trial: always at the same place, so a share that grows only adds
# fans. md5, because it is the same in every release of Postgres.
STANDS_AT = "mod(('x' || left(md5(%(fan)s::text || p.canary_version_id::text), 8))::bit(32)::bigint, 100)"
READ = f"""
select
 (select jsonb_build_array(p.name, a.pronoun, v.id, v.number, v.model, v.id is not distinct from p.canary_version_id)
   from personas_persona p
   join personas_personaversion v on v.artist_id = p.artist_id
    and v.id = case when {STANDS_AT} < p.canary_share then p.canary_version_id else p.live_version_id end
   join tenancy_artist a on a.id = p.artist_id where p.artist_id = %(artist)s),
 (select jsonb_build_array(label, line) from personas_mood
   where artist_id = %(artist)s and starts_at <= now() and ends_at > now() order by starts_at desc limit 1),
 (select jsonb_agg(jsonb_build_array(title, starts_at, ends_at) order by starts_at) from (
   select title, starts_at, ends_at from personas_scheduleentry
   where artist_id = %(artist)s and ends_at > now() order by starts_at limit {SCHEDULE_ENTRIES}) entries),
 (select jsonb_agg(jsonb_build_array(id, kind, title, text)) from (
   select id, kind, title, text from personas_corpuspassage
   where artist_id = %(artist)s and active and embedding_model = %(model)s
   order by embedding <=> %(vector)s::halfvec limit %(passages)s) nearest)
"""  # noqa: S608 -- constants of this file, no input
READ_SHEET = "select sheet from personas_personaversion where artist_id = %s and id = %s"

Embed = Callable[[str], Awaitable[HalfVector | None]]


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
    # What the version pins to answer, by the provider's name for it; "" is the provider's own.
    model: str = ""
    on_trial: bool = False

    @property
    def mood_lines(self) -> tuple[str, ...]:
        """The version's lines for the mood that holds now."""
        label = self.mood[0].casefold() if self.mood else ""
        return next((lines for name, lines in self.sheet.moods.items() if name.casefold() == label), ())

    def as_trace(self) -> dict[str, Any]:
        """What the trace keeps of it: versions and ids, titles for the fan's `why`."""
        return {
            "persona_version": self.version_number,
            "on_trial": self.on_trial,
            "mood": list(self.mood) if self.mood else None,
            "passages": [{"id": p.id, "title": p.title, "text": p.text} for p in self.passages],
            "schedule": [item.title for item in self.schedule],
        }


class NoLivePersona(LookupError):
    """The artist has no live persona version, so nobody can answer."""


class PersonaReader:
    """Reads contexts. Sheets are immutable, so each is parsed once a process."""

    KEPT_SHEETS = 500

    def __init__(self, pool: Pool, embed: Embed, embedding_model: str) -> None:
        self._pool = pool
        self._embed = embed
        self._model = embedding_model
        self._sheets: dict[UUID, PersonaSheet] = {}

    async def read(self, artist: UUID, fan: UUID | None, text: str | None) -> PersonaContext:
        """What speaks to this fan: the version on trial for those whom its share reaches, else, and to nobody (None),
        the live one.

        Raises NoLivePersona and psycopg's errors. Without a vector (`embed` answers None) there are no passages.
        """
        vector = await self._embed(text) if text is not None else None
        parameters = {
            "artist": artist,
            "fan": fan,
            "model": self._model,
            "vector": vector,
            "passages": 0 if vector is None else PASSAGES,
        }
        rows = await scoped(self._pool, artist, EVERY_FAN, READ, parameters)
        persona, mood, schedule, passages = rows[0]
        if persona is None:
            raise NoLivePersona(str(artist))
        name, pronoun, version, number, model, on_trial = persona
        return PersonaContext(
            name=name,
            pronoun=pronoun,
            version_id=UUID(version),
            version_number=number,
            sheet=await self._sheet(artist, UUID(version)),
            mood=tuple(mood) if mood else None,
            schedule=tuple(_item(*entry) for entry in schedule or ()),
            passages=tuple(Passage(*passage) for passage in passages or ()),
            model=model,
            on_trial=on_trial,
        )

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
