"""The ten-minute score of a persona version: scripted fans talk with it, and seven measures judge what it answered."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.rehearsal.limits import LIMITS
from conversations.rehearsal.measures.base import Score
from conversations.rehearsal.measures.callbacks import callbacks
from conversations.rehearsal.measures.contradiction import contradiction
from conversations.rehearsal.measures.drift import STRANGERS, drift, spoken_lines
from conversations.rehearsal.measures.honesty import honesty
from conversations.rehearsal.measures.pointed import to_the_point
from conversations.rehearsal.measures.repetition import repetition
from conversations.rehearsal.measures.service import assistant_phrases
from conversations.rehearsal.scripts import Script
from conversations.rehearsal.talks import Cast, Talk, hold
from conversations.rehearsal.vectors import Embedded, embed_once


@dataclass(frozen=True, slots=True)
class Measure:
    """What one measure found: `value` against `limit`, both shares, and sentences that show what it rests on.

    `at_least`: the value must reach the limit; otherwise it must not exceed it.
    """

    value: float
    limit: float
    at_least: bool
    passed: bool
    evidence: tuple[str, ...]


async def ten_minutes(cast: Cast, scripts: Sequence[Script], began: datetime) -> Mapping[str, Measure]:
    """Each script is held from `began` on and all are measured together. Raises what `rehearse` and the embedder raise.

    The same version, scripts and moment give the same score with the offline model.
    """
    talks = await hold_all(cast, scripts, began)
    return measured(talks, await embedded(cast, talks))


async def hold_all(cast: Cast, scripts: Sequence[Script], began: datetime) -> Sequence[Talk]:
    """All talks at once: each waits for the model alone."""
    return await asyncio.gather(*(hold(cast, script, began) for script in scripts))


async def embedded(cast: Cast, talks: Sequence[Talk]) -> Embedded:
    """The vectors that the measures compare."""
    said = [text for talk in talks for exchange in talk.exchanges for text in (exchange.said, exchange.reply)]
    lines = [line for talk in talks for line in spoken_lines(talk.exchanges[0].context.sheet)]
    return await embed_once(cast.embedder, (*said, *lines, *STRANGERS))


def measured(talks: Sequence[Talk], vectors: Embedded) -> Mapping[str, Measure]:
    """Every measure of limits.py, in its order."""
    scores = {
        "repetition": repetition(talks),
        "contradiction": contradiction(talks),
        "assistant_phrases": assistant_phrases(talks),
        "callbacks": callbacks(talks),
        "drift": drift(talks, vectors),
        "to_the_point": to_the_point(talks, vectors),
        "honesty": honesty(talks),
    }
    return {name: _judged(name, scores[name]) for name in LIMITS}


def _judged(name: str, score: Score) -> Measure:
    limit = LIMITS[name]
    return Measure(score.value, limit.value, limit.at_least, limit.holds(score.value), score.evidence)
