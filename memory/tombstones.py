"""Whether something that was said is covered by what a fan has had forgotten or put right. Pure: no Django.

A line is covered when it was said before the moment of forgetting and is one of the memory's messages, or speaks of the
same: near in meaning, with a name of it, or with most of its words. Too much is hidden rather than too little; whatever
the fan says afterwards is new.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from memory.words import content_words, names

Vector = NDArray[np.float32]
# Measured with MiniLM: a fact and its paraphrases lie from 0.56 to 0.88, unrelated facts below 0.4.
NEAR = 0.55
# The share of the fact's words that have to be there, and how many at least.
MOST_WORDS = 0.6
FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Grave:
    """A tombstone as the matcher takes it. Words and names are hashes by `hashed` under the fan's id."""

    until: datetime
    everything: bool = False
    messages: frozenset[UUID] = frozenset()
    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    vector: Vector | None = None
    model: str = ""


def hashed(words: Iterable[str], fan: UUID) -> frozenset[str]:
    """Keyed by the fan, so that rows of two fans cannot be compared."""
    return frozenset(blake2b(word.encode(), digest_size=8, key=fan.bytes).hexdigest() for word in words)


def words_of(text: str, fan: UUID) -> frozenset[str]:
    return hashed(content_words(text), fan)


def names_of(texts: Iterable[str], fan: UUID, *, common: Iterable[str] = ()) -> frozenset[str]:
    """Proper names in the texts, but for the words of `common` (the fan's own name and the artist's)."""
    plain = frozenset().union(*(content_words(name) for name in common))
    return hashed(frozenset().union(*(names(text) for text in texts)) - plain, fan)


@dataclass(frozen=True, slots=True)
class Tombstones:
    """All of a fan's."""

    fan: UUID
    graves: Sequence[Grave] = ()

    def cover(
        self,
        text: str,
        said_at: datetime,
        *,
        messages: Iterable[UUID] = (),
        vector: Vector | None = None,
        model: str = "",
    ) -> bool:
        """`messages` are the ids of the line, or of what a candidate rests on; `said_at` when it was last said."""
        graves = [grave for grave in self.graves if said_at <= grave.until]
        if not graves:
            return False
        ids, words = frozenset(messages), words_of(text, self.fan)
        return any(_covers(grave, ids, words, vector if model == grave.model else None) for grave in graves)


def _covers(grave: Grave, ids: frozenset[UUID], words: frozenset[str], vector: Vector | None) -> bool:
    if grave.everything or ids & grave.messages or words & grave.names:
        return True
    common = len(words & grave.words)
    if common >= max(FEWEST_WORDS, MOST_WORDS * len(grave.words)):
        return True
    return vector is not None and grave.vector is not None and cosine(vector, grave.vector) >= NEAR


def cosine(left: Vector, right: Vector) -> float:
    """0 for a vector of zeros."""
    size = min(len(left), len(right))  # the stored one is padded with zeros
    lengths = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left[:size] @ right[:size]) / lengths if lengths else 0.0
