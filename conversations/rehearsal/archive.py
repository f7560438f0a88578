"""The archive of a rehearsal: what was said, found by likeness as a turn's recall finds it, in memory alone."""

from collections.abc import Sequence

import numpy as np

from companion.providers.embeddings.base import Embedder, Vectors
from memory.contracts import RecalledLine
from memory.extraction.policy import category_of, may_keep
from memory.recall.reader import LINES


class Archive:
    """Each line's vector is made once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lines: list[RecalledLine] = []
        self._vectors: list[Vectors] = []

    async def add(self, lines: Sequence[RecalledLine]) -> None:
        """Keeps them, but for what may not be kept without consent."""
        kept = [line for line in lines if may_keep(category_of(line.text), consent=False)]
        if kept:
            self._vectors += list(await self._embedder.embed([line.text for line in kept]))
            self._lines += kept

    async def nearest(self, text: str) -> tuple[RecalledLine, ...]:
        """As many lines as a turn recalls, the nearest first."""
        if not self._lines:
            return ()
        (vector,) = await self._embedder.embed([text])
        likeness = np.stack(self._vectors) @ vector
        return tuple(self._lines[place] for place in np.argsort(-likeness)[:LINES])
