"""From settings to the embedding model. Adding a vendor is adding a file with `build(config)` and a line here."""

from importlib import import_module
from typing import cast

from companion.providers.config import ConfigurationError, ProvidersConfig
from companion.providers.embeddings import hashing, minilm
from companion.providers.embeddings.base import Embedder

# By name, because either vendor's packages (onnxruntime, the openai SDK) cost half a second and 60 MB to import.
VENDORS = {
    "offline": "companion.providers.embeddings.offline",
    "openai": "companion.providers.embeddings.openai",
}


def build_embedder(config: ProvidersConfig) -> Embedder:
    """Raises ConfigurationError, and minilm.ModelDamaged for the offline one."""
    name = config.pipeline("EMBEDDINGS").name
    if name not in VENDORS:
        raise ConfigurationError(f"COMPANION_EMBEDDINGS must be one of {', '.join(VENDORS)}, not {name!r}.")
    return cast(Embedder, import_module(VENDORS[name]).build(config))


def embedding_model(config: ProvidersConfig) -> str:
    """The `model` that build_embedder's would have, without loading it."""
    own = config.pipeline("EMBEDDINGS")
    if own.name != "offline":
        return own.model
    return minilm.MODEL if minilm.package_folder() else hashing.HashingEmbedder.model
