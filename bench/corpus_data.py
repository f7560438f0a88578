"""Corpora of made-up artists, straight into the tables as the superuser: clustered vectors, and words that come as
often as words do. Seeded, so that two runs measure the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import psycopg
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector

from companion.kernel.ids import new_id
from companion.providers.embeddings.base import to_halfvec1024, to_row
from companion.providers.embeddings.minilm import MODEL

Connection = psycopg.Connection[tuple[object, ...]]
DIMENSIONS, CLUSTERS, SPREAD = 384, 400, 0.7
# A vocabulary whose words come as often as 1 / (rank + 30): the first ones stand in a third of all chunks.
VOCABULARY, LEVEL, WORDS_A_CHUNK = 20_000, 30, 80
CHUNKS_A_DOCUMENT = 100
ARTIST = """
insert into tenancy_artist (id, slug, name, tagline, pronoun, licensed_by, minimum_age, accent_hue, portrait_url,
 status, created_at) values (%s, %s, 'Bench', '', 'she', '', 13, 42, '', 'active', now())
"""
# Every tenth is under embargo, every eleventh for a higher tier, every thirteenth off.
DOCUMENTS = """
insert into personas_document (id, artist_id, kind, title, text, source, licence_note, language, embargo_until,
 minimum_tier, active, state, failure, chunk_count, file_name, file_type, file_sha256, file_size, created_at,
 changed_at)
select (%(documents)s::uuid[])[n], %(artist)s, 'interview', 'Talk ' || n, '', '', '', 'en',
 case when n %% 10 = 0 then now() + interval '1 day' end, (n %% 11 = 0)::int, n %% 13 <> 0, 'ready', '', %(each)s,
 'talk.txt', 'txt', '', 0, now(), now()
from generate_series(1, cardinality(%(documents)s::uuid[])) n
"""
# In an order of its own for each artist, or the second corpus would be the first one's copy row by row.
CHUNKS = """
insert into {part} (id, artist_id, index_id, document_id, ordinal, title, text, embedding)
select gen_random_uuid(), %(artist)s, %(index)s, (%(documents)s::uuid[])[1 + n / %(each)s], n %% %(each)s,
 'Talk ' || 1 + n / %(each)s, text, embedding
from (select (n * 7919 + %(seed)s) %% %(count)s n, text, embedding from bench_texts where n < %(count)s) shuffled
order by n
"""


@dataclass(frozen=True, slots=True)
class Corpus:
    """One artist's."""

    artist: UUID
    index: UUID

    @property
    def partition(self) -> str:
        return f"personas_chunk_{self.index.hex}"


def make_texts(db: Connection, count: int) -> None:
    """A temporary table of texts with vectors, that all corpora are made of."""
    register_vector(db)
    db.execute("create temporary table bench_texts (n int, text text, embedding halfvec(1024) storage plain)")
    vectors, words = clustered(count, seed=1), _words(count)
    with db.cursor() as cursor, cursor.copy("copy bench_texts from stdin (format binary)") as copy:
        copy.set_types(["int4", "text", "halfvec"])
        for n, (vector, text) in enumerate(zip(vectors, words, strict=True)):
            copy.write_row((n, text, to_row(vector)))


def make_corpus(db: Connection, count: int, *, seed: int, artist: UUID | None = None) -> Corpus:
    """A corpus of `count` chunks, with the indexes that the product makes; they are built after the rows have come."""
    corpus = _index(db, artist or _artist(db))
    documents = [new_id() for _ in range(-(-count // CHUNKS_A_DOCUMENT))]
    shared = {"artist": corpus.artist, "documents": documents, "each": CHUNKS_A_DOCUMENT}
    db.execute(DOCUMENTS, shared)
    part = corpus.partition
    near = f"{part}_near"
    db.execute(f"alter table personas_chunk detach partition {part}")
    db.execute(f"drop index {_hnsw(db, part)}")
    db.execute(CHUNKS.format(part=part), shared | {"index": corpus.index, "count": count, "seed": seed})
    db.execute(f"create index {near} on {part} using hnsw (embedding halfvec_cosine_ops)")
    db.execute(f"alter table personas_chunk attach partition {part} for values in ('{corpus.index}')")
    for table in (part, "personas_document"):
        db.execute(f"vacuum analyze {table}")  # autovacuum's work, which would come in mid-measurement
    return corpus


def drop_corpus(db: Connection, corpus: Corpus) -> None:
    """With its partition, so that what is measured next finds the tables as they were."""
    db.execute(f"alter table personas_chunk detach partition {corpus.partition}")
    db.execute(f"drop table {corpus.partition}")
    for table in ("personas_corpusindex", "personas_document"):
        db.execute(f"delete from {table} where artist_id = %s", [corpus.artist])
    db.execute("delete from tenancy_artist where id = %s and name = 'Bench'", [corpus.artist])


def clustered(count: int, *, seed: int) -> NDArray[np.float32]:
    """Unit vectors around common centres: what interviews of one person are like."""
    chance = np.random.default_rng(seed)
    centres = _unit(chance.normal(size=(CLUSTERS, DIMENSIONS)))
    noise = chance.normal(size=(count, DIMENSIONS)) * SPREAD / np.sqrt(DIMENSIONS)
    return _unit(centres[chance.integers(0, CLUSTERS, count)] + noise).astype(np.float32)


def asked(vector: HalfVector, chance: np.random.Generator) -> HalfVector:
    """A question near a chunk."""
    near = vector.to_numpy().astype(np.float64)[:DIMENSIONS]
    return to_halfvec1024(_unit((near + chance.normal(size=DIMENSIONS) * 0.5 / np.sqrt(DIMENSIONS))[None])[0])


def sentence(chance: np.random.Generator, length: int) -> str:
    return " ".join(f"word{n}" for n in chance.choice(VOCABULARY, size=length, p=_frequencies()))


def _words(count: int) -> Iterator[str]:
    chance = np.random.default_rng(2)
    drawn = chance.choice(VOCABULARY, size=(count, WORDS_A_CHUNK), p=_frequencies())
    return (" ".join(f"word{n}" for n in row) for row in drawn)


def _frequencies() -> NDArray[np.float64]:
    shares = 1 / (np.arange(VOCABULARY) + LEVEL)
    whole: NDArray[np.float64] = shares / shares.sum()
    return whole


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def _artist(db: Connection) -> UUID:
    artist = new_id()
    db.execute(ARTIST, [artist, f"bench-{artist.hex}"])
    return artist


def _index(db: Connection, artist: UUID) -> Corpus:
    with db.transaction():
        db.execute("select set_config('app.artist_id', %s, true)", [str(artist)])
        row = db.execute("select personas_new_corpus_index('serving')").fetchone()
    if row is None:
        raise psycopg.DataError("no index was made")
    index = UUID(str(row[0]))
    db.execute("update personas_corpusindex set provider = 'offline', model = %s where id = %s", [MODEL, index])
    return Corpus(artist, index)


def _hnsw(db: Connection, part: str) -> str:
    row = db.execute(
        "select indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indexrelid"
        " join pg_am a on a.oid = c.relam where indrelid = %s::regclass and amname = 'hnsw'",
        [part],
    ).fetchone()
    if row is None:
        raise psycopg.DataError("the partition has no HNSW index")
    return str(row[0])
