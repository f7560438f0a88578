"""RQ jobs of the corpus: ids only, idempotent, safe to run twice and in any order."""

from uuid import UUID

from django.conf import settings

from companion.providers.config import from_settings
from companion.providers.embeddings.base import Embedder, embed_now, to_halfvec1024
from companion.providers.embeddings.registry import build_embedder
from personas import selectors, services
from personas.models import CorpusPassage

# A text that changes this often within one job is being edited right now; its own job follows.
ATTEMPTS = 5


def embed_passage(artist_id: str, passage_id: str) -> bool:
    """Embeds a passage by its newest text; answers whether a vector was stored.

    A passage that is gone, or has a vector of this model already, is left alone. Raises provider errors (RQ retries).
    """
    artist = UUID(artist_id)
    embedder = build_embedder(from_settings(settings))
    for _ in range(ATTEMPTS):
        passage = selectors.passage(UUID(passage_id), artist=artist)
        if passage is None or passage.embedding_model == embedder.model:
            return False
        if _store(artist, [passage], embedder):
            return True
    return False


def embed_stale(artist_id: str) -> int:
    """Embeds every passage without a vector of the present model (seeding, a new provider); answers how many."""
    artist = UUID(artist_id)
    embedder = build_embedder(from_settings(settings))
    return _store(artist, selectors.passages_without(embedder.model, artist=artist), embedder)


def _store(artist: UUID, passages: list[CorpusPassage], embedder: Embedder) -> int:
    vectors = embed_now(embedder, [f"{passage.title}. {passage.text}" for passage in passages])
    pairs = zip(passages, vectors, strict=True)
    return sum(
        services.set_embedding(artist, passage, to_halfvec1024(vector), embedder.model) for passage, vector in pairs
    )
