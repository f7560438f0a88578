"""Content words as stems. Light on purpose: it only has to make a fan's word meet an author's."""

import re
import unicodedata
from functools import lru_cache

from companion.providers.llm.offline.data import RELATED, SPELLINGS, STOPWORDS

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ENDINGS = (("ss", "ss"), ("ies", "y"), ("ings", ""), ("ing", ""), ("ed", ""), ("ly", ""), ("s", ""))
_DOUBLED = frozenset("bdgmnprt")
_KEPT = 3


def plain(text: str) -> str:
    """Lower case, straight apostrophes, single spaces, chat spellings written out."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(_WORD.sub(lambda word: SPELLINGS.get(word[0], word[0]), text).split())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What is left of a lower-case word without its ending and its accents."""
    word = "".join(c for c in unicodedata.normalize("NFKD", word) if unicodedata.category(c) != "Mn").split("'")[0]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _KEPT:
            word = word.removesuffix(ending) + instead
            break
    if len(word) > _KEPT and word[-1] == word[-2] and word[-1] in _DOUBLED:
        word = word[:-1]
    if len(word) > _KEPT and word[-1] in "ey":
        word = word[:-1] + ("i" if word[-1] == "y" else "")
    return word


@lru_cache(maxsize=5_000)
def stems(text: str) -> frozenset[str]:
    """Of every word: for names, in which a common word says as much as a rare one."""
    return frozenset(stem(word) for word in _WORD.findall(plain(text)))


@lru_cache(maxsize=50_000)
def terms(text: str) -> tuple[str, ...]:
    """The stems of a text's content words, each once, in order."""
    words = _WORD.findall(plain(text))
    return tuple(dict.fromkeys(stem(w) for w in words if w not in STOPWORDS and w.split("'")[0] not in STOPWORDS))


def _related() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in RELATED:
        stems = frozenset(stem(word) for word in group)
        for one in stems:
            found[one] = found.get(one, frozenset()) | (stems - {one})
    return found


RELATED_STEMS = _related()
