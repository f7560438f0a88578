"""What a question would find in the corpus, and why: by the turn's own search, and once more with closed documents in.

Inside `tenant(…)`, through the ORM's connection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from pgvector import HalfVector

from companion.providers.embeddings.base import stored_vectors
from companion.providers.errors import ProviderError
from personas.corpus import embedders, selectors
from personas.corpus.retrieval import FOUND, PASSAGES, SETTINGS, Serving, parameters

SHOWN = 16
COLUMNS = "id, document_id, kind, title, text, cosine, words, terms, closed, score"
ASK = f"with {FOUND} select {COLUMNS} from corpus_found order by score desc, id"  # noqa: S608 -- constants of this package
LEFT_OUT = {
    "inactive": "not active",
    "embargo": "under embargo",
    "tier": "for a higher tier",
    "worse": f"not among the best {PASSAGES}",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A chunk with its scores by leg: `cosine` of the vectors (None: it has none), `words` and the terms that hit.

    `left_out` is a key of LEFT_OUT, or empty where a turn would be given it.
    """

    id: UUID
    document: UUID
    kind: str
    title: str
    text: str
    cosine: float | None
    words: float
    terms: tuple[str, ...]
    score: float
    left_out: str

    @property
    def reason(self) -> str:
        return LEFT_OUT.get(self.left_out, "")


@dataclass(frozen=True, slots=True)
class Answer:
    """`by_meaning`: whether the question got a vector; without one the words alone were asked."""

    found: tuple[Found, ...]
    by_meaning: bool


def ask(artist: UUID, question: str, *, tier: int, at: datetime) -> Answer:
    """What a turn of a fan of this tier would be given at this moment, best first, and what came near it."""
    serving = selectors.serving()
    vector = _vector(question, serving)
    if serving is None:
        return Answer((), by_meaning=False)
    given = _search(artist, serving, question, vector, at, tier=tier, passages=PASSAGES, with_closed=False)
    near = _search(artist, serving, question, vector, at, tier=tier, passages=SHOWN, with_closed=True)
    taken = {row[0] for row in given}
    rest = [_found(row, row[8] or "worse") for row in near if row[0] not in taken]
    return Answer((*(_found(row, "") for row in given), *rest), vector is not None)


def _search(
    artist: UUID,
    serving: Serving,
    question: str,
    vector: HalfVector | None,
    at: datetime,
    **limits: Any,
) -> Sequence[tuple[Any, ...]]:
    asked = parameters(artist, serving, question, vector, at, **limits)
    with connection.cursor() as cursor:
        for setting in SETTINGS.items():
            cursor.execute("select set_config(%s, %s, true)", setting)
        cursor.execute(ASK, asked | {"vector": vector.to_text() if vector else None})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _vector(question: str, serving: Serving | None) -> HalfVector | None:
    embedder = embedders.of_model(serving.provider, serving.model) if serving and serving.model else None
    try:
        return stored_vectors(embedder, [question])[0] if embedder else None
    except ProviderError:
        return None


def _found(row: tuple[Any, ...], left_out: str) -> Found:
    key, document, kind, title, text, cosine, words, terms, _, score = row
    return Found(key, document, kind, title, text, cosine, words, tuple(terms), score, left_out)
