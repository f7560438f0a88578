"""What an embedding model is to the rest of the product, and the one vector width that the database stores."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

# The width of every vector column: halfvec(1024). Shorter vectors are padded with zeros, which changes no cosine.
STORED_DIMENSIONS = 1024
# How far a stored vector's squared length may be from what it was, and after how many numbers to leave it at that.
LENGTH_TO, ROUNDED_ANEW = 1e-7, 16

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Vectors of different `model`s cannot be compared: rows keep the model's name beside the vector."""

    name: str
    model: str

    @property
    def dimensions(self) -> int:
        """The length of a vector; 0 while only the first answer can tell."""
        ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length for each text, in order. Raises the errors of companion.providers.errors."""
        ...

    async def check(self) -> None:
        """For boot: raises ConfigurationError when the vectors do not fit the column."""
        ...

    async def aclose(self) -> None:
        """Closes what the running loop holds open. Call before that loop ends."""
        ...


def embed_now(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """For jobs and commands. The event loop is their own, so what the embedder holds open ends with it."""

    async def embed() -> Vectors:
        try:
            return await embedder.embed(texts)
        finally:
            await embedder.aclose()

    return asyncio.run(embed())


def stored_vectors(embedder: Embedder, texts: Sequence[str]) -> list[HalfVector]:
    """`embed_now`, as the database stores it."""
    return [to_row(vector) for vector in embed_now(embedder, texts)]


def to_halfvec1024(vector: NDArray[np.float32] | Sequence[float]) -> HalfVector:
    """The vector in the column's type. Raises ValueError when it is longer than the column."""
    values = np.asarray(vector, dtype=np.float32)
    if values.ndim != 1 or len(values) > STORED_DIMENSIONS:
        raise ValueError(f"a vector of shape {values.shape} does not fit halfvec({STORED_DIMENSIONS})")
    padded = np.zeros(STORED_DIMENSIONS, dtype=np.float16)
    padded[: len(values)] = values
    return HalfVector(padded)


def to_row(vector: NDArray[np.float32]) -> HalfVector:
    """`to_halfvec1024` of a vector that will be searched, with its length kept to seven digits instead of five.

    The inner product with rows of unit length is then the cosine, as exactly as Postgres reckons either. One that is
    searched for needs none of this: its length is the same to all rows.
    """
    return to_halfvec1024(_halves(vector).astype(np.float32))


def _halves(values: NDArray[np.float32]) -> NDArray[np.float16]:
    """A number or two are rounded the other way, for the length."""
    halves = values.astype(np.float16)
    squared = float(np.square(values, dtype=np.float64).sum())
    for _ in range(ROUNDED_ANEW):
        squares = np.square(halves, dtype=np.float64)
        missing = squared - float(squares.sum())
        if abs(missing) <= LENGTH_TO * squared:
            break
        other = np.nextafter(halves, np.copysign(np.float16("inf"), halves) if missing > 0 else np.float16(0))
        gains = np.square(other, dtype=np.float64) - squares
        best = int(np.argmin(np.abs(missing - gains)))
        halves[best] = other[best]
    return halves


class LocalEmbedder:
    """What models in this process have in common: their vectors are known to fit, and they hold no connection."""

    async def check(self) -> None:
        """Their length is known without asking."""

    async def aclose(self) -> None:
        """Nothing to close."""


def unit_length(vectors: Vectors) -> Vectors:
    """Rows scaled to length one; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.float32(1e-12))
    return scaled
