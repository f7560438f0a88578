"""What the fan said about herself in the window, to be quoted back in her own words."""

import re
from collections.abc import Iterable
from functools import lru_cache

from companion.providers.llm.offline.data import ASKING, GOING_ON, NOT_OWN_WORDS, OWN_WORDS
from companion.providers.llm.offline.words import plain, terms

# What she goes on to say of the persona is no part of what she said of herself.
_CLAUSE = re.compile(r"[.!?…\n;。！？؟]+\s*|,? (?:and|but|so|because) (?=you(?: |'|’))")
# Shorter is hardly a fact; a longer quotation would be the fan's speech and not the persona's.
_SHORTEST, _LONGEST = 6, 120
# So many content words make a statement that can be asked for.
_TELLING = 2


def own_words(texts: Iterable[str]) -> list[str]:
    """Clauses such as "my dog is called Pixel", verbatim, newest first, each once. `texts` are oldest first."""
    return _newest_first(clause for text in texts for clause, about_herself, _ in _told(text) if about_herself)


def statements(texts: Iterable[str]) -> list[str]:
    """All that she stated, as above: to be told when she asks for it, not by the persona herself."""
    return _newest_first(clause for text in texts for clause, _, states in _told(text) if states)


def _newest_first(clauses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(reversed(list(clauses))))


@lru_cache(maxsize=20_000)  # a message stays in the window for a dozen turns
def _told(text: str) -> tuple[tuple[str, bool, bool], ...]:
    """Each clause that can be told; whether it is about herself, and whether it states enough to be asked for."""
    clauses = (clause.strip(' ,-–—"“”') for clause in _clauses(text))
    return tuple(
        (clause, bool(OWN_WORDS.search(plain(clause))), _states(clause)) for clause in clauses if _can_be_told(clause)
    )


def _states(clause: str) -> bool:
    return len(terms(clause)) >= _TELLING and not ASKING.search(plain(clause))


def _clauses(text: str) -> list[str]:
    """What is stated; one that begins with “she” or “it” goes on from the one before it, and is told with it."""
    # A question is no statement, so its clause goes.
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _CLAUSE.finditer(text):
        if not set(end[0]) & set("?？؟"):
            _add(spans, text, start, end.start())
        start = end.end()
    _add(spans, text, start, len(text))
    return [text[first:last] for first, last in spans]


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    goes_on = GOING_ON.match(plain(text[start:end]))
    if goes_on and spans and end - spans[-1][0] <= _LONGEST:
        spans.append((spans.pop()[0], end))
    else:
        spans.append((start, end))


def _can_be_told(clause: str) -> bool:
    return _SHORTEST <= len(clause) <= _LONGEST and "{" not in clause and not NOT_OWN_WORDS.search(plain(clause))
