"""The evaluation of recall: conversations are loaded through the real services into an artist that is removed again.

Each speaker is the fan in one pass; every question is asked in both.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from companion.kernel.ids import new_id
from companion.kernel.postgres import Pool, open_pool
from companion.providers.embeddings import configured
from companion.providers.embeddings.base import Embedder, stored_vectors, to_halfvec1024
from memory.archiving import archive
from memory.configured import configured_extractor, may_archive
from memory.contracts import Recalled, Said
from memory.extracting import extract_session
from memory.models import Memory
from memory.recall.locomo import CATEGORIES, Asked, Dialogue, mean, recall_at
from memory.recall.reader import Question, Recall
from memory.recall.scoring import WEIGHTS, Weights
from memory.words import content_words
from tenancy.context import tenant
from tenancy.models import EVALUATION, Artist, Fan, User

SYSTEM = "system"
RANKED = 30
PLAIN = Weights(neighbours=0, speaker=0, days=0, recency=0, salience=0, memory=0)
# Beside the whole: the archive without what memories lend it, and either plain search over the same lines.
LEGS = {
    "both": WEIGHTS,
    "archive": replace(WEIGHTS, memory=0),
    "fulltext": replace(PLAIN, words=1, vector=0),
    "vector": replace(PLAIN, words=0, vector=1),
}
TABLES = (
    "memory_memorysource",
    "memory_memory",
    "memory_archiveline",
    "memory_tombstone",
    "memory_memorysettings",
    "memory_sessionmark",
    "tenancy_fan",
)


@dataclass(frozen=True, slots=True)
class Pass:
    """A conversation as one of its speakers had it with the persona."""

    artist: UUID
    fan: UUID
    fan_name: str
    persona_name: str
    keys: dict[UUID, str]
    own: frozenset[str]
    dialogue: Dialogue


@dataclass(slots=True)
class Scores:
    """Recall by leg, k and category; each question once, as the mean of its passes."""

    found: dict[tuple[str, int, int], list[float]] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)

    def add(self, leg: str, category: int, rankings: Sequence[tuple[Sequence[str], frozenset[str]]]) -> None:
        for k in (5, 10):
            value = mean([recall_at(ranked, evidence, k) for ranked, evidence in rankings])
            if value is not None:
                self.found.setdefault((leg, k, category), []).append(value)

    def of(self, leg: str, k: int) -> dict[str, float | None]:
        by = {str(category): self.found.get((leg, k, category), []) for category in CATEGORIES}
        every = [value for values in by.values() for value in values]
        return {"all": mean(every), **{category: mean(values) for category, values in by.items()}}

    def milliseconds_at(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 2) if ordered else 0.0


def evaluate(dialogues: Sequence[Dialogue]) -> dict[str, Any]:
    """contract.md's object for eval_memory. Raises the errors of the providers."""
    with _scratch_artist() as artist:
        passes = [_load(artist, dialogue, fan) for dialogue in dialogues for fan in (0, 1)]
        junk = _junk_rate(artist)
        scores = asyncio.run(_ask_all(passes))
    legs = {
        leg: {"recall_at_5": scores.of(leg, 5), "recall_at_10": scores.of(leg, 10)}
        for leg in ("both", "extracted", "archive", "fulltext", "vector")
    }
    times = {"ms_p50": scores.milliseconds_at(0.5), "ms_p95": scores.milliseconds_at(0.95)}
    return {**legs, "junk_rate": junk, **times}


@contextmanager
def _scratch_artist() -> Iterator[UUID]:
    """Gone afterwards with all that hangs on it. Not audited: it is nobody's, and leaves no trace."""
    name = f"evaluation-{new_id().hex}"
    artist = Artist.objects.using(SYSTEM).create(slug=name, name="Evaluation", status=EVALUATION).pk
    try:
        yield artist
    finally:
        with connections[SYSTEM].cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"delete from {table} where artist_id = %s", [artist])  # noqa: S608 -- names above
            cursor.execute("delete from tenancy_user where email like %s", [f"%@{name}.invalid"])
            cursor.execute("delete from tenancy_artist where id = %s", [artist])


