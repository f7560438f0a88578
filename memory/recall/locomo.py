"""Conversations with questions in LoCoMo's shape, and how many of a question's messages a ranking finds. No Django."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SESSION = re.compile(r"session_(\d+)")
# Also "D:11:26" and "D30:05", as some of the published files have it.
DIALOGUE = re.compile(r"D:?(\d+):(\d+)")
# "1:56 pm on 8 May, 2023" and what other files write; without a time it is noon.
MOMENTS = (
    "%I:%M %p on %d %B, %Y",
    "%I:%M %p on %B %d, %Y",
    "%I:%M %p, %d %B, %Y",
    "%H:%M on %d %B, %Y",
    "%Y-%m-%d %H:%M",
)
DAYS = ("%d %B, %Y", "%d %B %Y", "%B %d, %Y", "%Y-%m-%d")
NOON = timedelta(hours=12)
# Lines of a session have no time of their own.
PACE = timedelta(seconds=30)
# The fifth asks for what was never said.
CATEGORIES = (1, 2, 3, 4)


class Malformed(ValueError):
    """The file is not in LoCoMo's shape; the message says where."""


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    speaker: str
    text: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    text: str
    category: int
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dialogue:
    speakers: tuple[str, str]
    sessions: tuple[tuple[Line, ...], ...]
    questions: tuple[Asked, ...]

    @property
    def lines(self) -> Iterator[Line]:
        for session in self.sessions:
            yield from session


def read(path: Path) -> tuple[Dialogue, ...]:
    """The file's conversation, or all of them where it holds a list, as the published file does.

    Raises Malformed and OSError.
    """
    try:
        content = json.loads(path.read_text())
        dialogues = tuple(map(_dialogue, content if isinstance(content, list) else [content]))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Malformed(f"{path.name}: {type(error).__name__} {error}") from error
    if not dialogues:
        raise Malformed(f"{path.name}: no conversation")
    return dialogues


def recall_at(ranked: Sequence[str], evidence: frozenset[str], k: int) -> float:
    """The share of the evidence among the first k distinct messages."""
    return len(evidence & set(list(dict.fromkeys(ranked))[:k])) / len(evidence)


def mean(values: Sequence[float]) -> float | None:
    """None of nothing."""
    return round(sum(values) / len(values), 4) if values else None


def _dialogue(content: dict[str, Any]) -> Dialogue:
    talk = content.get("conversation", content)
    numbers = sorted(int(found[1]) for key in talk if (found := SESSION.fullmatch(key)))
    sessions = tuple(_session(talk, number) for number in numbers)
    known = {line.key for session in sessions for line in session}
    questions = (_asked(entry, known) for entry in content["qa"])
    return Dialogue(
        (talk["speaker_a"], talk["speaker_b"]), sessions, tuple(asked for asked in questions if asked.evidence)
    )


def _session(talk: dict[str, Any], number: int) -> tuple[Line, ...]:
    began = _moment(talk[f"session_{number}_date_time"])
    return tuple(
        Line(entry["dia_id"], entry["speaker"], _text(entry), began + place * PACE)
        for place, entry in enumerate(talk[f"session_{number}"])
    )


def _moment(written: str) -> datetime:
    """Raises ValueError."""
    text = " ".join(written.split())
    for form in (*MOMENTS, *DAYS):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return moment + NOON if form in DAYS else moment
    raise ValueError(f"no date that is known: {written!r}")


def _text(entry: dict[str, Any]) -> str:
    """What was said, and what the picture shows that was sent with it."""
    said, shown = entry.get("text") or "", entry.get("blip_caption") or ""
    return f"{said} [{shown}]".strip() if shown else said


def _asked(entry: dict[str, Any], known: set[str]) -> Asked:
    """Some evidence of the published files holds several ids in one string, and some ids that are no message."""
    told = entry.get("evidence") or ()
    texts = [told] if isinstance(told, str) else told
    evidence = {f"D{int(session)}:{int(line)}" for text in texts for session, line in DIALOGUE.findall(text)}
    return Asked(entry["question"], int(entry["category"]), frozenset(evidence & known))
