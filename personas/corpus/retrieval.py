"""How chunks are found, as SQL: the turn's one statement and the console's "ask" box both read by it.

Two legs over the index that serves. Vectors: the nearest by HNSW, in order, each looked up in its document until enough
are open to the fan. Words: the rows of each term by GIN, a term that stands in too many rows tells nothing and is
dropped; a row's score is the sum of its terms' ts_rank, each by how rare the term is. What either leg found gets both
scores, min-max normalised over what was found and mixed half and half (ranks fused measured worse, stack.md).

Postgres uses no text index under row security, since `@@` is not leakproof; so the words are looked up by a function of
the owner, personas_corpus_words, which reads the artist in scope and no other (docs/adr/0013).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector import HalfVector

from companion.kernel.statements import Settings

# As many as a turn takes at most; the prompt's budget may take fewer.
PASSAGES = 8
# Of each leg, before they are mixed.
CANDIDATES = 24
# A term in so many rows or more is a common word of this artist's.
COMMON = 150
# Of a long question the longest words are looked for: they are the rarest, and each costs some tenths of a millisecond.
TERMS = 12
# For a search. 40: of 20,000 paragraphs of English by MiniLM all of the nearest 8 are among what it finds (30: 99.6 %),
# 80 takes a third more time. Relaxed: what comes out of order is sorted below anyway. A page costs what it costs in
# memory: at Postgres's 4 the planner reads all documents of an artist for each chunk, which is half of a search's time.
SETTINGS: Settings = {
    "hnsw.ef_search": "40",
    "hnsw.iterative_scan": "relaxed_order",
    "random_page_cost": "1.1",
}

# Why a document is closed to a fan now; null: it is open.
CLOSED = """case when not d.active then 'inactive' when d.embargo_until > %(at)s then 'embargo'
 when d.minimum_tier > %(tier)s then 'tier' end"""
MINE = "c.artist_id = %(artist)s and c.index_id = %(index)s::uuid"
SERVING = """(select jsonb_build_array(id, provider, model) from personas_corpusindex
 where artist_id = %(artist)s and state = 'serving')"""

# CTEs; `corpus_found` has the best first. `offset 0` keeps the planner from joining before it walks the index, and from
# walking all documents for each chunk.
FOUND = f"""
corpus_asked as materialized (
 select array(
  select term from unnest(tsvector_to_array(to_tsvector('english', %(text)s::text))) term
  order by length(term) desc, term limit {TERMS}) terms),
corpus_near as materialized (
 select c.id from personas_chunk c
 cross join lateral (
  select {CLOSED} closed from personas_document d where d.artist_id = %(artist)s and d.id = c.document_id offset 0) o
 where {MINE} and c.embedding is not null and %(vector)s::halfvec is not null and (%(with_closed)s or closed is null)
 order by c.embedding <=> %(vector)s::halfvec limit {CANDIDATES}),
corpus_hits as materialized (
 select w.* from corpus_asked, personas_corpus_words(%(index)s::uuid, terms, {COMMON}) w),
corpus_size as materialized (
 select least(sum(chunk_count), {COMMON})::float n from (
  select chunk_count from personas_document where artist_id = %(artist)s limit {COMMON}) few),
corpus_terms as (
 select term, ln(1 + (n - count(*) + 0.5) / (count(*) + 0.5)) rarity
 from corpus_hits, corpus_size group by term, n),
corpus_words as materialized (
 select id, document_id, sum(rarity * weight) words, array_agg(term order by rarity desc, term) terms
 from corpus_hits join corpus_terms using (term) group by id, document_id),
corpus_worded as materialized (
 select w.id from corpus_words w join personas_document d on d.artist_id = %(artist)s and d.id = w.document_id
 where %(with_closed)s or {CLOSED} is null order by words desc, w.id limit {CANDIDATES}),
corpus_rows as materialized (
 select either.id, c.document_id, d.kind, c.title, c.text, c.cosine,
  coalesce(w.words, 0) words, coalesce(w.terms, '{{}}') terms, d.closed
 from (select id from corpus_near union select id from corpus_worded) either
 cross join lateral (
  select c.document_id, c.title, c.text, 1 - (c.embedding <=> %(vector)s::halfvec) cosine
  from personas_chunk c where c.id = either.id and {MINE} offset 0) c
 cross join lateral (
  select d.kind, {CLOSED} closed from personas_document d
  where d.artist_id = %(artist)s and d.id = c.document_id offset 0) d
 left join corpus_words w on w.id = either.id),
corpus_span as (
 select min(cosine) low, nullif(max(cosine) - min(cosine), 0) span, nullif(max(words), 0) best from corpus_rows),
corpus_found as (
 select r.*, 0.5 * coalesce((cosine - low) / span, 0) + 0.5 * coalesce(words / best, 0) score
 from corpus_rows r cross join corpus_span order by score desc, id limit %(passages)s)
"""  # noqa: S608 -- constants of this file, no input


@dataclass(frozen=True, slots=True)
class Serving:
    """The index that answers for an artist, and whose vectors it holds. An empty `model`: none are made yet."""

    index: UUID
    provider: str
    model: str

    @classmethod
    def read(cls, row: list[str] | None) -> "Serving | None":
        """From what SERVING selects."""
        return cls(UUID(row[0]), row[1], row[2]) if row else None


def parameters(
    artist: UUID,
    serving: Serving,
    text: str,
    vector: HalfVector | None,
    at: datetime,
    *,
    tier: int,
    passages: int = PASSAGES,
    with_closed: bool = False,
) -> dict[str, Any]:
    """Of FOUND. Without a vector the words alone decide."""
    return {
        "artist": artist,
        "index": serving.index,
        "text": text,
        "vector": vector,
        "at": at,
        "tier": tier,
        "passages": passages,
        "with_closed": with_closed,
    }
