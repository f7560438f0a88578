"""How what is remembered is ranked, as SQL: the vectors and words stay in Postgres, the turn gets the best few.

Each row has a cosine and a BM25 score over the fan's own rows. Both are normalised to 0..1 over these rows and mixed
half and half: fusing ranks measured worse than words alone (stack.md). A line of the archive gets a share of its
neighbours' scores, since an answer often stands beside the question's words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Tuned on tuned.json and long.json of tests/data/locomo. `vector` + `words` = 1."""

    vector: float = 0.5
    words: float = 0.5
    # Of the mean of the line before and the line after, of the same talk.
    neighbours: float = 0.6
    # For a row of the speaker whom the question names ("I" and "you" name one too).
    speaker: float = 0.3
    # For a row of the days that the question names.
    days: float = 0.5
    # For one of this moment, falling by half each `half_life_days`.
    recency: float = 0.03
    half_life_days: float = 30.0
    # Between the least and the most salient memory.
    salience: float = 0.05
    # What a memory lends to the messages that it was taken from.
    memory: float = 0.03
    # Whether a question's words are looked for in their other forms too (forms.py).
    forms: bool = True


WEIGHTS = Weights()
# BM25's constants, as in Lucene.
K1, B = 1.2, 0.75
# Lines further apart than this belong to different talks.
TALK_GAP = "1 hour"

# The question's words without the speakers' names: a name addresses, and stands in the other one's lines.
ASKED = """
 select coalesce(array_agg(term), '{}') terms, to_tsquery('simple', string_agg(quote_literal(term), '|')) query
 from (
  select unnest(tsvector_to_array(to_tsvector('english', %(text)s::text)))
  except
  select unnest(tsvector_to_array(to_tsvector('english', %(fan_name)s || ' ' || %(persona_name)s)))) words(term)
"""


# Of a row of either table, for `scored`. Words are taken along where some of them are asked for: most rows are narrow.
WORDS = """length(lexemes)::float size,
 case when lexemes @@ (select query from asked) then lexemes end found"""


def scored(leg: str) -> str:
    """CTEs from `{leg}_rows` (key, size, found, cosine) to `{leg}_scores`: the same and `mixed`, 0..1."""
    return f"""
{leg}_span as materialized (
 select count(*)::float n, avg(size) mean, min(cosine) low, nullif(max(cosine) - min(cosine), 0) span from {leg}_rows),
{leg}_hits as materialized (
 select key, size, (asked_for).lexeme, cardinality((asked_for).positions)::float often from (
  select key, size, unnest(ts_filter(setweight(found, 'A', (select terms from asked)), '{{a}}')) asked_for
  from {leg}_rows where found is not null offset 0) hit),
{leg}_idf as (
 select lexeme, ln(1 + ((select n from {leg}_span) - count(*) + 0.5) / (count(*) + 0.5)) idf
 from {leg}_hits group by lexeme),
{leg}_words as materialized (
 select key, sum(idf * often * {K1 + 1}
  / (often + {K1} * (1 - {B} + {B} * size / (select mean from {leg}_span)))) bm25
 from {leg}_hits join {leg}_idf using (lexeme) group by key),
{leg}_best as materialized (select max(bm25) best from {leg}_words),
{leg}_scores as (
 select r.*, %(w_vector)s * coalesce((cosine - low) / span, 0) + %(w_words)s * coalesce(bm25 / best, 0) mixed
 from {leg}_rows r cross join {leg}_span cross join {leg}_best left join {leg}_words w on w.key = r.key)"""  # noqa: S608 -- constants of this file


# Added to the mixed score, of a row with role and said_at.
EXTRAS = """
 %(w_speaker)s * (role = any (%(speakers)s))::int
 + %(w_days)s * (said_at >= %(since)s and said_at < %(until)s)::int
 + %(w_recency)s * exp(-0.693::float8 * date_part('epoch', %(now)s - said_at) / 86400 / %(half_life)s)"""
