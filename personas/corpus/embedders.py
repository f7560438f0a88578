"""The embedder of an artist's index: the one that is configured, or one of before the settings changed."""

from functools import cache

import structlog
from django.conf import settings

from companion.providers.config import from_settings
from companion.providers.embeddings import configured
from companion.providers.embeddings.base import Embedder
from companion.providers.embeddings.registry import build_embedder_of

log = structlog.get_logger(__name__)


@cache
def of_model(provider: str, model: str) -> Embedder | None:
    """The one whose vectors an index holds; None where the settings do not reach it any more."""
    now = configured.embedder()
    if (now.name, now.model) == (provider, model):
        return now
    built = build_embedder_of(from_settings(settings), provider, model)
    if built is None:
        log.warning("corpus.embedder_unreachable", provider=provider, model=model)
    return built
