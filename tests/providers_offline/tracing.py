"""Takes a reply apart into what it was made from. Written apart from the provider: it knows only the grounding."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from companion.providers.llm.base import Grounding, PersonaLines, ScheduleItem

_SLOT = re.compile(r"\{(name|fact|event|when)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…”\"])\s+")


@dataclass(frozen=True)
class Piece:
    """A stretch of a reply: the authored text it comes from, and what its slots were filled with."""

    source: str
    facts: tuple[str, ...]


def trace(reply: str, grounding: Grounding) -> list[Piece] | None:
    """The pieces that make up the reply, joined by single spaces; None if anything in it comes from nowhere."""
    sources = {*_sources(grounding), *(_when(item, grounding) for item in grounding.schedule)}
    present = [source for source in sources if max(_SLOT.split(source)[::2], key=len) in reply]
    patterns = [(source, re.compile(_pattern(source, grounding), re.DOTALL)) for source in present]
    return _take_apart(reply, 0, patterns, grounding)


def lines_of(persona: PersonaLines) -> list[str]:
    groups = (*persona.topics, *persona.pet_peeves, *persona.boundaries)
    plain = (persona.greetings, persona.farewells, persona.phrases, persona.honesty, persona.unknown, persona.questions)
    memory = (persona.memory_recall, persona.memory_empty, persona.fallbacks, *persona.moods.values())
    return [line for lines in (*plain, *memory, *(group.lines for group in groups)) for line in lines]


def _sources(grounding: Grounding) -> Iterator[str]:
    for line in lines_of(grounding.persona):
        yield line
        # Without a name its slot goes, with the comma before it.
        yield re.sub(r",? ?\{name\}", "", line).lstrip(", ")
    for passage in grounding.passages:
        ends = [end.start() for end in _SENTENCE_END.finditer(passage.text)]
        yield from (passage.text[:end] for end in (*ends, len(passage.text)))
    yield from (item.title for item in grounding.schedule)
    yield from ([grounding.mood[1]] if grounding.mood else [])
    yield from grounding.facts


def _pattern(source: str, grounding: Grounding) -> str:
    choices = {
        "name": re.escape(grounding.fan_name or "{name}"),
        "fact": "(.+?)",
        "event": "|".join(re.escape(item.title) for item in grounding.schedule) or "(?!)",
        "when": "|".join(re.escape(_when(item, grounding)) for item in grounding.schedule) or "(?!)",
    }
    parts = _SLOT.split(source)
    return "".join(f"(?:{choices[part]})" if place % 2 else re.escape(part) for place, part in enumerate(parts))


def _when(item: ScheduleItem, grounding: Grounding) -> str:
    start = item.starts_at.astimezone(grounding.now.tzinfo)
    return start.strftime("%A %d %B, %H:%M %Z").replace(" 0", " ", 1)


def _take_apart(
    reply: str, start: int, patterns: list[tuple[str, re.Pattern[str]]], grounding: Grounding
) -> list[Piece] | None:
    if start == len(reply):
        return []
    for source, pattern in patterns:
        found = pattern.match(reply, start)
        if not found or not found[0] or not all(_is_known(fact, grounding) for fact in found.groups()):
            continue
        end = found.end()
        if end < len(reply) and reply[end] != " ":
            continue
        rest = _take_apart(reply, min(end + 1, len(reply)), patterns, grounding)
        if rest is not None:
            return [Piece(source, found.groups()), *rest]
    return None


def _is_known(fact: str, grounding: Grounding) -> bool:
    """A stored fact, the fan's name, or the fan's own words."""
    said = [one.text for one in grounding.history if one.role == "fan"] + list(grounding.asked)
    return any(fact == known.removesuffix(".") for known in (*grounding.facts, grounding.fan_name or "")) or any(
        fact in text for text in said
    )
