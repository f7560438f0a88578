"""The embedders that this process has, by provider and model: the one that is configured, and the one of an index that
was made before the settings changed."""

from functools import cache

import structlog
from django.conf import settings

from companion.providers.config import from_settings
from companion.providers.embeddings.base import Embedder
from companion.providers.embeddings.registry import build_embedder, build_embedder_of, model_of_settings

log = structlog.get_logger(__name__)


@cache
def configured() -> Embedder:
    """The embedder of the settings. Raises ConfigurationError, minilm.ModelDamaged."""
    return build_embedder(from_settings(settings))


def configured_model() -> str:
    """Its model's name, without loading it."""
    return model_of_settings(from_settings(settings))[1]


@cache
def of_model(provider: str, model: str) -> Embedder | None:
    """The one whose vectors an index holds; None where the settings do not reach it any more."""
    now = configured()
    if (now.name, now.model) == (provider, model):
        return now
    built = build_embedder_of(from_settings(settings), provider, model)
    if built is None:
        log.warning("corpus.embedder_unreachable", provider=provider, model=model)
    return built
