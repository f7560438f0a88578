"""A scripted talk is held: ten minutes of virtual time, in which nothing is written."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from companion.providers.embeddings.base import Embedder
from companion.providers.llm.fallback import LLMChain
from conversations.rehearsal.archive import Archive
from conversations.rehearsal.measures.words import sentences
from conversations.rehearsal.scripts import Line, Script
from conversations.rehearsal.speaker import RehearsedFan, rehearse
from memory.contracts import Candidate, Recalled, RecalledLine, RecalledMemory, Remark, Said
from memory.extraction.base import BrokenAnswer, Extractor
from memory.extraction.policy import may_keep
from memory.recall.reader import MEMORIES
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

    Memories are those of the day before alone, as in the product, where a session is read when it is over; the day
    before itself, and what fell out of short-term memory, come back from the archive.
    """
    yesterday = _yesterday(script, began - A_DAY)
    memories = await _remembered(cast, script.fan, yesterday)
    archive = Archive(cast.embedder)
    await archive.add([RecalledLine(line.id, line.role, line.text, line.said_at, 1.0) for line in yesterday])
    exchanges: list[Exchange] = []
    for line in script.lines:
        await archive.add(_lines(exchanges[-cast.pairs - 1 : -cast.pairs]))
        at = began + timedelta(seconds=line.at_s)
        exchanges.append(await _exchange(cast, script.fan, (memories, archive), exchanges, line, at))
    return Talk(script, tuple(exchanges), tuple(memory.text for memory in memories.memories))


async def _exchange(
    cast: Cast,
    fan: RehearsedFan,
    long_term: tuple[Recalled, Archive],
    before: Sequence[Exchange],
    line: Line,
    at: datetime,
) -> Exchange:
    said = _spoken(line, cast.persona, [exchange.reply for exchange in before])
    context = await cast.read(said)
    memories, archive = long_term
    recalled = replace(memories, lines=await archive.nearest(said))
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


def _lines(exchanges: Sequence[Exchange]) -> list[RecalledLine]:
    lines: list[RecalledLine] = []
    for exchange in exchanges:
        key = uuid5(_NOBODY, f"archived {exchange.at}")
        lines.append(RecalledLine(key, "fan", exchange.said, exchange.at, 1.0))
        lines.append(RecalledLine(key, "persona", exchange.reply, exchange.at, 1.0))
    return lines


def _yesterday(script: Script, began: datetime) -> list[Said]:
    return [
        Said(uuid5(_NOBODY, f"yesterday {number}"), "fan", text, began + timedelta(minutes=number))
        for number, text in enumerate(script.yesterday)
    ]


async def _remembered(cast: Cast, fan: RehearsedFan, said: Sequence[Said]) -> Recalled:
    """What the extractor makes of it, without consent to special categories, as much as a turn recalls.

    Nothing where the model's list cannot be read: the product keeps that text for staff and goes on without.
    """
    if not said:
        return Recalled()
    try:
        found = await cast.extractor.extract(said, now=said[-1].said_at, time_zone=fan.time_zone, fan_name=fan.name)
    except BrokenAnswer:
        return Recalled()
    sources = {line.id: line for line in said}
    kept = [candidate for candidate in found if may_keep(candidate.category, consent=False)][:MEMORIES]
    return Recalled(tuple(_memory(candidate, sources[candidate.sources[0]]) for candidate in kept))


def _memory(candidate: Candidate, source: Said) -> RecalledMemory:
    return RecalledMemory(
        id=uuid5(_NOBODY, candidate.text),
        kind=candidate.kind,
        text=candidate.text,
        source_message=source.id,
        quote=source.text,
        said_at=source.said_at,
        score=candidate.confidence,
    )
