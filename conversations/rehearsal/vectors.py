"""Vectors of all that is measured, made once."""

from collections.abc import Iterable, Sequence

import numpy as np

from companion.providers.embeddings.base import Embedder, Vectors

BATCH = 64


class Embedded:
    """Texts with their vectors, of unit length."""

    def __init__(self, texts: Sequence[str], vectors: Vectors) -> None:
        self._places = {text: place for place, text in enumerate(texts)}
        self._vectors = vectors

    def of(self, texts: Sequence[str]) -> Vectors:
        """One row a text. Raises KeyError for one that was not embedded."""
        found: Vectors = self._vectors[[self._places[text] for text in texts]]
        return found


async def embed_once(embedder: Embedder, texts: Iterable[str]) -> Embedded:
    """Raises the errors of companion.providers.errors."""
    once = list(dict.fromkeys(texts))
    batches = [await embedder.embed(once[at : at + BATCH]) for at in range(0, len(once), BATCH)]
    return Embedded(once, np.concatenate(batches))
