"""To the point: a reply has more to do with what was just said than with anything else that was."""

from collections.abc import Iterator, Sequence

import numpy as np

from conversations.rehearsal.measures.base import Score, shown
from conversations.rehearsal.measures.words import words
from conversations.rehearsal.talks import Exchange, Talk
from conversations.rehearsal.vectors import Embedded

# "ok", "lol": what anything may follow.
SHORTEST = 3


def to_the_point(talks: Sequence[Talk], embedded: Embedded) -> Score:
    """Of the fan's other lines, the share that is further from a reply than the line it answers; 0.5 is chance.

    `embedded` has the vectors of every line and reply.
    """
    found = [one for talk in talks for one in _closeness(talk, embedded)]
    if not found:
        return Score(1.0)
    worst = sorted(found, key=lambda pair: pair[0])
    return Score(round(float(np.mean([value for value, _ in found])), 4), shown([told for _, told in worst]))


def _closeness(talk: Talk, embedded: Embedded) -> Iterator[tuple[float, str]]:
    telling = [exchange for exchange in talk.exchanges if len(words(exchange.said)) >= SHORTEST]
    if len(telling) < 2:
        return
    likeness = embedded.of([one.reply for one in telling]) @ embedded.of([one.said for one in telling]).T
    for place, exchange in enumerate(telling):
        others = np.delete(likeness[place], place)
        yield float(np.mean(likeness[place, place] > others)), _told(talk, exchange)


def _told(talk: Talk, exchange: Exchange) -> str:
    return f"{talk.script.name}: “{exchange.said}” was answered “{exchange.reply}”"
