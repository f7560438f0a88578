"""The embedder that Django's settings choose: one a process, whichever part of the product asks for it."""

from functools import cache
from pathlib import Path

from django.conf import settings

from companion.providers.config import from_settings
from companion.providers.embeddings import minilm as minilm_files
from companion.providers.embeddings.base import Embedder
from companion.providers.embeddings.offline import MiniLMEmbedder, build_minilm
from companion.providers.embeddings.registry import build_embedder, model_of_settings


@cache
def embedder() -> Embedder:
    """Loaded at the first use: MiniLM takes 100 MB. Raises ConfigurationError, minilm.ModelDamaged."""
    return build_embedder(from_settings(settings))


def model() -> str:
    """Its model's name, without loading it."""
    return model_of_settings(from_settings(settings))[1]


@cache
def minilm() -> MiniLMEmbedder | None:
    """MiniLM in this process, whichever model the settings choose; None where it is not installed. Raises
    minilm.ModelDamaged.
    """
    chosen = embedder() if from_settings(settings).pipeline("EMBEDDINGS").name == "offline" else None
    return chosen if isinstance(chosen, MiniLMEmbedder) else build_minilm(from_settings(settings))


def models_folder() -> Path:
    """Where this installation keeps what is made of models once."""
    return minilm_files.models_folder(from_settings(settings).data_dir)
