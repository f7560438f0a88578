"""What other layers see of memory. No Django."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from memory.tombstones import Tombstones

Role = Literal["fan", "persona"]
Kind = Literal["fact", "preference", "relationship", "event", "promise"]
KINDS: tuple[Kind, ...] = ("fact", "preference", "relationship", "event", "promise")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was said and that the next reply may build on. `cut`: a reply that was stopped in mid-sentence."""

    id: UUID
    role: Role
    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One message as extraction and the archive take it.

    `begun_at`: when its turn began. A reply draws on what was known then; without it, on what was known at `said_at`.
    """

    id: UUID
    role: Role
    text: str
    said_at: datetime
    begun_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that the fan said and that may be worth keeping.

    `subject` names what it is about ("home", "pet:dog:name"); it holds from `valid_from` until just before `valid_to`;
    `confidence` is 0 to 1; `sources` are ids of messages; `category` a special category or secret
    (extraction/policy.py) or "".
    """

    kind: Kind
    text: str
    subject: str
    valid_from: datetime | None
    valid_to: datetime | None
    confidence: float
    sources: tuple[UUID, ...]
    pinned: bool = False
    category: str = ""


# Stands where the words of a message may not be quoted beside a memory.
WITHHELD = "…"


@dataclass(frozen=True, slots=True)
class RecalledMemory:
    """A memory that a reply may use, with the message in which the fan said it. `score` is 0 to 1."""

    id: UUID
    kind: str
    text: str
    source_message: UUID
    quote: str
    said_at: datetime
    score: float


@dataclass(frozen=True, slots=True)
class RecalledLine:
    """A message of the archive that a reply may use. `score` is 0 to 1."""

    message: UUID
    role: Role
    text: str
    said_at: datetime
    score: float


@dataclass(frozen=True, slots=True)
class Recalled:
    """What one turn may use of its fan's memory, the best first in each."""

    memories: tuple[RecalledMemory, ...] = ()
    lines: tuple[RecalledLine, ...] = ()
    # What the fan has had forgotten: it hides remarks of the window too.
    forgotten: Tombstones = field(default_factory=lambda: Tombstones(UUID(int=0)))
