"""The one budget of a prompt, in tokens. What is said now and the persona's own rules always go in; of the rest:

1. the newest talk, up to `TALK` of what is left: without it no reply fits;
2. mood and schedule, up to `NOW`: what she says of today may come from nowhere else;
3. memories, up to `MEMORIES`, best first;
4. passages of the corpus, up to `CORPUS`, best first;
5. old lines of the archive, up to `ARCHIVE`, best first;
6. older talk, newest first, with whatever the others left over.

A section ends with the first item that does not fit: a worse one never takes the place of a better one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

# Parts of what the rules and the message leave; together one.
TALK = 0.5
NOW = 0.1
MEMORIES = 0.15
CORPUS = 0.15
ARCHIVE = 0.1

T = TypeVar("T")


@dataclass(slots=True)
class Budget:
    """Tokens still to give. `cost` says what a text takes."""

    total: int
    cost: Callable[[str], int]
    left: int = 0

    def __post_init__(self) -> None:
        self.total = self.left = max(self.total, 0)

    def take(self, items: Sequence[T], text: Callable[[T], str], *, share: float = 1.0) -> tuple[T, ...]:
        """The first items that fit into `share` of the whole and into what is left; they are paid for."""
        room = min(round(self.total * share), self.left)
        taken: list[T] = []
        for item in items:
            price = self.cost(text(item))
            if price > room:
                break
            room -= price
            self.left -= price
            taken.append(item)
        return tuple(taken)
