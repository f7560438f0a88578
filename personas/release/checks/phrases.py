"""Finds what a text says by its words, however they are disguised: moderation's matcher over the lists of data/.

A *concept* is a list of phrases that stand for one idea ("leaving", "paying"); `(a|b|)` in a phrase are alternatives
and `*` at its end takes longer words too. A *pattern* is a set of concepts that must meet in one sentence. So a pattern
also finds wordings that nobody thought of, as long as their ideas are there. A negation right before a pattern's first
word spares the sentence ("I would never ask you to buy anything"), unless the pattern is about what is negated.
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
NEGATION = "negation"
_CHOICE = re.compile(r"\(([^()]*)\)")
_SENTENCE_END = re.compile(r"[.!?…。！？]+(?=\s|$)|[;\n—]")
# How far before a pattern a negation may stand, and what between them ends its reach.
_REACH = 48
_BREAKS = re.compile(
    r"[,:;.!?…—](?!\s*(?:to|or|nor|no|not|oder|noch|ni)\b)"
    r"|\b(?:without|unless|until|but|forget|hesitate|wait|fail|ohne|sondern|vergiss|sin|sino|pero|olvides)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept in a text, by offsets."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """`needs` are concepts of one sentence, in this order if `ordered`; `spared`: a negation before them acquits.

    `anywhere`: they may also stand in different sentences of the text.
    """

    needs: tuple[str, ...]
    ordered: bool = False
    spared: bool = True
    anywhere: bool = False


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
        found = (
            Hit(concept, match.start, match.end)
            for match in matcher.matches
            for concept in self._concepts[match.rule.phrase]
        )
        return tuple(sorted(set(found), key=lambda hit: (hit.start, hit.end, hit.concept)))


def variants(phrase: str) -> Iterator[str]:
    """The phrases that `(a|b|)` stands for."""
    parts = _CHOICE.split(phrase)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    for chosen in product(*choices):
        yield " ".join("".join(chosen).split())


def matched(text: str, patterns: Sequence[Pattern]) -> str | None:
    """The words of the text that one of the patterns finds, or None."""
    hits = loaded().hits(text)
    present = {hit.concept for hit in hits}
    wanted = [pattern for pattern in patterns if present.issuperset(pattern.needs)]
    sentences = list(_sentences(text, hits)) if wanted else []
    for pattern in wanted:
        for stretch in [hits] if pattern.anywhere else sentences:
            found = _found(text, stretch, pattern)
            if found is not None:
                return found
    return None


def says(text: str, concept: str) -> bool:
    """Whether the concept is anywhere in the text."""
    return any(hit.concept == concept for hit in loaded().hits(text))


@lru_cache(maxsize=1)
def loaded() -> Phrases:
    return Phrases(_data()["concepts"])


@lru_cache(maxsize=32)
def patterns_of(check: str, kind: str) -> tuple[Pattern, ...]:
    """The patterns of a check for texts of a kind: "said" or "rule"."""
    listed = _data()["checks"][check].get(kind, [])
    return tuple(Pattern(**{**pattern, "needs": tuple(pattern["needs"])}) for pattern in listed)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return content


def _sentences(text: str, hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    ends = [end.end() for end in _SENTENCE_END.finditer(text)] + [len(text) + 1]
    start = 0
    for end in ends:
        inside = [hit for hit in hits if start <= hit.start < end]
        if inside:
            yield inside
        start = end


def _found(text: str, sentence: Sequence[Hit], pattern: Pattern) -> str | None:
    """The stretch from the pattern's first word to its last, unless it is not there or is spared."""
    chosen: list[Hit] = []
    for need in pattern.needs:
        after = chosen[-1].end if pattern.ordered and chosen else 0
        # Two ideas need two places: one word is not both.
        free = (h for h in sentence if h.concept == need and h.start >= after and not _overlaps(h, chosen))
        hit = next(free, None)
        if hit is None:
            return None
        chosen.append(hit)
    first, last = min(hit.start for hit in chosen), max(hit.end for hit in chosen)
    if pattern.spared and _negated(text, sentence, first):
        return None
    return text[first:last]


def _overlaps(hit: Hit, chosen: Sequence[Hit]) -> bool:
    return any(hit.start < other.end and other.start < hit.end for other in chosen)


def _negated(text: str, sentence: Sequence[Hit], first: int) -> bool:
    before = [hit for hit in sentence if hit.concept == NEGATION and hit.end <= first and first - hit.end <= _REACH]
    return any(not _BREAKS.search(text, hit.end, first) for hit in before)
