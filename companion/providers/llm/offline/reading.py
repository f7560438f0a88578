"""What a fan's message says: its sentences, what each is about, and whether it asks."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from companion.providers.llm.offline.data import CUES, DESTINATION, NAMING, OWNED, QUESTION, REFERRING, Cue
from companion.providers.llm.offline.words import plain, stem, terms

_SENTENCE = re.compile(r"(?<=[.!?…。！？؟])\s+|(?<=[。！？])|\n+")
# A wall of text is read up to here; more would be answered by nothing anyway.
_MOST_SENTENCES = 12


@dataclass(frozen=True, slots=True)
class Ask:
    """One sentence of the fan's. `cues` stand in order of precedence.

    `refers`: it says “she”, “it” or “there”, so what it is about was said before. `naming`: it asks for a name.
    """

    cues: tuple[Cue, ...]
    terms: tuple[str, ...]
    question: bool
    refers: bool = False
    naming: bool = False
    # What she calls hers (“my dog”), as stems.
    owned: frozenset[str] = frozenset()
    # Where she is asked to come, as a stem.
    place: str = ""

    def has(self, answer: str) -> bool:
        return any(cue.answer == answer for cue in self.cues)

    def without(self, answer: str) -> "Ask":
        return replace(self, cues=tuple(cue for cue in self.cues if cue.answer != answer))


def read(message: str, persona: str) -> list[Ask]:
    """The sentences of a message; empty ones are left out. The persona's own name is no subject."""
    sentences = [part.strip() for part in _SENTENCE.split(message) if part and part.strip()]
    return [_read_sentence(sentence, persona) for sentence in sentences[:_MOST_SENTENCES]]


def _read_sentence(sentence: str, persona: str) -> Ask:
    lower = _own_name(persona).sub("persona", plain(sentence))
    own = set(terms(persona))
    return Ask(
        cues=tuple(cue for cue in CUES if cue.fits(lower, sentence)),
        terms=tuple(stem for stem in terms(sentence) if stem not in own),
        question=sentence.endswith(("?", "？", "؟")) or bool(QUESTION.search(lower)),
        refers=bool(REFERRING.search(lower)),
        naming=bool(NAMING.search(lower)),
        owned=frozenset(map(stem, OWNED.findall(lower))),
        place=_place(lower),
    )


def _place(lower: str) -> str:
    found = DESTINATION.search(lower)
    return stem(found["place"]) if found and terms(found["place"]) else ""


@lru_cache(maxsize=1_000)
def _own_name(persona: str) -> re.Pattern[str]:
    """Her name, whole or in part: intents.json calls her "persona"."""
    words = "|".join(re.escape(word) for word in plain(persona).split()) or "persona"
    return re.compile(rf"(?<!\w)(?:{words})(?: (?:{words}))*(?!\w)")
