"""Assistant phrases: what no artist says and every help desk does, and the layout of a document."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from conversations.rehearsal.measures.base import Score, share, shown
from conversations.rehearsal.measures.words import plain
from conversations.rehearsal.talks import Talk

_FILE = Path(__file__).parent.parent / "data" / "assistant_phrases.json"
_PHRASES = re.compile(r"(?<!\w)(?:" + "|".join(json.loads(_FILE.read_text(encoding="utf-8"))["phrases"]) + r")(?!\w)")
# A bullet or numbered list, a heading, bold type, a code fence.
_LAYOUT = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+\S.*\n+\s*(?:[-*•]|\d+[.)])\s|^#{1,6}\s|\*\*[^*\n]+\*\*|```", re.M)


def assistant_phrases(talks: Sequence[Talk]) -> Score:
    """The share of replies that sound like an assistant."""
    found = [
        f"{talk.script.name}: “{phrase}” in “{exchange.reply}”"
        for talk in talks
        for exchange in talk.exchanges
        if (phrase := sounds_like_an_assistant(exchange.reply))
    ]
    return Score(share(len(found), sum(len(talk.exchanges) for talk in talks)), shown(found))


def sounds_like_an_assistant(text: str) -> str:
    """What does, or nothing."""
    found = _PHRASES.search(plain(text)) or _LAYOUT.search(text)
    return found[0].strip() if found else ""
