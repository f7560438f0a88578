"""What a fan's message says: its sentences, what each is about, and whether it asks."""

import re
from dataclasses import dataclass, replace

from companion.providers.llm.offline.data import CUES, QUESTION, Cue
from companion.providers.llm.offline.words import plain, terms

_SENTENCE = re.compile(r"(?<=[.!?…。！？؟])\s+|(?<=[。！？])|\n+")
# A wall of text is read up to here; more would be answered by nothing anyway.
_MOST_SENTENCES = 12


@dataclass(frozen=True, slots=True)
class Ask:
    """One sentence of the fan's. `cues` stand in order of precedence."""

    cues: tuple[Cue, ...]
    terms: tuple[str, ...]
    question: bool

    def has(self, answer: str) -> bool:
        return any(cue.answer == answer for cue in self.cues)

    def without(self, answer: str) -> "Ask":
        return replace(self, cues=tuple(cue for cue in self.cues if cue.answer != answer))


def read(message: str, own_name: frozenset[str]) -> list[Ask]:
    """The sentences of a message; empty ones are left out. The persona's own name (stems) is no subject."""
    sentences = [part.strip() for part in _SENTENCE.split(message) if part and part.strip()]
    return [_read_sentence(sentence, own_name) for sentence in sentences[:_MOST_SENTENCES]]


def _read_sentence(sentence: str, own_name: frozenset[str]) -> Ask:
    lower = plain(sentence)
    return Ask(
        cues=tuple(cue for cue in CUES if cue.fits(lower, sentence)),
        terms=tuple(stem for stem in terms(sentence) if stem not in own_name),
        question=sentence.endswith(("?", "？", "؟")) or bool(QUESTION.search(lower)),
    )
