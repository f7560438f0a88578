"""Callbacks: what the fan told is taken up when it matters."""

from collections.abc import Sequence

from conversations.rehearsal.measures.base import Score, share, shown
from conversations.rehearsal.measures.words import has_word
from conversations.rehearsal.talks import Talk


def callbacks(talks: Sequence[Talk]) -> Score:
    """The share of the lines with `wants` whose answer has one of those words."""
    due = [(talk.script.name, one) for talk in talks for one in talk.exchanges if one.line.wants]
    missed = [
        f"{name}: “{one.said}” was answered without {' or '.join(one.line.wants)}: “{one.reply}”"
        for name, one in due
        if not any(has_word(one.reply, wanted) for wanted in one.line.wants)
    ]
    return Score(share(len(due) - len(missed), len(due), of_nothing=1.0), shown(missed))
