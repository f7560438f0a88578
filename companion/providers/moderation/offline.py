"""The lexical classifier: words and phrases with weights, by category. No model, no network, and it says so.

It knows what is written in data/lexicon.json and nothing else: it misses what is meant but not said, and it is no match
for a trained classifier. It is the default, and what stands in while a vendor is away.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from companion.providers.config import ProvidersConfig
from companion.providers.moderation.base import Classification, Classifier

_LEXICON = Path(__file__).parent / "data" / "lexicon.json"
_WORD = re.compile(r"\w+")
Words = tuple[str, ...]


class Together(TypedDict):
    """A hint that needs one phrase of each list."""

    weight: float
    each: list[list[str]]


class Hints(TypedDict):
    """One category of data/lexicon.json; the keys of `phrases` are weights."""

    phrases: dict[str, list[str]]
    together: list[Together]


class Lexicon:
    """`phrases`: category and weight by words. `together`: sets of phrases of which one each must occur."""

    def __init__(self, source: Mapping[str, Hints]) -> None:
        self.phrases: dict[Words, list[tuple[str, float]]] = {}
        self.together: list[tuple[str, float, list[frozenset[Words]]]] = []
        for category, hints in source.items():
            for weight, phrases in hints["phrases"].items():
                for phrase in phrases:
                    self.phrases.setdefault(words_of(phrase), []).append((category, float(weight)))
            for hint in hints["together"]:
                groups = [frozenset(map(words_of, phrases)) for phrases in hint["each"]]
                self.together.append((category, hint["weight"], groups))
        grouped = [words for _, _, groups in self.together for group in groups for words in group]
        self.longest = max(len(words) for words in [*self.phrases, *grouped])

    def score(self, text: str) -> dict[str, float]:
        """Independent hints add up: 1 - (1 - a)(1 - b)…, each phrase counted once."""
        words = words_of(text)
        found = {words[i : i + n] for n in range(1, self.longest + 1) for i in range(len(words) - n + 1)}
        scores: dict[str, float] = {}
        for phrase in found:
            for category, weight in self.phrases.get(phrase, ()):
                scores[category] = _add(scores.get(category, 0.0), weight)
        for category, weight, groups in self.together:
            if all(not group.isdisjoint(found) for group in groups):
                scores[category] = _add(scores.get(category, 0.0), weight)
        return {category: round(score, 4) for category, score in scores.items()}


class OfflineClassifier:
    name = "offline"
    model = "lexical-1"

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or default_lexicon()

    def judge(self, text: str) -> Classification:
        """The same as `classify`, at once."""
        return Classification(self._lexicon.score(text), self.name, self.model)

    async def classify(self, text: str) -> Classification:
        return self.judge(text)

    async def aclose(self) -> None:
        """Nothing to close."""


def words_of(text: str) -> Words:
    """Words in their plain form; apostrophes fall out, so that "don't" and "dont" are one."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return tuple(_WORD.findall(plain))


@lru_cache(maxsize=1)
def default_lexicon() -> Lexicon:
    return Lexicon(json.loads(_LEXICON.read_text(encoding="utf-8"))["categories"])


def build(_config: ProvidersConfig) -> Classifier:
    return OfflineClassifier()


def _add(one: float, other: float) -> float:
    return 1 - (1 - one) * (1 - other)
