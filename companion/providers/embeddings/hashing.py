"""The last resort: hashed character n-grams, where the MiniLM package is absent. They see letters, not meaning."""

from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np

from companion.providers.embeddings.base import LocalEmbedder, Vectors, unit_length

DIMENSIONS = 384


class HashingEmbedder(LocalEmbedder):
    name = "offline"
    model = "hashed-ngrams-384 (all-MiniLM-L6-v2 is not installed)"
    dimensions = DIMENSIONS

    async def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for gram in _grams(text):
                code = crc32(gram.encode("utf-8", "replace"))
                # One bit decides the sign, so that collisions cancel out instead of adding up.
                vectors[row, (code >> 1) % DIMENSIONS] += 1.0 if code & 1 else -1.0
        return unit_length(vectors)


def _grams(text: str) -> Iterator[str]:
    """Words, and their runs of three to five characters."""
    for word in text.casefold().split():
        bounded = f"<{word}>"
        yield bounded
        for size in (3, 4, 5):
            for start in range(len(bounded) - size + 1):
                yield bounded[start : start + size]
