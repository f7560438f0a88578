"""Which ideas must not meet.

A *pattern* is a set of concepts (phrases.py) that must meet in one sentence, so it also finds wordings that nobody
thought of, as long as their ideas are there. What stands around them may acquit them (acquittal.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from personas.release.checks.acquittal import DECLINING, TOPIC, acquitted, is_title, not_to_be_thought
from personas.release.checks.phrases import Hit, lists, loaded

_SENTENCE_END = re.compile(r"[.!?…。！？]+(?=\s|$)|[;\n—]")
# What is declined after a semicolon or a dash belongs to what stands before it, unless another condition begins there.
_FULL_STOP = re.compile(
    r"[.!?…。！？]+(?=\s|$)|\n|[;—](?=\s*(?:if|when|whenever|should|for|wenn|falls|si|cuando)\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`needs` are concepts of one sentence, in this order if `ordered`; `spared`: what stands around acquits them.

    `anywhere`: they may also stand in different sentences of the text. `declined`: the concepts of which one has to
    follow a condition around them. `title`: a song may be called so. `each`: a negation before any of its words acquits
    ("Mention merch when asked, never urge anyone").
    """

    needs: tuple[str, ...]
    ordered: bool = False
    spared: bool = True
    anywhere: bool = False
    declined: tuple[str, ...] = DECLINING
    title: bool = False
    each: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """The `hits` in one sentence; `joined`: those too that stand in what a semicolon or a dash joins to it."""

    hits: Sequence[Hit]
    joined: Sequence[Hit]


@lru_cache(maxsize=32)
def patterns_of(check: str, kind: str) -> tuple[Pattern, ...]:
    """The patterns of a check for texts of a kind: "said" or "rule"."""
    listed = lists()["checks"][check].get(kind, [])
    return tuple(_pattern(**pattern) for pattern in listed)


def _pattern(needs: Sequence[str], declined: Sequence[str] = DECLINING, **traits: bool) -> Pattern:
    return Pattern(tuple(needs), declined=tuple(declined), **traits)


def matched(text: str, patterns: Sequence[Pattern]) -> str | None:
    """The words of the text that one of the patterns finds, or None."""
    hits = loaded().hits(text)
    present = {hit.concept for hit in hits}
    wanted = [pattern for pattern in patterns if present.issuperset(pattern.needs)]
    sentences = list(_sentences(text, hits)) if wanted else []
    for pattern in wanted:
        for sentence in [Sentence(hits, hits)] if pattern.anywhere else sentences:
            found = _found(text, sentence, pattern)
            if found is not None:
                return found
    return None


def _sentences(text: str, hits: Sequence[Hit]) -> Iterator[Sentence]:
    """Those with hits; a topic in the form of a question belongs to the sentence that answers it."""
    topics = {topic.end() for topic in TOPIC.finditer(text)}
    ends, stops = (
        [end.end() for end in form.finditer(text) if end.end() not in topics] + [len(text) + 1]
        for form in (_SENTENCE_END, _FULL_STOP)
    )
    for start, end in pairwise([0, *ends]):
        inside = [hit for hit in hits if start <= hit.start < end]
        stop = next(stop for stop in stops if stop >= end)
        if inside:
            yield Sentence(inside, [hit for hit in hits if start <= hit.start < stop])


def _found(text: str, sentence: Sentence, pattern: Pattern) -> str | None:
    """The stretch from the pattern's first word to its last, unless it is not there or is acquitted."""
    for begin in sentence.hits:
        chosen = _chosen(sentence.hits, pattern, begin)
        if chosen is not None and not _spared(text, sentence, pattern, chosen):
            first, last = _stretch(chosen)
            return text[first:last]
    return None


def _spared(text: str, sentence: Sentence, pattern: Pattern, chosen: Sequence[Hit]) -> bool:
    first, last = _stretch(chosen)
    if not_to_be_thought(text, first) or (pattern.title and is_title(text, first, last)):
        return True
    starts = [hit.start for hit in chosen] if pattern.each else [first]
    return pattern.spared and acquitted(text, sentence.joined, first, last, starts, pattern.declined)


def _chosen(sentence: Sequence[Hit], pattern: Pattern, begin: Hit) -> list[Hit] | None:
    """The first hit of every need, where `begin` is that of the first. Two ideas need two places: no word is both."""
    if begin.concept != pattern.needs[0]:
        return None
    chosen = [begin]
    for need in pattern.needs[1:]:
        after = chosen[-1].end if pattern.ordered else 0
        free = (h for h in sentence if h.concept == need and h.start >= after and not _overlaps(h, chosen))
        hit = next(free, None)
        if hit is None:
            return None
        chosen.append(hit)
    return chosen


def _overlaps(hit: Hit, chosen: Sequence[Hit]) -> bool:
    return any(hit.start < other.end and other.start < hit.end for other in chosen)


def _stretch(chosen: Sequence[Hit]) -> tuple[int, int]:
    return min(hit.start for hit in chosen), max(hit.end for hit in chosen)
