"""A scripted talk is held: ten minutes of virtual time, in which nothing is written."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from companion.providers.embeddings.base import Embedder
from companion.providers.llm.fallback import LLMChain
from conversations.rehearsal.measures.words import sentences
from conversations.rehearsal.scripts import Line, Script
from conversations.rehearsal.speaker import RehearsedFan, rehearse
from memory.contracts import Recalled, RecalledLine, RecalledMemory, Remark, Said
from memory.extraction.base import BrokenAnswer, Extractor
from memory.extraction.policy import may_keep
from memory.recall.reader import LINES, MEMORIES
from personas.context import PersonaContext

A_DAY = timedelta(days=1)
_REPLY = re.compile(r"\{reply(?::(\d+))?\}")
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Cast:
    """What a rehearsal needs of the world.

    `persona`: the artist's name. `read(text)`: the version that is rehearsed, with the mood, the schedule and the
    passages nearest to what was said.
    `pairs`: exchanges that short-term memory holds. `killed(name)`: is this provider switched off?
    """

    persona: str
    llm: LLMChain
    embedder: Embedder
    extractor: Extractor
    read: Callable[[str], Awaitable[PersonaContext]]
    pairs: int
    killed: Callable[[str], bool] = lambda _name: False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A line as it was said, and what was answered. `context` is what the persona knew at that moment."""

    line: Line
    said: str
    reply: str
    at: datetime
    context: PersonaContext


@dataclass(frozen=True, slots=True)
class Talk:
    """`remembered`: what was recalled of the day before, in the words of the memories."""

    script: Script
    exchanges: tuple[Exchange, ...]
    remembered: tuple[str, ...] = ()


async def hold(cast: Cast, script: Script, began: datetime) -> Talk:
    """The script's lines, each answered after all that went before it. Raises what `rehearse` raises.

    Memories are those of the day before alone, as in the product, where a session is read when it is over; what fell
    out of short-term memory comes back from the archive.
    """
    memories = await _remembered(cast, script, began - A_DAY)
    exchanges: list[Exchange] = []
    for line in script.lines:
        at = began + timedelta(seconds=line.at_s)
        exchanges.append(await _exchange(cast, script.fan, memories, exchanges, line, at))
    return Talk(script, tuple(exchanges), tuple(memory.text for memory in memories.memories))


async def _exchange(
    cast: Cast, fan: RehearsedFan, memories: Recalled, before: Sequence[Exchange], line: Line, at: datetime
) -> Exchange:
    replies = [exchange.reply for exchange in before]
    said = _spoken(line, cast.persona, replies)
    context = await cast.read(said)
    recalled = replace(memories, lines=_archived(before[: -cast.pairs]))
    window = _window(before[-cast.pairs :])
    answer = await rehearse(cast.llm, context, fan, window, said, at, recalled, killed=cast.killed)
    return Exchange(line, said, answer.text, at, context)


def _spoken(line: Line, persona: str, replies: Sequence[str]) -> str:
    """What she says now: she hears a question, and quotes what she was told."""
    asked = bool(replies) and replies[-1].rstrip("”\"' ").endswith("?")
    text = line.if_asked if asked and line.if_asked else line.say
    return _REPLY.sub(lambda slot: _quote(slot[1], replies), text.replace("{persona}", persona))


def _quote(number: str | None, replies: Sequence[str]) -> str:
    reply = replies[int(number) - 1 if number else -1] if replies else ""
    return next(reversed(sentences(reply)), "").strip()


def _window(exchanges: Sequence[Exchange]) -> list[Remark]:
    remarks: list[Remark] = []
    for number, exchange in enumerate(exchanges):
        remarks.append(Remark(uuid5(_NOBODY, f"fan {number}"), "fan", exchange.said))
        remarks.append(Remark(uuid5(_NOBODY, f"persona {number}"), "persona", exchange.reply))
    return remarks


def _archived(exchanges: Sequence[Exchange]) -> tuple[RecalledLine, ...]:
    """As many lines as a turn recalls, the newest."""
    lines: list[RecalledLine] = []
    for exchange in exchanges:
        key = uuid5(_NOBODY, f"archived {exchange.at}")
        lines.append(RecalledLine(key, "fan", exchange.said, exchange.at, 1.0))
        lines.append(RecalledLine(key, "persona", exchange.reply, exchange.at, 1.0))
    return tuple(lines[-LINES:])


async def _remembered(cast: Cast, script: Script, yesterday: datetime) -> Recalled:
    """What the extractor makes of the day before, without consent to special categories, as much as a turn recalls.

    Nothing where the model's list cannot be read: the product keeps that text for staff and goes on without.
    """
    said = [
        Said(uuid5(_NOBODY, f"yesterday {number}"), "fan", text, yesterday + timedelta(minutes=number))
        for number, text in enumerate(script.yesterday)
    ]
    if not said:
        return Recalled()
    fan = script.fan
    try:
        found = await cast.extractor.extract(said, now=yesterday, time_zone=fan.time_zone, fan_name=fan.name)
    except BrokenAnswer:
        return Recalled()
    sources = {line.id: line for line in said}
    kept = [candidate for candidate in found if may_keep(candidate.category, consent=False)][:MEMORIES]
    return Recalled(
        tuple(
            RecalledMemory(
                id=uuid5(_NOBODY, candidate.text),
                kind=candidate.kind,
                text=candidate.text,
                source_message=candidate.sources[0],
                quote=sources[candidate.sources[0]].text,
                said_at=sources[candidate.sources[0]].said_at,
                score=candidate.confidence,
            )
            for candidate in kept
        )
    )
