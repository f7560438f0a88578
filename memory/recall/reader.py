"""What one turn recalls of its fan: one statement over the fan's own rows, exact, by their index on (artist, fan)."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pgvector import HalfVector
from psycopg.rows import TupleRow

from companion.kernel.clock import zone_of
from companion.kernel.postgres import PLANNED_ONCE, Pool, scoped
from companion.kernel.statements import Statement
from memory.contracts import Recalled, RecalledLine, RecalledMemory
from memory.recall.dates import days_meant
from memory.recall.forms import with_forms
from memory.recall.graves import GRAVES, tombstones_of
from memory.recall.scoring import ASKED, EXTRAS, TALK_GAP, WEIGHTS, WORDS, Weights, scored
from memory.tombstones import NEAR, Tombstones

MEMORIES = 12
LINES = 16
NEVER = datetime(1, 1, 1, tzinfo=UTC)

# Whether something forgotten lies near in meaning to what was said before it was.
NEAR_GRAVE = f"""exists (
  select from memory_tombstone t where t.artist_id = %(artist)s and t.fan_id = %(fan)s and t.until > {{0}}.said_at
  and t.embedding_model = {{0}}.embedding_model and -(t.embedding <#> {{0}}.embedding) >= {NEAR})"""
# Vectors have the length one (Embedder), so their inner product is the cosine, and needs no lengths. A row of another
# model is found by its words alone, until it has been embedded anew.
COSINE = "case when embedding_model = %(model)s then -(embedding <#> %(vector)s::halfvec) end cosine"
READ = Statement(
    f"""
with asked as materialized ({ASKED}),
memory_rows as materialized (
 select id key, {WORDS}, {COSINE}, salience, said_at, 'fan' role
 from memory_memory where artist_id = %(artist)s and fan_id = %(fan)s and status = 'active'),
{scored("memory")},
archive_rows as materialized (
 select id key, message_id, role, said_at, {WORDS}, {COSINE}
 from memory_archiveline where artist_id = %(artist)s and fan_id = %(fan)s),
{scored("archive")},
talk as (
 select key, message_id, role, said_at, mixed,
  case when said_at - lag(said_at) over w < '{TALK_GAP}' then lag(mixed) over w else 0 end
  + case when lead(said_at) over w - said_at < '{TALK_GAP}' then lead(mixed) over w else 0 end around
 from archive_scores window w as (order by said_at, key)),
best_memories as materialized (
 select key, mixed + %(w_salience)s * (salience - 0.5) + {EXTRAS} score
 from memory_scores order by score desc limit %(memories)s),
sources as materialized (
 select distinct on (b.key) b.key, b.score, s.message_id, s.quote, s.said_at
 from best_memories b join memory_memorysource s on s.artist_id = %(artist)s and s.memory_id = b.key
 order by b.key, s.said_at desc),
lent as (select message_id, max(score) score from sources group by message_id),
best_lines as (
 select key, mixed + %(w_neighbours)s * around / 2 + {EXTRAS} + %(w_memory)s * coalesce(lent.score, 0) score
 from talk left join lent using (message_id) order by score desc limit %(lines)s)
select 'memory', s.key, m.kind, m.text, s.message_id, s.quote, s.said_at, s.score::float, {NEAR_GRAVE.format("m")},
 false, null::timestamptz from sources s join memory_memory m on m.artist_id = %(artist)s and m.id = s.key
union all
select 'line', a.message_id, a.role, a.text, a.message_id, '', a.said_at, b.score::float, {NEAR_GRAVE.format("a")},
 false, null::timestamptz from best_lines b join memory_archiveline a on a.artist_id = %(artist)s and a.id = b.key
union all
{GRAVES}
order by 8 desc
""",  # noqa: S608 -- constants of this package, no input
    settings=PLANNED_ONCE,
)

Embed = Callable[[str], Awaitable[HalfVector | None]]


@dataclass(frozen=True, slots=True)
class Question:
    """What was said now, by whom, to whom, and when; the names tell whose words are meant."""

    text: str
    fan_name: str
    persona_name: str
    now: datetime
    time_zone: str


class Recall:
    """Reads what is remembered. `memories` and `lines` bound what one read returns.

    Fans of whom nothing was found are noted: until something is, their messages need no vector.
    """

    KEPT_STRANGERS = 20_000

    def __init__(
        self,
        pool: Pool,
        embed: Embed,
        embedding_model: str,
        *,
        weights: Weights = WEIGHTS,
        memories: int = MEMORIES,
        lines: int = LINES,
    ) -> None:
        self._pool = pool
        self._embed = embed
        self._forms = weights.forms
        self._fixed = {
            "model": embedding_model,
            "memories": memories,
            "lines": lines,
            "w_vector": weights.vector,
            "w_words": weights.words,
            "w_neighbours": weights.neighbours,
            "w_speaker": weights.speaker,
            "w_days": weights.days,
            "w_recency": weights.recency,
            "half_life": weights.half_life_days,
            "w_salience": weights.salience,
            "w_memory": weights.memory,
        }
        self._strangers: dict[UUID, None] = {}  # the longest known first

    def needs_vector(self, fan: UUID) -> bool:
        """Whether a read for this fan will ask for the question's vector, as far as one can tell beforehand."""
        return fan not in self._strangers

    async def read(self, artist: UUID, fan: UUID, question: Question) -> Recalled:
        """Raises psycopg's errors. Without a vector (`embed` answers None) the words alone decide."""
        asked = self._fixed | _parameters(question, forms=self._forms) | {"artist": artist, "fan": fan}
        rows: Sequence[TupleRow] = ()
        if fan in self._strangers:  # whatever she has is found by its words too, if not in the right order
            rows = await scoped(self._pool, artist, fan, READ, asked | {"vector": None})
        if rows or fan not in self._strangers:
            asked["vector"] = await self._embed(question.text)
            rows = await scoped(self._pool, artist, fan, READ, asked)
            self._note(fan, stranger=not rows)
        forgotten = tombstones_of(fan, rows)
        seen = [row for row in rows if row[0] != "grave" and not row[8] and not _hidden(row, forgotten)]
        return Recalled(
            memories=tuple(RecalledMemory(*row[1:8]) for row in seen if row[0] == "memory"),
            lines=tuple(RecalledLine(row[1], row[2], row[3], row[6], row[7]) for row in seen if row[0] == "line"),
            forgotten=forgotten,
        )

    def _note(self, fan: UUID, *, stranger: bool) -> None:
        self._strangers.pop(fan, None)
        if stranger:
            if len(self._strangers) >= self.KEPT_STRANGERS:
                del self._strangers[next(iter(self._strangers))]
            self._strangers[fan] = None


def _hidden(row: TupleRow, forgotten: Tombstones) -> bool:
    """A line goes with its message; a memory by what it says, for one message may tell several things."""
    return forgotten.cover(row[3], row[6], messages=(row[4],) if row[0] == "line" else ())


def _parameters(question: Question, *, forms: bool) -> dict[str, Any]:
    zone = zone_of(question.time_zone)
    days = days_meant(question.text, question.now.astimezone(zone).date())
    since, until = days.moments(zone) if days else (NEVER, NEVER)
    return {
        "text": with_forms(question.text) if forms else question.text,
        "fan_name": question.fan_name,
        "persona_name": question.persona_name,
        "speakers": _speakers(question),
        "since": since,
        "until": until,
        "now": question.now,
    }


def _speakers(question: Question) -> list[str]:
    """Whose lines the question asks for: those of the one it names, else of "I" (the fan) or "you" (the persona)."""
    words = set(re.findall(r"\w+", question.text.lower()))
    named = [
        role
        for role, name in (("fan", question.fan_name), ("persona", question.persona_name))
        if words & set(re.findall(r"\w+", name.lower()))
    ]
    if named:
        return named
    pronouns = (("fan", {"i", "my", "me", "mine"}), ("persona", {"you", "your", "yours"}))
    return [role for role, meant in pronouns if words & meant][:1]
