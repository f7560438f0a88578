"""Scripted fans: what a fan says in ten minutes, when, and what she looks for in the answer. Files in `data/`.

A file holds one object: `name`; `voice`, who she is, in a sentence; `fan` {name, time_zone?, country?, language?};
`yesterday`, what she told the day before (memories are made of it); `lines`, each {at_s, say, if_asked?, asks_ai?,
wants?, again?}. In a text `{persona}` is the artist's name, `{reply}` the last sentence of the reply before it, and
`{reply:3}` that of the answer to her third line.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from conversations.rehearsal.speaker import RehearsedFan
from conversations.turn.text import LONGEST

DATA = Path(__file__).parent / "data"
TEN_MINUTES_S = 600


class Malformed(ValueError):
    """A file that is no script; the message names it and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a fan says `at_s` seconds into the talk; `if_asked` instead, where the reply before it asked something.

    `asks_ai`: she asks whether she talks with an AI. `wants`: words of which one stands in an answer that takes up what
    she told earlier (a `*` at the end takes longer words too). `again`: the number of the line that asked the same.
    """

    at_s: int
    say: str
    if_asked: str = ""
    asks_ai: bool = False
    wants: tuple[str, ...] = ()
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Script:
    name: str
    voice: str
    fan: RehearsedFan
    yesterday: tuple[str, ...]
    lines: tuple[Line, ...]


def own_scripts() -> list[Script]:
    """The product's own fans, by name."""
    return [read(path) for path in sorted(DATA.glob("fan_*.json"))]


def read(path: Path) -> Script:
    """Raises Malformed, and OSError where the file cannot be read."""
    try:
        return _script(json.loads(path.read_text(encoding="utf-8")))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Malformed(f"{path.name} is no script: {type(error).__name__}, {error}") from error


def _script(body: Mapping[str, Any]) -> Script:
    lines = tuple(_line(number, line) for number, line in enumerate(body["lines"], start=1))
    if not lines:
        raise ValueError("no lines")
    if any(later.at_s < earlier.at_s for earlier, later in pairwise(lines)):
        raise ValueError("a line before the one that it follows")
    yesterday = tuple(_text(line) for line in body.get("yesterday", ()))
    return Script(_text(body["name"]), body.get("voice", ""), RehearsedFan(**body["fan"]), yesterday, lines)


def _line(number: int, body: Mapping[str, Any]) -> Line:
    line = Line(**(dict(body) | {"wants": _words(body.get("wants", ()))}))
    if body["at_s"] not in range(TEN_MINUTES_S + 1):
        raise ValueError(f"line {number} is not within the ten minutes")
    if line.again is not None and not 1 <= line.again < number:
        raise ValueError(f"line {number} asks again what no line before it asked")
    _text(line.say)
    return line


def _text(value: Any) -> str:
    """Raises ValueError for what no fan could send."""
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= LONGEST:
        raise ValueError(f"{value!r} is not a text of 1 to {LONGEST} characters")
    return value


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(word, str) and word.strip("* ") for word in value):
        raise ValueError(f"{value!r} is not a list of words")
    return tuple(value)
