"""Finds ideas in a text by its words, however they are disguised: moderation's matcher over the lists of data/.

A *concept* is a list of phrases that stand for one idea ("leaving", "paying"); `(a|b|)` in a phrase are alternatives
and `*` at its end takes longer words too. patterns.py says which ideas must not meet.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from moderation.contracts import Action, RuleSpec
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Matcher

DATA = Path(__file__).parent.parent / "data" / "phrases.json"
# Idioms that only contain a phrase: "don't go places".
INNOCENT = "innocent"
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept in a text, by offsets."""

    concept: str
    start: int
    end: int


class Phrases:
    """The compiled concepts."""

    def __init__(self, concepts: Mapping[str, Sequence[str]]) -> None:
        self._concepts: dict[str, list[str]] = {}
        for concept, listed in concepts.items():
            for phrase in (variant for written in listed for variant in variants(written)):
                known = self._concepts.setdefault(phrase, [])
                if concept not in known:
                    known.append(concept)
        self._lexicon = Lexicon(RuleSpec(phrase, phrase, Action.BLOCK) for phrase in self._concepts)
        # A draft's texts are looked at by one check after another.
        self.hits = lru_cache(maxsize=8_192)(self._hits)

    def _hits(self, text: str) -> tuple[Hit, ...]:
        """Every concept in the text, in the order of their places."""
        matcher = Matcher(self._lexicon)
        matcher.feed(text)
        matcher.finish()
        found = {
            Hit(concept, match.start, match.end)
            for match in matcher.matches
            for concept in self._concepts[match.rule.phrase]
        }
        idioms = [hit for hit in found if hit.concept == INNOCENT]
        kept = (h for h in found if not any(i.start <= h.start and h.end <= i.end for i in idioms))
        return tuple(sorted(kept, key=lambda hit: (hit.start, hit.end, hit.concept)))


def variants(phrase: str) -> Iterator[str]:
    """The phrases that `(a|b|)` stands for."""
    parts = _CHOICE.split(phrase)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    for chosen in product(*choices):
        yield " ".join("".join(chosen).split())


def says(text: str, concept: str) -> bool:
    """Whether the concept is anywhere in the text."""
    return any(hit.concept == concept for hit in loaded().hits(text))


@lru_cache(maxsize=1)
def loaded() -> Phrases:
    return Phrases(lists()["concepts"])


@lru_cache(maxsize=1)
def lists() -> dict[str, Any]:
    """data/phrases.json: `concepts`, and by check the patterns for what is said and for rules."""
    content: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return content