def _load(artist: UUID, dialogue: Dialogue, number: int) -> Pass:
    fan_name, persona_name = dialogue.speakers[number], dialogue.speakers[1 - number]
    fan = _make_fan(artist, fan_name)
    embedder, extractor = configured.embedder(), configured_extractor()
    keys: dict[UUID, str] = {}
    for session in dialogue.sessions:
        said = []
        for line in session:
            id_ = new_id()
            keys[id_] = line.key
            said.append(Said(id_, "fan" if line.speaker == fan_name else "persona", line.text, line.said_at))
        if not said:
            continue
        vectors = stored_vectors(embedder, [line.text for line in said])
        archive(artist, fan, said, vectors, embedder.model, allowed=may_archive)
        ended = said[-1].said_at
        extract_session(artist, fan, partial(_given, said), extractor=extractor, embedder=embedder, now=ended)
    own = frozenset(line.key for line in dialogue.lines if line.speaker == fan_name)
    return Pass(artist, fan, fan_name, persona_name, keys, own, dialogue)


def _given(said: Sequence[Said], _after: UUID | None) -> Sequence[Said]:
    return said


def _make_fan(artist: UUID, name: str) -> UUID:
    slug = Artist.objects.get(pk=artist).slug
    user = User.objects.create_user(f"{new_id().hex}@{slug}.invalid", name=name)
    with tenant(artist):
        return Fan.objects.create(artist_id=artist, user=user).pk


async def _ask_all(passes: Sequence[Pass]) -> Scores:
    scores = Scores()
    embedder = configured.embedder()
    pool = await open_pool(settings.DATABASE_URL, size=1, name="evaluation", vectors=True)
    try:
        legs = {leg: _recall(pool, embedder, weights) for leg, weights in LEGS.items()}
        for one, other in zip(passes[::2], passes[1::2], strict=True):
            for asked in one.dialogue.questions:
                if asked.category in CATEGORIES:
                    await _ask(asked, (one, other), legs, scores)
    finally:
        await pool.close()
        await embedder.aclose()
    return scores


def _recall(pool: Pool, embedder: Embedder, weights: Weights) -> Recall:
    async def embed(text: str) -> Any:
        return to_halfvec1024((await embedder.embed([text]))[0])

    return Recall(pool, embed, embedder.model, weights=weights, memories=RANKED, lines=RANKED)


async def _ask(asked: Asked, passes: tuple[Pass, Pass], legs: dict[str, Recall], scores: Scores) -> None:
    for leg, recall in legs.items():
        rankings, extracted = [], []
        for one in passes:
            began = time.perf_counter()
            recalled = await recall.read(one.artist, one.fan, _question(asked, one))
            if leg == "both":
                scores.milliseconds.append((time.perf_counter() - began) * 1000)
                if own := asked.evidence & one.own:
                    extracted.append(([one.keys[m.source_message] for m in recalled.memories], own))
            rankings.append((_ranked(recalled, one), asked.evidence))
        scores.add(leg, asked.category, rankings)
        if leg == "both":
            scores.add("extracted", asked.category, extracted)


def _question(asked: Asked, one: Pass) -> Question:
    """Asked the day after the last session."""
    now = max(line.said_at for line in one.dialogue.lines) + timedelta(days=1)
    return Question(asked.text, one.fan_name, one.persona_name, now, "UTC")


def _ranked(recalled: Recalled, one: Pass) -> list[str]:
    """What memories rest on is ranked with the lines, which their scores have raised; the rest of it comes after."""
    messages = [line.message for line in recalled.lines] + [m.source_message for m in recalled.memories]
    return [one.keys[message] for message in messages]


def _junk_rate(artist: UUID) -> float:
    """The share of memories without a source by the fan (no other is ever stored), or without a word of one."""
    with tenant(artist):
        memories = list(Memory.objects.prefetch_related("sources"))
    junk = [memory for memory in memories if not _founded(memory)]
    return round(len(junk) / len(memories), 4) if memories else 0.0


def _founded(memory: Memory) -> bool:
    words = frozenset().union(*(content_words(source.quote) for source in memory.sources.all()))
    return bool(words & content_words(memory.text))
