"""Sentences and words, as the measures compare them."""

import re
import unicodedata

_END = re.compile(r"(?<=[.!?…。！？؟])[”\"')\]]*\s+|(?<=[。！？])|\n+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|„[^“]*“|\"[^\"]*\"")


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _END.split(text) if part and part.strip()]


def plain(text: str) -> str:
    """Lower case, one kind of apostrophe, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())


def words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(plain(text)))


def unquoted(text: str) -> str:
    """Without what stands in quotation marks: those are somebody's words, to be said again."""
    return _QUOTED.sub(" ", text)


def has_word(text: str, wanted: str) -> bool:
    """Whether a whole word or phrase stands there; a `*` at its end takes longer words too."""
    stem = re.escape(plain(wanted.rstrip("*")))
    end = "" if wanted.endswith("*") else r"(?!\w)"
    return bool(re.search(rf"(?<!\w){stem}{end}", plain(text)))
