"""The corpus: search among 50 artists of 20,000 chunks each, as the application's role; and how fast files come in."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import psycopg
from pgvector import HalfVector
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from bench.corpus_data import Connection, Corpus, asked, drop_corpus, make_corpus, make_texts, sentence
from bench.table import Figure, percentile
from companion.kernel.postgres import EVERY_FAN, Pool, open_pool, scoped
from companion.kernel.statements import Statement
from companion.providers.config import ProvidersConfig
from companion.providers.embeddings.base import embed_now
from companion.providers.embeddings.minilm import MODEL
from companion.providers.embeddings.registry import build_embedder
from personas.corpus.chunking import chunks_of
from personas.corpus.parsing.parent import read_apart
from personas.corpus.retrieval import FOUND, PASSAGES, SETTINGS, Serving, parameters

ARTISTS, CHUNKS = 50, 20_000
# Warm: every artist that is asked has had as many questions as are timed, so that its index lies in memory.
ASKED_ARTISTS, WARM, QUESTIONS, COMPARED = 5, 400, 400, 200
P95_MS, RECALL = 12.0, 0.97
PAGES, WORDS_A_PAGE = 300, 400
PARSER_MB = 640
SEARCH = Statement(f"with {FOUND} select id, score from corpus_found order by score desc", settings=SETTINGS)
NEAREST = Statement(f"with {FOUND} select id from corpus_near limit {PASSAGES}", settings=SETTINGS)
EXACT = """
select c.id from personas_chunk c join personas_document d on d.id = c.document_id
where c.index_id = %(index)s and d.active and d.minimum_tier <= %(tier)s
 and (d.embargo_until is null or d.embargo_until <= %(at)s)
order by c.embedding <=> %(vector)s::halfvec limit %(passages)s
"""
SAMPLE = "select embedding::text from personas_chunk where index_id = %s order by id limit %s"
Asked = tuple[Corpus, dict[str, Any]]


def measure(urls: Mapping[str, str], data_dir: Path, *, artists: int = ARTISTS, chunks: int = CHUNKS) -> list[Figure]:
    """Fills the tables with artists of its own, and empties them again."""
    with psycopg.connect(urls["database_superuser_url"], autocommit=True) as db:
        corpora = _filled(urls["database_superuser_url"], artists, chunks)
        try:
            searched = asyncio.run(_search(urls["database_url"], db, corpora, chunks))
        finally:
            for corpus in corpora:
                drop_corpus(db, corpus)
    return [*searched, *_ingest(data_dir)]


def _filled(url: str, artists: int, chunks: int) -> list[Corpus]:
    """By two connections at once: building the vectors' indexes takes most of the time."""

    def fill(seeds: Sequence[int]) -> list[Corpus]:
        with psycopg.connect(url, autocommit=True) as db:
            db.execute("set maintenance_work_mem = '512MB'; set max_parallel_maintenance_workers = 0")
            make_texts(db, chunks)
            return [_said(make_corpus(db, chunks, seed=seed)) for seed in seeds]

    with ThreadPoolExecutor(2) as two:
        return [corpus for made in two.map(fill, (range(0, artists, 2), range(1, artists, 2))) for corpus in made]


def _said(corpus: Corpus) -> Corpus:
    print(".", end="", file=sys.stderr, flush=True)
    return corpus


async def _search(url: str, db: Connection, corpora: list[Corpus], chunks: int) -> list[Figure]:
    questions = _questions(db, corpora[:ASKED_ARTISTS])
    pool = await open_pool(url, size=1, name="bench-corpus", vectors=True)
    try:
        times = [await _timed(pool, *question) for question in questions]
        found = [await _found(pool, db, *question) for question in questions[:COMPARED]]
    finally:
        await pool.close()
    both = times[WARM:]
    rows = f"{len(corpora)} artists of {chunks:,} chunks, embargo and tiers on"
    return [
        Figure(
            "corpus search, both legs, warm, p95",
            percentile(both, 0.95),
            "ms",
            at_most=P95_MS,
            note=f"p50 {median(both):.2f}; {rows}",
        ),
        Figure(f"recall@{PASSAGES} of its vectors against exact", sum(found) / len(found), "", at_least=RECALL),
    ]


def _questions(db: Connection, corpora: list[Corpus]) -> list[Asked]:
    chance, each = np.random.default_rng(3), -(-(WARM + QUESTIONS) // len(corpora))
    found: list[Asked] = []
    for corpus in corpora:
        serving = Serving(corpus.index, "offline", MODEL)
        for (vector,) in db.execute(SAMPLE, [corpus.index, each]).fetchall():
            text, near = sentence(chance, 6), asked(HalfVector.from_text(str(vector)), chance)
            found.append((corpus, parameters(corpus.artist, serving, text, near, datetime.now(UTC), tier=0)))
    return [found[n] for n in chance.permutation(len(found))]


async def _timed(pool: Pool, corpus: Corpus, question: dict[str, Any]) -> float:
    began = perf_counter()
    await scoped(pool, corpus.artist, EVERY_FAN, SEARCH, question)
    return (perf_counter() - began) * 1000


async def _found(pool: Pool, db: Connection, corpus: Corpus, question: dict[str, Any]) -> float:
    near = await scoped(pool, corpus.artist, EVERY_FAN, NEAREST, question)
    exact = {row[0] for row in db.execute(EXACT, question | {"vector": question["vector"].to_text()}).fetchall()}
    return len({row[0] for row in near} & exact) / len(exact)


def _ingest(data_dir: Path) -> list[Figure]:
    """A PDF of 300 pages: read by the limited process, cut, embedded by the offline model."""
    began = perf_counter()
    reading = read_apart("pdf", _pdf())
    read_s = perf_counter() - began
    texts = chunks_of(reading.text)
    embedder = build_embedder(ProvidersConfig(data_dir=data_dir))
    sample = texts[:200]
    began = perf_counter()
    embed_now(embedder, sample)
    a_second = len(sample) / (perf_counter() - began)
    return [
        Figure("chunks embedded a second, offline model", a_second, "", note=f"{len(texts)} chunks of {PAGES} pages"),
        Figure("memory of the reading process", reading.peak_mb, "MB", at_most=PARSER_MB, note=f"{read_s:.1f} s"),
    ]


def _pdf() -> bytes:
    chance, writer = np.random.default_rng(4), PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for _ in range(PAGES):
        page = writer.add_blank_page(595, 842)
        lines = [sentence(chance, 10) + "." for _ in range(WORDS_A_PAGE // 10)]
        drawn = "BT /F1 10 Tf 14 TL 40 800 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        stream = DecodedStreamObject()
        stream.set_data(drawn.encode())
        page[NameObject("/Contents")] = stream
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
