"""Picks among authored lines, those not said lately first, and fills their slots."""

import re
from collections.abc import Sequence
from hashlib import sha256

from companion.providers.llm.base import Grounding
from companion.providers.llm.offline.relevance import Match

# So many of her last replies are looked through for lines that were said already.
_RECENT = 12
# Matches of at least this share of the best score are as good as the best.
_NEAR = 0.8
_LONGEST_NAME = 40
_SLOT = re.compile(r"\{(name|fact|event|when)\}")
_NO_NAME = re.compile(r",? ?\{name\}")
_UNSPEAKABLE = frozenset("[]{}<>")


class Desk:
    """One reply's choices: the same seed over the same grounding makes the same ones. No line is picked twice."""

    def __init__(self, grounding: Grounding, seed: str) -> None:
        self._name = _speakable(grounding.fan_name)
        self._said = [said.text for said in grounding.history if said.role == "persona"][-_RECENT:]
        self._seed = seed
        self._draws = 0
        self._taken: set[str] = set()

    def pick(self, lines: Sequence[str], **slots: str) -> str:
        """One of the lines, filled: never said lately if there is such a one, else the one said longest ago.

        Empty when there is none left.
        """
        free = [line for line in lines if line not in self._taken]
        free = [line for line in free if self._name or "{name}" not in line] or free
        if not free:
            return ""
        ages = [self._age(line) for line in free]
        oldest = [line for line, age in zip(free, ages, strict=True) if age == max(ages)]
        line = oldest[self.draw(len(oldest))]
        self._taken.add(line)
        return fill(line, name=self._name, **slots)

    def pick_match(self, matches: Sequence[Match]) -> str:
        """One of the best matches that were not said lately; empty when all were."""
        free = [match for match in matches if match.candidate.text not in self._taken]
        pool = [match for match in free if self._age(match.candidate.text) == _RECENT]
        best = pool[0].score if pool else 0.0
        return self.pick([match.candidate.text for match in pool if match.score >= best * _NEAR])

    def was_said(self, text: str) -> bool:
        """Lately, by the persona."""
        return any(text in said for said in self._said)

    def draw(self, count: int) -> int:
        """The next number below `count` of this seed's sequence."""
        self._draws += 1
        return int.from_bytes(sha256(f"{self._seed}:{self._draws}".encode()).digest()[:6]) % count

    def _age(self, line: str) -> int:
        """How many replies ago it was last said; _RECENT if not within those."""
        fixed = max(_SLOT.split(line)[::2], key=len).strip()
        ages = (age for age, said in enumerate(reversed(self._said)) if fixed and fixed in said)
        return next(ages, _RECENT)


def fill(line: str, *, name: str = "", **slots: str) -> str:
    """The line with its slots filled, in one pass, so that what fills a slot is never read as one.

    Without a name, `, {name}` goes.
    """
    if not name:
        line = _NO_NAME.sub("", line).lstrip(", ")
    values = {"name": name, **slots}
    return _SLOT.sub(lambda slot: values.get(slot[1], slot[0]), line)


def _speakable(name: str | None) -> str:
    """The fan's name unless it is no name: too long, or with characters that mean something to a prompt or a page."""
    name = " ".join((name or "").split())
    usable = len(name) <= _LONGEST_NAME and name.isprintable() and not set(name) & _UNSPEAKABLE
    return name if usable else ""
