"""From settings to the embedding model. Adding a vendor is adding a file with `build(config)` and a line here."""

from dataclasses import replace
from typing import cast

from companion.providers.config import ConfigurationError, ProvidersConfig
from companion.providers.embeddings import minilm
from companion.providers.embeddings.base import Embedder
from companion.providers.embeddings.hashing import HashingEmbedder
from companion.providers.vendors import build_by_name

VENDORS = {
    "offline": "companion.providers.embeddings.offline",
    "openai": "companion.providers.embeddings.openai",
}


def build_embedder(config: ProvidersConfig) -> Embedder:
    """Raises ConfigurationError, and minilm.ModelDamaged for the offline one."""
    return cast(Embedder, build_by_name("EMBEDDINGS", VENDORS, config))


def model_of_settings(config: ProvidersConfig) -> tuple[str, str]:
    """Provider and model as the built embedder would name them, without loading it."""
    own = config.pipeline("EMBEDDINGS")
    local = minilm.MODEL if minilm.package_folder() else HashingEmbedder.model
    return own.name, local if own.name == "offline" else own.model


def build_embedder_of(config: ProvidersConfig, provider: str, model: str) -> Embedder | None:
    """The embedder of a model that was in use before, by the settings of now; None where they do not reach it any more:
    the vendor's key is gone, or the package carries another model. Raises minilm.ModelDamaged.
    """
    own = config.pipeline("EMBEDDINGS")
    then = replace(config, pipelines={**config.pipelines, "EMBEDDINGS": replace(own, name=provider, model=model)})
    try:
        built = build_embedder(then)
    except ConfigurationError:
        return None
    return built if built.model == model else None
