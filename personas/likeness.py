"""What a line means, where its words are on no list: texts are held against written examples of what is stopped and of
what passes. The release gate and the guard of honesty each have theirs.

The measure is kernel ridge regression. Two texts are alike by what MiniLM makes of them in its middle layers (its last
one knows little of "not" and of who speaks to whom) and by the words and word pairs that they share. Every example
weighs in, those that pass too: a line is stopped for standing nearer to the stopped ones, not for standing near one.
"""

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from companion.local.files import write_whole
from companion.providers.embeddings import minilm
from companion.providers.embeddings.base import Vectors, unit_length
from personas.release.checks.reading import plain_reading

# How fast likeness fades with distance, how much shared words weigh beside meaning, and how little single examples are
# trusted. Cross-validated on the last layer, where halving or doubling changed little, and carried over to this one.
NEARNESS, WORDS_WEIGH, SMOOTHING = 2.0, 0.5, 0.5
# A word or pair that stands in one example only says nothing.
LEAST_USED = 2
# The model has no idea of a slot: it reads what might be said in its place.
_SLOT = re.compile(r"\{(\w+)\}")
_FILLED = {"name": "Robin", "fact": "you play the piano", "event": "the concert", "when": "on Friday"}
_WORD = re.compile(r"\w+(?:['’]\w+)?")


@dataclass(frozen=True, slots=True)
class Example:
    """`check` is what stops the text, "" where it passes."""

    text: str
    check: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """A text that is like what `check` stops, most of all like `example`. `score` lies mostly between -1 and 1."""

    check: str
    example: str
    score: float


class Reader(Protocol):
    """MiniLM, as far as it is used here (companion/providers/embeddings/offline.py)."""

    async def middle(self, texts: Sequence[str]) -> Vectors: ...


class Likeness:
    """Judges texts by examples. Made outside an event loop."""

    def __init__(self, reader: Reader, examples: Sequence[Example], *, stopped: float, folder: Path) -> None:
        """An example that passes counts as -1, one that is stopped as +1; a text is stopped above `stopped`.

        `folder` keeps what the reader made of the examples, which takes seconds.
        """
        self._reader, self._examples, self._stopped = reader, examples, stopped
        texts = [read(example.text) for example in examples]
        self._words = _Words(texts)
        middle = _kept(reader, texts, folder)
        # What all texts have in common says nothing; each number of a vector counts by how much it varies.
        self._usual, self._varies = middle.mean(axis=0), middle.std(axis=0)
        self._vectors, self._shared = self._told_apart(middle), self._words.of(texts)
        self._checks = sorted({example.check for example in examples} - {""})
        self._fit()

    def _fit(self) -> None:
        """The first column tells stopped from passed, the others each check from everything else."""
        stopped = [[example.check != ""] for example in self._examples]
        each = [[example.check == check for check in self._checks] for example in self._examples]
        wanted = np.where(np.concatenate([stopped, each], axis=1), 1.0, -1.0)
        self._mean = wanted.mean(axis=0)
        kernel = self._kernel(self._vectors, self._shared) + SMOOTHING * np.eye(len(wanted))
        self._weights = np.linalg.solve(kernel, wanted - self._mean)

    def _told_apart(self, middle: Vectors) -> Vectors:
        return unit_length((middle - self._usual) / self._varies)

    def _kernel(self, vectors: Vectors, shared: Vectors) -> NDArray[np.float64]:
        meaning: NDArray[np.float64] = np.exp(NEARNESS * (vectors @ self._vectors.T - 1.0), dtype=np.float64)
        meaning += WORDS_WEIGH * (shared @ self._shared.T)
        return meaning

    async def alike(self, texts: Iterable[str]) -> Mapping[str, Alike]:
        """Of these texts, those that are like what a check stops."""
        once = list(dict.fromkeys(texts))
        if not once:
            return {}
        as_read = [read(text) for text in once]
        kernel = self._kernel(self._told_apart(await self._reader.middle(as_read)), self._words.of(as_read))
        scores = kernel @ self._weights + self._mean
        return {
            once[row]: self._alike(kernel[row], scores[row]) for row in np.flatnonzero(scores[:, 0] > self._stopped)
        }

    def _alike(self, kernel: NDArray[np.float64], scores: NDArray[np.float64]) -> Alike:
        check = self._checks[int(np.argmax(scores[1:]))]
        own = np.array([example.check == check for example in self._examples])
        nearest = self._examples[int(np.argmax(np.where(own, kernel, -np.inf)))]
        return Alike(check, nearest.text, round(float(scores[0]), 2))


class _Words:
    """The words and pairs of neighbours that examples share, the rarer the weightier."""

    def __init__(self, texts: Sequence[str]) -> None:
        used = Counter(term for text in texts for term in _terms(text))
        shared = sorted(term for term, times in used.items() if times >= LEAST_USED)
        self._places = {term: place for place, term in enumerate(shared)}
        self._weights = np.array([np.log(len(texts) / used[term]) for term in shared], dtype=np.float32)

    def of(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length a text; a text of unknown words is a row of zeros."""
        rows = np.zeros((len(texts), len(self._places)), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            known = [self._places[term] for term in _terms(text) if term in self._places]
            row[known] = self._weights[known]
        return unit_length(rows)


def _terms(text: str) -> set[str]:
    """Words and pairs; where the text begins, and whether it ends by asking, count as words."""
    end = "?" if text.rstrip().endswith("?") else "."
    words = ["^", *(word.replace("’", "'") for word in _WORD.findall(text)), end]
    return {*words, *(" ".join(pair) for pair in pairwise(words))}


def read(text: str) -> str:
    """With its slots filled, without disguises."""
    return plain_reading(_SLOT.sub(lambda slot: _FILLED.get(slot[1], ""), text))


def _kept(reader: Reader, texts: Sequence[str], folder: Path) -> Vectors:
    """One row a text, out of the folder where another process has made them."""
    digest = hashlib.blake2b("\0".join(texts).encode(), digest_size=8).hexdigest()
    path = folder / f"likeness-v{minilm.GRAPH_VERSION}-{digest}.npy"
    with suppress(OSError, ValueError, EOFError):  # not there, or torn
        return np.asarray(np.load(path, allow_pickle=False), dtype=np.float32)
    rows = asyncio.run(reader.middle(texts))
    content = BytesIO()
    np.save(content, rows)
    with suppress(OSError):  # a file system that is only read
        write_whole(path, content.getvalue())
    return rows
