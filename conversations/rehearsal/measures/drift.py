"""Drift: replies that the persona's sheet would not recognise as its own, by their form and by their company."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from companion.providers.embeddings.base import Vectors
from conversations.rehearsal.measures.base import Score, share, shown
from conversations.rehearsal.measures.words import words
from conversations.rehearsal.talks import Talk
from conversations.rehearsal.vectors import Embedded
from personas.contracts import LINE_FIELDS, TOPIC_FIELDS, PersonaSheet

_FILE = Path(__file__).parent.parent / "data" / "strangers.json"
# Lines of a help desk, a hype channel and a lecturer: company that no persona keeps.
STRANGERS: tuple[str, ...] = tuple(
    line for lines in json.loads(_FILE.read_text(encoding="utf-8")).values() for line in lines
)
# A reply may be so many times as long as the longest line of the sheet, which is meant for joining.
JOINED = 3
# Compared are the nearest few of each side: one chance likeness decides nothing.
NEAREST = 3
_RULES = ("voice_rules", "style_rules")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


def spoken_lines(sheet: PersonaSheet) -> list[str]:
    """What she says, without the rules about how."""
    lines = [line for name in LINE_FIELDS if name not in _RULES for line in getattr(sheet, name)]
    lines += [line for name in TOPIC_FIELDS for topic in getattr(sheet, name) for line in topic.lines]
    return lines + [line for lines_ in sheet.moods.values() for line in lines_]


@dataclass(frozen=True, slots=True)
class _Form:
    """The most that one line of the sheet has of each."""

    words: int
    emoji: int
    exclamations: int

    @classmethod
    def of(cls, lines: Sequence[str]) -> "_Form":
        return cls(max(map(_count_words, lines)), max(map(_count_emoji, lines)), max(line.count("!") for line in lines))

    def breach(self, reply: str) -> str:
        if _count_words(reply) > JOINED * self.words:
            return f"{_count_words(reply)} words"
        if _count_emoji(reply) > JOINED * self.emoji:
            return "more emoji than her lines have"
        return "more exclamation marks than her lines have" if reply.count("!") > self.exclamations + 1 else ""


def drift(talks: Sequence[Talk], embedded: Embedded) -> Score:
    """The share of replies that break the form of the sheet's lines, or stand nearer to strangers' lines than to them.

    `embedded` has the vectors of every reply, of the sheets' lines and of STRANGERS.
    """
    strangers = embedded.of(STRANGERS)
    found = []
    for talk in talks:
        lines = spoken_lines(talk.exchanges[0].context.sheet)
        form, own = _Form.of(lines), embedded.of(lines)
        for exchange in talk.exchanges:
            fault = form.breach(exchange.reply) or _foreign(embedded.of([exchange.reply])[0], own, strangers)
            if fault:
                found.append(f"{talk.script.name}: “{exchange.reply}” ({fault})")
    return Score(share(len(found), sum(len(talk.exchanges) for talk in talks)), shown(found))


def _foreign(reply: Vectors, own: Vectors, strangers: Vectors) -> str:
    return "nearer to a stranger's lines" if _nearness(reply, strangers) > _nearness(reply, own) else ""


def _nearness(reply: Vectors, lines: Vectors) -> float:
    return float(np.mean(np.sort(lines @ reply)[-NEAREST:]))


def _count_words(text: str) -> int:
    return len(words(text))


def _count_emoji(text: str) -> int:
    return len(_EMOJI.findall(text))
