"""Everything that the persona could say about a subject, scored against what was asked."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile

from companion.providers.llm.base import Grounding, Passage, Topic
from companion.providers.llm.offline.data import CUES, MANNERS
from companion.providers.llm.offline.relevance import Candidate, Match, Relevance
from companion.providers.llm.offline.words import stem, stems, terms

_SLOT = re.compile(r"\{(?:fact|event|when)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…”\"])\s+")
_LONGEST_EXCERPT = 320
# Passages come chosen by their meaning already, so at the same overlap they are the better answer, but verses are not.
_PASSAGE = 1.2
_WORTH = {"fact": 1.3, "lyric": 0.7}
# Topics for occasions, such as thanks or jokes: their lines suit the occasion, whatever words they are made of.
_OCCASIONAL = ("topic", "comfort", "social", "lyric", "whereabouts")
_OCCASIONS = frozenset(stem(hint) for cue in CUES if cue.answer in _OCCASIONAL for hint in cue.topics)
_MANNERS = frozenset(stem(hint) for hints in MANNERS.values() for hint in hints)
# Names of boundaries list alternatives: "medical, legal or financial advice".
_ALTERNATIVES = re.compile(r",|/|;| or | and ")
_QUOTES = (("“", "”"), ("«", "»"), ("(", ")"))
# Who speaks in a transcript, at the beginning of a line: "Q:", "**Host 2:**", "Aria Vale (laughs):".
_SPEAKER = re.compile(r"[\s*_]*(?P<who>[^\W\d_][\w.’' -]{0,30}?)\s*(?:\([^)]*\))?[*_]*:[*_]*(?:\s+|$)")
_ASKS = re.compile(r"(?:q|question|interviewer|host|moderator|presenter)\s*\d*", re.IGNORECASE)
_ANSWERS = re.compile(r"(?:a|answer)\s*\d*", re.IGNORECASE)
# What stands above the first speaker is a title if it is as short as this, else the end of an answer.
_TITLE_WORDS = 8


class Library:
    def __init__(self, grounding: Grounding) -> None:
        persona = grounding.persona
        self.topics = persona.topics + persona.pet_peeves
        self._peeves = persona.pet_peeves
        self._boundaries = persona.boundaries
        lines = [
            Candidate(line, topic.name, by_name=is_occasion(topic))
            for topic in self.topics
            if not is_manner(topic)
            for line in plain_lines(topic)
        ]
        passages = [_passage(passage, persona.name) for passage in grounding.passages]
        phrases = [Candidate(line, "") for line in persona.phrases]
        self._relevance = Relevance((*lines, *passages, *phrases))

    def about(self, wanted: Sequence[str], at_least: float) -> list[Match]:
        return [match for match in self._relevance.rank(wanted, at_least) if match.apt]

    def telling(self, wanted: Sequence[str]) -> list[str]:
        """What of it is not written about everywhere."""
        return [stem for stem in wanted if not self._relevance.is_common(stem)]

    def hinted(self, hints: Sequence[str]) -> list[str]:
        """Lines of the topics whose names have one of these words."""
        return [line for topic in named(self.topics, hints) for line in plain_lines(topic)]

    def all_lines(self) -> list[str]:
        """Every line about a subject that needs neither a fact nor a date."""
        return [line for topic in self.topics if not is_occasion(topic) for line in plain_lines(topic)]

    def around(self, said: str) -> list[str]:
        """Every line of the subjects of which a line stands in this text."""
        subjects = [topic for topic in self.topics if not is_occasion(topic)]
        return [line for t in subjects if any(line in said for line in t.lines) for line in plain_lines(t)]

    def peeves(self) -> list[str]:
        return [line for peeve in self._peeves for line in plain_lines(peeve)]

    def boundary(self, hints: Sequence[str]) -> tuple[str, ...]:
        """How she deflects what these words name."""
        return tuple(line for boundary in named(self._boundaries, hints) for line in boundary.lines)

    def crossed(self, said: Sequence[str]) -> tuple[str, ...]:
        """How she deflects a message that calls one of her boundaries by its name."""
        crossed = [boundary for boundary in self._boundaries if _calls(boundary.name, said)]
        return tuple(line for boundary in crossed for line in boundary.lines)

    def with_slot(self, slot: str) -> list[str]:
        """The lines of topics that have this slot."""
        return [line for topic in self.topics for line in topic.lines if slot in line]


def named(topics: Iterable[Topic], hints: Sequence[str]) -> list[Topic]:
    wanted = {stem(hint) for hint in hints}
    return [topic for topic in topics if wanted & stems(topic.name)]


def is_manner(topic: Topic) -> bool:
    """Its lines suit whatever the subject is, and are no subject."""
    return not _MANNERS.isdisjoint(stems(topic.name))


def is_occasion(topic: Topic) -> bool:
    return is_manner(topic) or not _OCCASIONS.isdisjoint(stems(topic.name))


@lru_cache(maxsize=5_000)
def plain_lines(topic: Topic) -> tuple[str, ...]:
    """A topic's lines that need neither a fact nor a date."""
    return tuple(line for line in topic.lines if not _SLOT.search(line))


def _passage(passage: Passage, persona: str) -> Candidate:
    """What an interviewer asked is what the answers are about."""
    asked, told = asked_and_told(passage.text, persona)
    subject = f"{passage.title} {asked}"
    return Candidate(excerpt(told), subject, _WORTH.get(passage.kind, _PASSAGE), broad=False)


def asked_and_told(text: str, persona: str) -> tuple[str, str]:
    """Of a transcript the questions, and the answers without the names and the title; of any other text "" and all."""
    lines = [(line, _SPEAKER.match(line)) for line in text.splitlines()]
    named = [speaker["who"].casefold() for _, speaker in lines if speaker]
    if not any(map(_ASKS.fullmatch, named)):
        return "", text
    answering = {who for who in named if _ANSWERS.fullmatch(who) or who in persona.casefold() or named.count(who) > 1}
    above = sum(len(line.split()) for line, _ in takewhile(lambda pair: pair[1] is None, lines))
    asked: list[str] = []
    told: list[str] = []
    speaking = told if above > _TITLE_WORDS else None
    for line, speaker in lines:
        who = speaker["who"].casefold() if speaker else ""
        if asks := bool(_ASKS.fullmatch(who)):
            speaking = asked
        elif who in answering:
            speaking = told
        if speaking is not None:
            speaking.append(line[speaker.end() :] if speaker and (asks or who in answering) else line.strip())
    return " ".join(filter(None, asked)), " ".join(filter(None, told)) or text


def excerpt(text: str) -> str:
    """The whole passage if it is short, else its first sentences, never ending inside a quotation."""
    text = text.strip()
    if len(text) <= _LONGEST_EXCERPT:
        return text
    cuts = [end.start() for end in _SENTENCE_END.finditer(text)]
    whole = [cut for cut in cuts if all(text.count(a, 0, cut) == text.count(b, 0, cut) for a, b in _QUOTES)]
    fitting = [cut for cut in whole if cut <= _LONGEST_EXCERPT]
    return text[: max(fitting, default=min(whole, default=len(text)))]


def _calls(name: str, said: Sequence[str]) -> bool:
    alternatives = (terms(part) for part in _ALTERNATIVES.split(name))
    return any(wanted and set(wanted) <= set(said) for wanted in alternatives)
