"""A fan's memory search among a million rows: exact, so its recall is one by count, and its time by the clock."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
from pgvector import HalfVector
from pgvector.psycopg import register_vector

from bench.table import Figure, percentile
from companion.kernel.ids import new_id
from companion.kernel.postgres import Pool, open_pool
from companion.providers.embeddings.base import to_halfvec1024, to_row
from companion.providers.embeddings.minilm import MODEL
from memory.recall.reader import Question, Recall
from memory.recall.scoring import WEIGHTS, Weights

FANS, MEMORIES, LINES = 2000, 500, 1000
DIMENSIONS = 384
# Vectors that the rows share: as many texts as there are, made once, or the filling takes longer than the measuring.
TEXTS = 5000
READS, WARM, ASKED_FANS, BEST = 400, 50, 20, 12
MEMORY_P95_MS = 3.0
WORDS = "sea dog exam guitar mother train winter paint cook river letter garden movie brother storm".split()  # noqa: SIM905 -- a list of fifteen strings reads badly
MEMORIES_OF_A_FAN = """
with made as (
 insert into memory_memory (id, artist_id, fan_id, kind, text, subject, category, confidence, salience, pinned, status,
                            said_at, created_at, embedding, embedding_model)
 select gen_random_uuid(), %(artist)s, %(fan)s, 'fact', text, '', '', 1, random(), false, 'active',
  now() - random() * interval '1 year', now(), embedding, %(model)s
 from texts join generate_series(1, %(count)s) i on n = (i * 7919 + %(seed)s) %% %(texts)s
 returning id, artist_id, fan_id, text, said_at)
insert into memory_memorysource (id, artist_id, fan_id, memory_id, message_id, quote, said_at)
select gen_random_uuid(), artist_id, fan_id, id, gen_random_uuid(), text, said_at from made
"""
LINES_OF_A_FAN = """
insert into memory_archiveline (id, artist_id, fan_id, message_id, role, text, said_at, embedding, embedding_model)
select gen_random_uuid(), %(artist)s, %(fan)s, gen_random_uuid(), 'fan', text, now() - i * interval '1 minute',
 embedding, %(model)s
from texts join generate_series(1, %(count)s) i on n = (i * 7919 + %(seed)s) %% %(texts)s
"""
BRUTE = """
select id from memory_memory where fan_id::text = %(fan)s and artist_id::text = %(artist)s
order by embedding <=> %(vector)s::halfvec limit %(best)s
"""


def measure(urls: Mapping[str, str], *, fans: int = FANS) -> list[Figure]:
    """Fills the tables of an artist of its own, searches as the application's role, and empties them again."""
    artist, people = new_id(), [new_id() for _ in range(fans)]
    with psycopg.connect(urls["database_superuser_url"], autocommit=True) as db:
        db.execute("set session_replication_role = replica")  # the fans are ids alone
        fill(db, artist, people, talkers=ASKED_FANS)
        try:
            return asyncio.run(_measure(urls["database_url"], db, artist, people))
        finally:
            for table in ("memory_memorysource", "memory_memory", "memory_archiveline"):
                db.execute(f"delete from {table} where artist_id = %s", [artist])
                db.execute(f"vacuum {table}")  # autovacuum's work, which would come into what is measured next


def fill(
    db: psycopg.Connection[Any], artist: UUID, people: Sequence[UUID], *, talkers: int, numbers: int = DIMENSIONS
) -> None:
    """500 memories of each fan, and 1,000 lines of the archive of the first `talkers` of them.

    A vector has as many `numbers`, the rest of the column's are zeros.
    """
    _make_texts(db, numbers)
    shared = {"artist": artist, "model": MODEL, "texts": TEXTS}
    for seed, fan in enumerate(people):
        db.execute(MEMORIES_OF_A_FAN, shared | {"fan": fan, "seed": seed, "count": MEMORIES})
    for seed, fan in enumerate(people[:talkers]):
        db.execute(LINES_OF_A_FAN, shared | {"fan": fan, "seed": seed, "count": LINES})
    for table in ("memory_memory", "memory_memorysource", "memory_archiveline"):
        db.execute(f"vacuum analyze {table}")


def _make_texts(db: psycopg.Connection[Any], numbers: int) -> None:
    """A temporary table of texts and vectors, as the product stores them."""
    chance = np.random.default_rng(6)
    register_vector(db)
    db.execute("create temporary table texts (n int, text text, embedding halfvec(1024))")
    with db.cursor() as cursor, cursor.copy("copy texts from stdin (format binary)") as copy:
        copy.set_types(["int4", "text", "halfvec"])
        for n in range(TEXTS):
            words = [chance.choice(WORDS) if chance.random() < 0.1 else f"term{chance.integers(900)}" for _ in range(9)]
            copy.write_row((n, " ".join(words), to_row(_unit(chance.random(numbers) - 0.5))))


async def _measure(url: str, db: psycopg.Connection[Any], artist: UUID, people: list[UUID]) -> list[Figure]:
    pool = await open_pool(url, size=1, name="bench-recall", vectors=True)
    try:
        # Fans without an archive, for the memories alone; then with one, as a turn has it.
        alone = await _times(pool, artist, people[ASKED_FANS : 2 * ASKED_FANS])
        whole = await _times(pool, artist, people[:ASKED_FANS])
        recall = await _recall(pool, db, artist, people[ASKED_FANS : 2 * ASKED_FANS])
    finally:
        await pool.close()
    rows = f"{len(people) * MEMORIES:,} rows"
    return [
        Figure(
            "a fan's memory search, p95",
            percentile(alone, 0.95),
            "ms",
            at_most=MEMORY_P95_MS,
            note=f"p50 {median(alone):.2f}, {rows}",
        ),
        Figure("with 1,000 lines of the archive, p95", percentile(whole, 0.95), "ms", note=f"p50 {median(whole):.2f}"),
        Figure("its recall against brute force", recall, "", at_least=1.0),
    ]


async def _times(pool: Pool, artist: UUID, people: list[UUID]) -> list[float]:
    chance, times = np.random.default_rng(7), []
    for n in range(WARM + READS):
        recall = _reader(pool, to_halfvec1024(_direction(chance)), WEIGHTS)
        began = perf_counter()
        await recall.read(artist, people[n % len(people)], _question())
        times.append((perf_counter() - began) * 1000)
    return times[WARM:]


async def _recall(pool: Pool, db: psycopg.Connection[Any], artist: UUID, people: list[UUID]) -> float:
    """By the vector leg alone, since brute force knows no words."""
    chance, found = np.random.default_rng(8), 0
    plain = replace(Weights(), vector=1, words=0, recency=0, salience=0, speaker=0, days=0)
    for fan in people:
        vector = to_halfvec1024(_direction(chance))
        read = await _reader(pool, vector, plain).read(artist, fan, _question())
        asked = {"fan": str(fan), "artist": str(artist), "vector": vector.to_text(), "best": BEST}
        found += len({row[0] for row in db.execute(BRUTE, asked)} & {memory.id for memory in read.memories})
    return found / (BEST * len(people))


def _reader(pool: Pool, vector: HalfVector, weights: Weights) -> Recall:
    async def embed(_text: str) -> HalfVector:
        return vector

    return Recall(pool, embed, MODEL, weights=weights, memories=BEST)


def _question() -> Question:
    return Question("Do you remember how the exam and the garden went?", "Mia", "Aria", datetime.now(UTC), "UTC")


def _direction(chance: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return _unit(chance.normal(size=DIMENSIONS))


def _unit(vector: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return (vector / np.linalg.norm(vector)).astype(np.float32)
