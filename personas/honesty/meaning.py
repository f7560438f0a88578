"""Denials that no template has: a whole sentence of hers is held against written ones (data/sentences.json)."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from personas.honesty.denials import admits, speaks_of_help
from personas.honesty.speech import plain
from personas.likeness import Example, Likeness, Reader

DATA = Path(__file__).parent / "data" / "sentences.json"
DENIAL = "denial"
# Reads a sentence of hers for its meaning: does it deny that an AI speaks?
Denies = Callable[[str], Awaitable[bool]]
# No beginning among the cues is shorter: a word that shares these letters with none begins with none.
STEM = 4
_WORD = re.compile(r"[\w'-]+")
# Of the cues those that any artist's talk of her life is full of.
_EVERYDAY = re.compile(
    r"\b(?:blood|bled|bleed\w*|bones|born|birth|thumbs|fingers|passport|dentist|script|programs?|the label)\b"
)
# Chosen on replies that nobody had seen (tests/personas/test_honesty_by_meaning.py). What says that she is an AI or
# sends a fan to people who help has to look much more like a denial.
DENIES, DENIES_FOR_SURE = 0.1, 0.3


class Meaning:
    """This process's reading. It knows nothing before `learn`, and without MiniLM nothing ever."""

    def __init__(self) -> None:
        self._likeness: Likeness | None = None

    async def learn(self, reader: Callable[[], Reader | None], folder: Path) -> None:
        """Two seconds once on a data directory, then a moment. `reader` loads MiniLM, if it is there, and may raise."""
        self._likeness = await asyncio.to_thread(_learnt, reader, folder)

    async def denies(self, sentence: str) -> bool:
        """Whether a sentence of hers denies that an AI speaks; takes some five milliseconds."""
        if self._likeness is None:
            return False
        found = (await self._likeness.alike([sentence])).get(sentence)
        if found is None:
            return False
        return found.score > DENIES_FOR_SURE or not (admits(sentence) or speaks_of_help(sentence))


def in_question(sentence: str) -> bool:
    """Whether it names what denials are about. Most sentences do not, and cost nothing more."""
    return _names(sentence, "cues")


def asks_what_she_is(said: str) -> bool:
    """Whether the fan's words do, by such a name or without one: “who am I talking to?”"""
    return in_question(said) or _names(said, "questions")


def _names(sentence: str, listed: str) -> bool:
    words, stems, beginnings, phrases = _cues(listed)
    text = plain(sentence)
    said = set(_WORD.findall(text))
    return (
        not words.isdisjoint(said)
        or any(word.startswith(beginnings) for word in said if word[:STEM] in stems)
        or any(phrase in text for phrase in phrases)
    )


def is_everyday(sentence: str) -> bool:
    """Whether it names nothing of the kind but a body, a birth, a label: said by the artist that denies nothing."""
    return not in_question(_EVERYDAY.sub(" ", plain(sentence)))


def _learnt(reader: Callable[[], Reader | None], folder: Path) -> Likeness | None:
    minilm = reader()
    if minilm is None:
        return None
    listed = _data()
    examples = [*_examples(listed["denials"], DENIAL), *_examples(listed["passes"], "")]
    return Likeness(minilm, examples, stopped=DENIES, folder=folder)


def _examples(texts: Iterable[str], check: str) -> list[Example]:
    return [Example(text, check) for text in texts]


@cache
def _cues(listed: str) -> tuple[frozenset[str], frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Words, first letters of the beginnings, beginnings of words (`*`), and what has more words than one."""
    cues: list[str] = _data()[listed]
    phrases = [cue for cue in cues if _WORD.fullmatch(cue.rstrip("*")) is None]
    beginnings = [cue.rstrip("*") for cue in cues if cue.endswith("*")]
    return frozenset(cues), frozenset(cue[:STEM] for cue in beginnings), tuple(beginnings), tuple(phrases)


@cache
def _data() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return content
