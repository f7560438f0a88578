"""She speaks the language that she spoke before, told by small words and by script; a short line decides nothing."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from personas.contracts import PersonaSheet
from personas.release.checks.base import Check, Kind, Subject, Text, texts_of_sheet
from personas.release.contracts import Evidence

DATA = Path(__file__).parent.parent / "data" / "languages.json"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# More of a field's lines than this in another language, and it is no quotation any more.
MOST = 1 / 3
# So many small words of a language, and more than of any other, tell a line's language.
LEAST = 2
_ORDER = re.compile(
    r"\b(?:speak|answer|reply|respond|write|talk|chat|antworte|sprich|schreib|rede|responde|habla|escribe|contesta)\b"
    r"[^.!?\n]*?\b(?P<language>{names})\b",
    re.IGNORECASE,
)
_UNLESS = re.compile(r"\b(?:never|not|don['’]t|if|when|whoever|fan['’]s|unless)\b", re.IGNORECASE)


def language(subject: Subject) -> Iterator[Evidence]:
    """Against the live version's language; a first version is held to its own."""
    own = main_language(subject.live or subject.sheet)
    if own is None:
        return
    lines = [text for text in subject.said if text.kind is Kind.SPOKEN and not text.is_name]
    for name in dict.fromkeys(text.field for text in lines):
        yield from _foreign_field([text for text in lines if text.field == name], own)
    for text in subject.texts:
        if text.kind is Kind.ANSWER and language_of(text.text) not in (None, own):
            yield text.evidence(f"in {language_of(text.text)}, not in {own}")
        elif text.kind is Kind.RULE:
            yield from _ordered(text, own)


def _foreign_field(lines: list[Text], own: str) -> Iterator[Evidence]:
    told = [(text, found) for text in lines if (found := language_of(text.text)) is not None]
    foreign = [(text, found) for text, found in told if found != own]
    if foreign and len(foreign) > MOST * len(told):
        for text, found in foreign:
            yield text.evidence(f"in {found}, not in {own}")


def _ordered(text: Text, own: str) -> Iterator[Evidence]:
    """A rule that sends her into another language, whoever asks."""
    for found in _orders().finditer(text.text):
        code = _codes()[found["language"].casefold()]
        if code != own and not _UNLESS.search(text.text):
            yield text.evidence(found[0])


def main_language(sheet: PersonaSheet) -> str | None:
    """What most of the lines that can be told are written in."""
    lines = [text.text for text in texts_of_sheet(sheet) if text.kind is Kind.SPOKEN]
    return next((code for code, _ in Counter(filter(None, map(language_of, lines))).most_common(1)), None)


@lru_cache(maxsize=8_192)
def language_of(text: str) -> str | None:
    """The language's code, or None where the words do not tell."""
    script = _script(text)
    if script is not None:
        return script
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    scores = Counter({code: sum(word in small for word in words) for code, small in _small_words().items()})
    (best, most), (_, next_most) = scores.most_common(2)
    return best if most >= LEAST and most > next_most else None


def _script(text: str) -> str | None:
    """For a text that is mostly in a script of its own."""
    letters = [character for character in text if character.isalpha()]
    scripts = Counter(unicodedata.name(letter, "?").split()[0] for letter in letters)
    known: dict[str, str] = _data()["scripts"]
    code, most = max(((known.get(s, ""), n) for s, n in scripts.items()), key=lambda pair: pair[1], default=("", 0))
    if most < len(letters) / 2 or not code:
        return None
    return "ja" if {"HIRAGANA", "KATAKANA"} & set(scripts) else code


@lru_cache(maxsize=1)
def _small_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words) for code, words in _data()["words"].items()}


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {name: code for code, names in _data()["names"].items() for name in names}


@lru_cache(maxsize=1)
def _orders() -> re.Pattern[str]:
    return re.compile(_ORDER.pattern.replace("{names}", "|".join(_codes())), re.IGNORECASE)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return content


LANGUAGES = (
    Check(
        "language",
        "Speaks her language",
        "Fans would be answered in a language that they did not choose.",
        language,
    ),
)
