"""What a turn reads of the persona, in one trip: the version that speaks to this fan, the mood, the schedule and the
corpus.

Which index of the corpus serves, and by which model, is remembered from the turn before, since the question has to be
embedded by that model first. What is read after the search says what serves now; where that is another, both are read
once more. They are two statements because the search alone has to be planned anew for its index.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from pgvector import HalfVector
from psycopg.rows import TupleRow

from companion.kernel.clock import Clock
from companion.kernel.postgres import EVERY_FAN, Pool, scoped, scoped_together
from companion.kernel.statements import Parameters, Statement
from companion.providers.llm.base import Passage, ScheduleItem
from personas.contracts import LOWEST_TIER, PersonaSheet
from personas.corpus.retrieval import FOUND, SERVING, SETTINGS, Serving, parameters
from personas.recurrence import Rule, merged, running
from personas.voice import VoiceColour, voice_colour

SCHEDULE_ENTRIES = 6

# Where a fan stands among a hundred for the version on trial: always at the same place, so a share that grows only adds
# fans. md5, because it is the same in every release of Postgres.
STANDS_AT = "mod(('x' || left(md5(%(fan)s::text || p.canary_version_id::text), 8))::bit(32)::bigint, 100)"
# What personas.recurrence.Rule is made of, in its order.
RULE = "starts_at, ends_at, repeats, to_jsonb(weekdays), repeats_until, zone, to_jsonb(skipped)"
# What repeats may have an occurrence left: its days are those of a zone, and one lasts a day at most.
ALIVE = """case when repeats = 'none' then ends_at > now()
 else repeats_until is null or repeats_until >= current_date - 2 end"""
READ = Statement(f"""
select now(),
 (select jsonb_build_array(p.name, a.pronoun, v.id, v.number, v.model, v.id is not distinct from p.canary_version_id)
   from personas_persona p
   join personas_personaversion v on v.artist_id = p.artist_id
    and v.id = case when {STANDS_AT} < p.canary_share then p.canary_version_id else p.live_version_id end
   join tenancy_artist a on a.id = p.artist_id where p.artist_id = %(artist)s),
 (select jsonb_agg(jsonb_build_array(jsonb_build_array(label, line), {RULE})) from personas_mood
   where artist_id = %(artist)s and starts_at <= now() and {ALIVE}),
 (select jsonb_agg(jsonb_build_array(title, {RULE})) from (
   (select * from personas_scheduleentry where artist_id = %(artist)s and repeats = 'none' and ends_at > now()
    order by starts_at limit {SCHEDULE_ENTRIES})
   union all
   (select * from personas_scheduleentry where artist_id = %(artist)s and repeats <> 'none' and {ALIVE})) entries),
 {SERVING}
""")  # noqa: S608 -- constants of this package, no input
SEARCH = Statement(
    f"with {FOUND} select id::text, kind, title, text from corpus_found order by score desc, id",  # noqa: S608 -- as above
    settings=SETTINGS,
)
READ_SHEET = Statement("select sheet from personas_personaversion where artist_id = %(artist)s and id = %(version)s")

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
    # What the version pins to answer, by the provider's name for it; "" is the provider's own.
    model: str = ""
    on_trial: bool = False

    @property
    def mood_lines(self) -> tuple[str, ...]:
        """The version's lines for the mood that holds now."""
        label = self.mood[0].casefold() if self.mood else ""
        return next((lines for name, lines in self.sheet.moods.items() if name.casefold() == label), ())

    def voice(self, emotion: str | None = None) -> VoiceColour:
        """How a reply of this emotion sounds now; without one, how the mood does."""
        return voice_colour(self.mood[0] if self.mood else "", emotion)

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

    def __init__(self, pool: Pool, embed: Embed, clock: Clock) -> None:
        self._pool = pool
        self._embed = embed
        self._clock = clock
        self._sheets: dict[UUID, PersonaSheet] = {}
        self._serving: dict[UUID, Serving | None] = {}

    def needs_vector(self, artist: UUID) -> bool:
        """Whether a read for this artist will ask for the text's vector, as far as one can tell beforehand."""
        serving = self._serving.get(artist)
        return artist not in self._serving or (serving is not None and bool(serving.model))

    async def read(
        self, artist: UUID, fan: UUID | None, text: str | None, *, tier: int = LOWEST_TIER
    ) -> PersonaContext:
        """What speaks to this fan: the version on trial for those whom its share reaches, else the live one, which
        also speaks to nobody in particular (no `fan`).

        Raises NoLivePersona and psycopg's errors. Without a vector (`embed` answers None) passages go by words.
        """
        known = self._serving.get(artist)
        row, found = await self._rows(artist, fan, text, known, tier)
        serving = self._serving[artist] = Serving.read(row[4])
        if text is not None and serving != known:
            row, found = await self._rows(artist, fan, text, serving, tier)
        now, persona, moods, schedule, _ = row
        if persona is None:
            raise NoLivePersona(str(artist))
        name, pronoun, version, number, model, on_trial = persona
        return PersonaContext(
            name=name,
            pronoun=pronoun,
            version_id=UUID(version),
            version_number=number,
            sheet=await self._sheet(artist, UUID(version)),
            mood=running((((label, line), _rule(*rule)) for (label, line), *rule in moods or ()), now),
            schedule=_coming(schedule or (), now),
            passages=tuple(Passage(*passage) for passage in found),
            model=model,
            on_trial=on_trial,
        )

    async def _rows(
        self, artist: UUID, fan: UUID | None, text: str | None, serving: Serving | None, tier: int
    ) -> tuple[TupleRow, list[TupleRow]]:
        """What READ answers, and the passages that the search found."""
        asked: list[tuple[Statement, Parameters]] = [(READ, {"artist": artist, "fan": fan})]
        if text is not None and serving is not None:
            vector = await self._embed(text, serving) if serving.model else None
            asked.insert(0, (SEARCH, parameters(artist, serving, text, vector, self._clock.now(), tier=tier)))
        *found, read = await scoped_together(self._pool, artist, fan or EVERY_FAN, *asked)
        return read[0], found[0] if found else []

    async def _sheet(self, artist: UUID, version: UUID) -> PersonaSheet:
        sheet = self._sheets.get(version)
        if sheet is None:
            rows = await scoped(self._pool, artist, EVERY_FAN, READ_SHEET, {"artist": artist, "version": version})
            sheet = PersonaSheet.from_json(rows[0][0])
            if len(self._sheets) >= self.KEPT_SHEETS:
                self._sheets.pop(next(iter(self._sheets)))
            self._sheets[version] = sheet
        return sheet


def _coming(entries: Sequence[Sequence[Any]], now: datetime) -> tuple[ScheduleItem, ...]:
    """What runs or comes next, repeated entries with each of their times."""
    found = merged(((title, _rule(*rule)) for title, *rule in entries), now)
    return tuple(ScheduleItem(title, one.starts_at, one.ends_at) for title, one in islice(found, SCHEDULE_ENTRIES))


def _rule(
    starts_at: str, ends_at: str, repeats: str, weekdays: list[int], until: str | None, zone: str, skipped: list[str]
) -> Rule:
    return Rule(
        datetime.fromisoformat(starts_at),
        datetime.fromisoformat(ends_at),
        repeats,
        tuple(weekdays),
        date.fromisoformat(until) if until else None,
        zone,
        frozenset(map(date.fromisoformat, skipped)),
    )
