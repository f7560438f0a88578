"""Embeddings of any OpenAI-compatible server (OpenAI, or BGE-M3 behind vLLM or text-embeddings-inference)."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import structlog
from openai import Omit, omit

from companion.kernel.breaker import Breaker
from companion.providers.config import ConfigurationError, ProvidersConfig
from companion.providers.embeddings.base import STORED_DIMENSIONS, Embedder, Vectors, unit_length
from companion.providers.errors import Garbage, Misconfigured, ProviderError
from companion.providers.openai_sdk import OpenAIClients, guarded

# Texts a request; OpenAI takes 2,048, smaller servers far fewer.
BATCH = 64
# Lengths of well-known models (their model cards). Others tell with their first answer.
KNOWN = {"text-embedding-ada-002": 1536, "BAAI/bge-m3": 1024, "bge-m3": 1024}
# OpenAI's third generation shortens its vectors on request (its embeddings guide, "Reducing embedding dimensions").
SHORTENED = "text-embedding-3-"
log = structlog.get_logger(__name__)


class OpenAIEmbedder:
    name = "openai"

    def __init__(self, config: ProvidersConfig, breaker: Breaker) -> None:
        own = config.pipeline("EMBEDDINGS")
        if not own.model:
            raise ConfigurationError("COMPANION_EMBEDDINGS=openai needs COMPANION_EMBEDDINGS_MODEL.")
        self.model = own.model
        self._shorten: int | Omit = STORED_DIMENSIONS if own.model.startswith(SHORTENED) else omit
        self._dimensions = STORED_DIMENSIONS if own.model.startswith(SHORTENED) else KNOWN.get(own.model, 0)
        if self._dimensions > STORED_DIMENSIONS:
            raise ConfigurationError(_too_long(own.model, self._dimensions))
        self._breaker = breaker
        self._clients = OpenAIClients(own, config.deadlines, "EMBEDDINGS")

    @property
    def dimensions(self) -> int:
        return self._dimensions

    async def embed(self, texts: Sequence[str]) -> Vectors:
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        rows = [await guarded(self._breaker, partial(self._request, batch)) for batch in batches]
        return np.concatenate(rows) if rows else np.empty((0, self._dimensions), dtype=np.float32)

    async def check(self) -> None:
        """Asks once how long the vectors are. Raises ConfigurationError when they do not fit; an upstream that is away
        does not keep the product from starting.
        """
        try:
            await self.embed(["hello"])
        except Misconfigured as error:
            raise ConfigurationError(str(error)) from error
        except ProviderError as error:
            log.warning("embeddings_unreachable_at_boot", error=error.code)

    async def aclose(self) -> None:
        await self._clients.aclose()

    async def _request(self, texts: Sequence[str]) -> Vectors:
        answer = await self._clients.client().embeddings.create(
            model=self.model, input=list(texts), dimensions=self._shorten, encoding_format="float"
        )
        rows = sorted(answer.data, key=lambda row: row.index)
        vectors = np.array([row.embedding for row in rows], dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise Garbage("not one vector for each text")
        return unit_length(self._of_one_length(vectors))

    def _of_one_length(self, vectors: Vectors) -> Vectors:
        length = vectors.shape[1]
        if length > STORED_DIMENSIONS:
            raise Misconfigured(_too_long(self.model, length))
        if self._dimensions not in (0, length):
            raise Misconfigured(f"{self.model} gave vectors of {length} numbers after {self._dimensions}.")
        self._dimensions = length
        return vectors


def build(config: ProvidersConfig) -> Embedder:
    breaker = Breaker("embeddings:openai", failures=config.breaker_failures, cooldown_s=config.breaker_cooldown_s)
    return OpenAIEmbedder(config, breaker)


def _too_long(model: str, length: int) -> str:
    return (
        f"COMPANION_EMBEDDINGS_MODEL={model} makes vectors of {length} numbers; the database stores at most "
        f"{STORED_DIMENSIONS}. Choose a model with shorter ones."
    )
