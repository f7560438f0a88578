"""What a turn reads: the short-term window from Redis, the persona's context from Postgres beside its floor."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from uuid import UUID

import numpy as np
import psycopg
from pgvector import HalfVector

from bench.client import saying
from bench.table import Figure, percentile
from companion.kernel.clock import SystemClock
from companion.kernel.ids import new_id
from companion.kernel.postgres import Pool, open_pool
from companion.kernel.redis import connect
from memory.contracts import Remark
from memory.window import RedisWindow
from personas.context import READ, SEARCH, PersonaReader
from personas.contracts import LOWEST_TIER
from personas.corpus.retrieval import Serving, parameters

PAIRS = 12  # COMPANION_WINDOW_PAIRS' default
WINDOW_READS, CONTEXT_READS = 2000, 600
WINDOW_P95_MS, CONTEXT_RATIO = 1.0, 1.3
WARM = 50
# What an artist's team collects over some years: interviews, quotes, liner notes.
CORPUS = 1000
FILL = """
with document as (
 insert into personas_document (id, artist_id, kind, title, text, source, licence_note, language, minimum_tier, active,
  state, failure, chunk_count, file_name, file_type, file_sha256, file_size, created_at, changed_at)
 values (gen_random_uuid(), %(artist)s, 'interview', 'A long talk', '', '', '', 'en', 0, true, 'ready', '', %(count)s,
  'talk.txt', 'txt', '', 0, now(), now()) returning id)
insert into personas_chunk (id, artist_id, index_id, document_id, ordinal, title, text, embedding)
select gen_random_uuid(), %(artist)s, %(index)s, document.id, n, 'A long talk', repeat('What she said that day. ', 20),
  (select array_agg(random() - 0.5) from generate_series(1, %(dimensions)s) where n > 0)::real[]::vector::halfvec
from document, generate_series(1, %(count)s) as n
"""
SERVING = "select artist_id, id, provider, model from personas_corpusindex where state = 'serving' limit 1"
DIMENSIONS = 1024


def measure(urls: Mapping[str, str]) -> list[Figure]:
    return asyncio.run(_measure(urls))


async def _measure(urls: Mapping[str, str]) -> list[Figure]:
    return [await window_read(urls["redis_url"]), await context_read(urls)]


async def window_read(redis_url: str) -> Figure:
    """A full window, read by one client."""
    redis = connect(redis_url)
    window = RedisWindow(redis, _must_not_load, pairs=PAIRS)
    artist, fan = new_id(), new_id()
    roles = ("fan", "persona") * PAIRS
    remarks = [Remark(new_id(), role, saying(n) * 2) for n, role in enumerate(roles)]  # type: ignore[arg-type]  # of the two words
    await window._replace(artist, fan, remarks)
    times = await _times(lambda: window.read(artist, fan, remarks[-1].id), WINDOW_READS)
    await redis.aclose()
    return Figure(
        "short-term read, p95", percentile(times, 0.95), "ms", at_most=WINDOW_P95_MS, note=f"p50 {median(times):.2f}"
    )


async def context_read(urls: Mapping[str, str]) -> Figure:
    """The reader as the turn uses it, and its statement alone as the superuser: no policy, one trip."""
    bound = await open_pool(urls["database_url"], size=1, name="bound", vectors=True)
    free = await open_pool(urls["database_superuser_url"], size=1, name="free", vectors=True)
    artist, serving = await _corpus(free)
    vector = HalfVector(np.random.default_rng(5).standard_normal(DIMENSIONS))
    asked = parameters(artist, serving, "anything", vector, datetime.now(UTC), tier=LOWEST_TIER) | {"fan": artist}

    async def embed(_text: str, _serving: Serving) -> HalfVector:
        return vector

    reader = PersonaReader(bound, embed, SystemClock())

    async def alone() -> None:
        async with free.connection() as connection:
            await connection.together((SEARCH, asked), (READ, asked))

    ours, floor = await _in_turns(lambda: reader.read(artist, artist, "anything"), alone, CONTEXT_READS)
    for pool in (bound, free):
        await pool.close()
    return Figure(
        f"context read with row security ({CORPUS} passages), to its statement alone",
        median(ours) / median(floor),
        "×",
        at_most=CONTEXT_RATIO,
        note=f"{median(ours):.2f} ms, floor {median(floor):.2f} ms",
    )


async def _must_not_load(_artist: UUID, _fan: UUID, _newest: UUID, _count: int) -> Sequence[Remark]:
    raise RuntimeError("the window was not trusted")


async def _corpus(pool: Pool) -> tuple[UUID, Serving]:
    """The demo's, and as much again as a team collects. The pool's one connection gets her scope for good."""
    async with pool.connection() as connection:
        row = await (await connection.execute(SERVING)).fetchone()
        if row is None:
            raise psycopg.DataError("there is no corpus")
        artist, index, provider, model = row
        fields = {"artist": artist, "index": index, "count": CORPUS, "dimensions": DIMENSIONS}
        await connection.execute(FILL, fields)
        await connection.execute("analyze personas_chunk")
        await connection.execute("select set_config('app.artist_id', %s, false)", [str(artist)])
    return artist, Serving(index, provider, model)


async def _times(work: Callable[[], Awaitable[object]], count: int) -> list[float]:
    """Milliseconds of each, one after another."""
    times = []
    for _ in range(count + WARM):
        began = perf_counter()
        await work()
        times.append((perf_counter() - began) * 1000)
    return times[WARM:]


async def _in_turns(
    one: Callable[[], Awaitable[object]], other: Callable[[], Awaitable[object]], count: int
) -> tuple[list[float], list[float]]:
    """Both in small groups in turn, so that a busy moment of the machine falls on both."""
    group = 20
    ones: list[float] = []
    others: list[float] = []
    await _times(one, WARM)
    await _times(other, WARM)
    for _ in range(count // group):
        ones += (await _times(one, group))[-group:]
        others += (await _times(other, group))[-group:]
    return ones, others
