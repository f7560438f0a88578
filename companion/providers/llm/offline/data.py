"""intents.json, read once and checked as far as its types go."""

import json
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from companion.providers.emotions import EMOTIONS

_RAW: dict[str, Any] = json.loads((Path(__file__).parent / "intents.json").read_text(encoding="utf-8"))
# `~` in a pattern stands for any number of these words.
_FILLERS = "(?: (?:" + "|".join(_RAW["fillers"]) + "))*"


class Ending(Enum):
    NEVER = "never"
    SOMETIMES = "sometimes"
    # After a statement that she could say little to: a question that shows that she listens.
    LISTENING = "listening"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Cue:
    """A kind of sentence that is known by its wording.

    `answer` names the way in which it is answered (answers.py); `topics` are words in the names of the persona's topics
    or boundaries that suit it. `ending`: does a question back suit? `cased` is matched against the text as typed.
    """

    name: str
    answer: str
    topics: tuple[str, ...]
    emotion: str | None
    ending: Ending
    pattern: re.Pattern[str]
    cased: re.Pattern[str] | None

    def fits(self, plain: str, typed: str) -> bool:
        return bool(self.pattern.search(plain) or (self.cased and self.cased.search(typed)))


def spaced(patterns: list[str]) -> str:
    """Whole words only."""
    return r"(?<!\w)(?:" + "|".join(patterns).replace("~", _FILLERS) + r")(?!\w)"


def _cue(raw: dict[str, Any]) -> Cue:
    emotion = raw.get("emotion")
    if emotion is not None and emotion not in EMOTIONS:
        raise ValueError(f"intents.json: {raw['name']} has the emotion {emotion}, which is none of ours")
    wholes = [spaced(raw["patterns"])] if raw.get("patterns") else []
    cased = raw.get("cased")
    return Cue(
        raw["name"],
        raw["answer"],
        tuple(raw.get("topics", ())),
        emotion,
        Ending(raw.get("ending", "sometimes")),
        # Scripts without spaces between words match anywhere.
        re.compile("|".join(wholes + raw.get("anywhere", []))),
        re.compile("|".join(cased)) if cased else None,
    )


# In the order of the file, which is the order of precedence.
CUES: tuple[Cue, ...] = tuple(_cue(raw) for raw in _RAW["cues"])
STOPWORDS: frozenset[str] = frozenset(_RAW["stopwords"])
SPELLINGS: dict[str, str] = _RAW["spellings"]
RELATED: list[list[str]] = _RAW["related"]
QUESTION = re.compile(r"^(?:" + "|".join(_RAW["question_openings"]) + r")(?!\w)")
OWN_WORDS = re.compile(spaced(_RAW["own_words"]))
NOT_OWN_WORDS = re.compile(spaced(_RAW["not_own_words"]))
# A request, or a question without its mark: it states nothing.
ASKING = re.compile("^(?:(?:" + "|".join(_RAW["before_asking"]) + "),? )*(?:" + "|".join(_RAW["asking"]) + r")(?!\w)")
# “She”, “it”: what is meant was said before, anywhere in a question or first in a statement. Words for names, in
# questions and in facts. What is hers. Where one might come to.
REFERRING = re.compile(spaced(_RAW["referring"]))
GOING_ON = re.compile(spaced(_RAW["going_on"]))
NAMING = re.compile(spaced(_RAW["naming"]))
OWNED = re.compile(spaced(_RAW["owned"]))
DESTINATION = re.compile(spaced(_RAW["destinations"]))
# How she behaves whatever the subject is: words in the names of the topics whose lines serve for it.
MANNERS: dict[str, list[str]] = _RAW["manners"]
