"""What the fan said about herself in the window, to be quoted back in her own words."""

import re
from collections.abc import Iterable

from companion.providers.llm.offline.data import NOT_OWN_WORDS, OWN_WORDS
from companion.providers.llm.offline.words import plain

_CLAUSE = re.compile(r"[.!?…\n;。！？؟]+\s*")
# Shorter is hardly a fact; a longer quotation would be the fan's speech and not the persona's.
_SHORTEST, _LONGEST = 6, 120


def own_words(texts: Iterable[str]) -> list[str]:
    """Clauses such as "my dog is called Pixel", verbatim, newest first, each once. `texts` are oldest first."""
    clauses = [clause.strip(' ,-–—"“”') for text in texts for clause in _clauses(text)]
    return list(dict.fromkeys(reversed([clause for clause in clauses if _is_about_herself(clause)])))


def _clauses(text: str) -> list[str]:
    # A question is no statement, so its clause goes.
    ends = _CLAUSE.finditer(text)
    clauses, start = [], 0
    for end in ends:
        if not set(end[0]) & set("?？؟"):
            clauses.append(text[start : end.start()])
        start = end.end()
    return [*clauses, text[start:]]


def _is_about_herself(clause: str) -> bool:
    lower = plain(clause)
    if not _SHORTEST <= len(clause) <= _LONGEST or "{" in clause:
        return False
    return bool(OWN_WORDS.search(lower)) and not NOT_OWN_WORDS.search(lower)
