"""Whether something that was said is covered by what a fan has had forgotten or put right. Pure: no Django.

A line is covered when it was said before the moment of forgetting and is one of the memory's messages, or speaks of
the same: near in meaning, not far and with a word of it, with a name of it, or with most of its words. Where consent to
special categories was withdrawn, whatever the policy recognises as one is covered. Whatever the fan says from that
moment on is new: what she puts in its place is said at that very moment.

The limits are those that tests/data/memory/forgotten.json chose: 44 facts in four wordings each, MiniLM's vectors. Of
176 wordings 171 are covered (148 with 0.55 alone, as it was before), of lines about other facts 3 of 7,568, of lines
about nothing of the kind none. tests/memory/test_forgotten.py holds both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from memory.extraction.policy import category_of, may_keep
from memory.words import content_words, names, telling_words

Vector = NDArray[np.float32]
# Alone; above it lie 9 in 10 wordings of a fact, and of other facts only those of one pattern (“I live in …”).
NEAR = 0.5
# With one telling word in common.
NEAR_WITH_WORD = 0.3
# The share of the fact's words that have to be there, and how many at least.
MOST_WORDS = 0.6
FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Grave:
    """A tombstone as the matcher takes it. Words and names are hashes by `hashed` under the fan's id.

    With `since` it is a pause: of what was said in it everything is covered, of what is known then nothing.
    """

    until: datetime
    since: datetime | None = None
    everything: bool = False
    special: bool = False
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
        graves = [grave for grave in self.graves if (grave.since or said_at) <= said_at < grave.until]
        if not graves:
            return False
        if any(grave.special for grave in graves) and not may_keep(category_of(text), consent=False):
            return True
        ids, words, telling = frozenset(messages), words_of(text, self.fan), hashed(telling_words(text), self.fan)
        return any(_covers(grave, ids, words, telling, vector if model == grave.model else None) for grave in graves)


def _covers(
    grave: Grave, ids: frozenset[UUID], words: frozenset[str], telling: frozenset[str], vector: Vector | None
) -> bool:
    if grave.since is not None:
        return bool(ids)
    if grave.everything or ids & grave.messages or words & grave.names:
        return True
    common = words & grave.words
    if len(common) >= max(FEWEST_WORDS, MOST_WORDS * len(grave.words)):
        return True
    if vector is None or grave.vector is None:
        return False
    return cosine(vector, grave.vector) >= (NEAR_WITH_WORD if common & telling else NEAR)


def cosine(left: Vector, right: Vector) -> float:
    """0 for a vector of zeros."""
    size = min(len(left), len(right))  # the stored one is padded with zeros
    lengths = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left[:size] @ right[:size]) / lengths if lengths else 0.0
