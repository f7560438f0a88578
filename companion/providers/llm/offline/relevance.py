"""Which of the persona's lines and passages speak to what was asked: overlap of stems, rare ones counting more."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from companion.providers.llm.offline.words import RELATED_STEMS, terms

# How much of the asked words' weight a text must meet to be an answer, and to be worth saying at all. Half of that is
# enough where a word stands in the subject's name.
ANSWERS = 0.51
TOUCHES = 0.3
_COMMON_AT_LEAST, _COMMON_SHARE = 8, 20
# A word in the subject's name says more than one in passing; a related word says less than the word itself.
_SUBJECT, _TEXT, _RELATED = 1.6, 1.0, 0.3
# A name within a sentence.
_PROPER = re.compile(r"(?<=[a-zà-ÿ,;:“‘] )[A-ZÀ-Þ][\w'’]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be said, and the topic's name or passage's title above it.

    `worth` multiplies its score. `by_name`: only its subject's name counts, not its words. `broad`: written for all
    that belongs to its subject, so that a related word is enough.
    """

    text: str
    subject: str
    worth: float = 1.0
    by_name: bool = False
    broad: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    candidate: Candidate
    score: float
    # The share of the asked words' weight that it meets, 0 to 1.
    coverage: float
    # A word of the question stands in the subject's name; or it, or one related to it, does.
    named: bool
    hinted: bool
    # It is about what was asked: beyond a single word that both happen to have, unless that is a name or all that was
    # asked.
    apt: bool
    # It speaks of something related instead: of a sister, where the mother was spoken of.
    aside: bool


class Relevance:
    """Scores a fixed set of candidates against any number of questions."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._entries = [_entry(candidate) for candidate in candidates]
        self._counts = Counter(stem for _, subject, text in self._entries for stem in subject | text)

    def is_common(self, stem: str) -> bool:
        """So much is written about it that sharing it means little."""
        return self._counts[stem] > max(_COMMON_AT_LEAST, len(self._entries) // _COMMON_SHARE)

    def rank(self, wanted: Sequence[str], at_least: float) -> list[Match]:
        """The candidates that meet at least that share of what is wanted, best first."""
        total = sum(self._weight(stem) for stem in wanted)
        if not total:
            return []
        matches = (self._match(wanted, total, *entry) for entry in self._entries)
        found = [m for m in matches if m.score > 0 and m.coverage >= (at_least / 2 if m.hinted else at_least)]
        return sorted(found, key=lambda match: -match.score)

    def _match(
        self, wanted: Sequence[str], total: float, candidate: Candidate, subject: frozenset[str], text: frozenset[str]
    ) -> Match:
        score = covered = 0.0
        named = hinted = related = False
        shared = 0
        proper = _proper(candidate.text)
        for stem in wanted:
            met = _meets(stem, subject, text)
            if met:
                named = named or stem in subject
                hinted = hinted or not subject.isdisjoint(RELATED_STEMS.get(stem, ()))
                related = related or not text.isdisjoint(RELATED_STEMS.get(stem, ()))
                shared += 2 if stem in proper else stem in text
                weight = self._weight(stem)
                score += weight * met
                covered += weight * min(1.0, met)
        # “Tell me about the marble”, and one passage alone has a marble in it.
        only = not candidate.broad and shared > 0 and len(wanted) == 1 and self._counts[wanted[0]] == 1
        apt = named or shared >= 2 or only or (hinted and (candidate.broad or shared > 0))
        aside = related and not named and not shared
        coverage = covered / total
        return Match(candidate, score * candidate.worth, coverage, named, named or hinted, apt, aside)

    def _weight(self, stem: str) -> float:
        """An asked word that nobody wrote about weighs most: it is what an answer would have to be about."""
        return log(1 + len(self._entries) / max(1, self._counts[stem])) if self._entries else 0.0


@lru_cache(maxsize=50_000)
def _entry(candidate: Candidate) -> tuple[Candidate, frozenset[str], frozenset[str]]:
    text = () if candidate.by_name else terms(candidate.text)
    return candidate, frozenset(terms(candidate.subject)), frozenset(text)


@lru_cache(maxsize=50_000)
def _proper(text: str) -> frozenset[str]:
    return frozenset(stem for name in _PROPER.findall(text) for stem in terms(name))


def _meets(stem: str, subject: frozenset[str], text: frozenset[str]) -> float:
    own = (_SUBJECT if stem in subject else 0.0) + (_TEXT if stem in text else 0.0)
    if own:
        return own
    near = RELATED_STEMS.get(stem, frozenset())
    return _RELATED * ((_SUBJECT if near & subject else 0.0) + (_TEXT if near & text else 0.0))
