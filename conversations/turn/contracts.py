"""What a turn is made of, as its ports and transports see it. No Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import orjson

from companion.kernel.clock import rfc3339
from moderation.contracts import HelpLink, Verdict


class Transport(StrEnum):
    WEBSOCKET = "websocket"
    SSE = "sse"
    JSON = "json"


class Outcome(StrEnum):
    """How a turn ends; also the last part of its ending event's type and the row's status."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Interruption(StrEnum):
    """Why a running turn has to stop before its reply is whole."""

    CANCELLED = "cancelled"  # the fan asked, or wrote again
    PAUSED = "paused"  # a kill switch
    PROVIDER_KILLED = "provider_killed"  # the provider that speaks was switched off
    HANDED_OVER = "handed_over"  # this process drains, or lost the lease: another one ends the turn


@dataclass(frozen=True, slots=True)
class FanProfile:
    """What a turn knows of the fan as a person."""

    name: str
    country: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class SpokenMessage:
    """A message as stored and as clients see it (contract.md, Message)."""

    id: UUID
    turn: UUID
    role: Literal["fan", "persona"]
    text: str
    created_at: datetime
    status: str
    emotion: str | None = None
    degraded: bool = False
    source: str = "text"
    remembered_from: datetime | None = None  # when the fan said what the reply speaks of

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "id": str(self.id),
            "turn": str(self.turn),
            "role": self.role,
            "text": self.text,
            "created_at": rfc3339(self.created_at),
            "status": self.status,
            "source": self.source,
            "degraded": self.degraded,
        }
        if self.emotion:
            body["emotion"] = self.emotion
        if self.remembered_from:
            body["remembered_from"] = rfc3339(self.remembered_from)
        return body


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """An admitted turn: its row and the fan's message are in Postgres, and this process holds the lease.

    next_seq is above 1, and `started` is True, when the turn was taken over from another process. `previous_message` is
    the newest one that short-term memory should know; `quota_used` counts the fan's charged messages this month.
    """

    artist: UUID
    fan: UUID
    turn: UUID
    epoch: int
    client_message_id: str
    transport: str
    message: SpokenMessage
    profile: FanProfile
    verdict: Verdict
    previous_message: UUID | None
    next_seq: int = 1
    started: bool = False
    quota_used: int = 0
    timings_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TurnEvent:
    """One event of a turn. `frame` is its JSON text, made once for the log and every transport."""

    seq: int
    type: str
    frame: str

    @property
    def is_ending(self) -> bool:
        return self.type in ENDING_TYPES

    @property
    def carries_words(self) -> bool:
        """True for what the kill switch holds back: the persona's own words."""
        return self.type in ("turn.token", "turn.retracted")


ENDING_TYPES = frozenset(f"turn.{outcome}" for outcome in Outcome)


def make_event(turn: UUID, seq: int, event_type: str, /, **fields: Any) -> TurnEvent:
    body = {"type": event_type, "turn": str(turn), "seq": seq, **fields}
    return TurnEvent(seq, event_type, orjson.dumps(body).decode())


def notice_fields(kind: str, text: str, *, title: str = "", actions: tuple[HelpLink, ...] = ()) -> dict[str, Any]:
    """What `turn.notice` carries, and the `help` of a refusal."""
    fields: dict[str, Any] = {"kind": kind, "text": text}
    if title:
        fields["title"] = title
    if actions:
        fields["actions"] = [{"label": link.label, "href": link.href} for link in actions]
    return fields


def parse_event(frame: str) -> TurnEvent:
    """The event of a frame read back from the log."""
    body = orjson.loads(frame)
    return TurnEvent(body["seq"], body["type"], frame)


def shown_text(events: Iterable[TurnEvent]) -> tuple[str, str | None]:
    """The text and the emotion that a client which saw these events shows."""
    shown, emotion = "", None
    for event in events:
        body = orjson.loads(event.frame)
        if event.type == "turn.token":
            shown += body["text"]
        elif event.type == "turn.retracted":
            shown = body["text"]
        elif event.type == "turn.emotion":
            emotion = body["emotion"]
    return shown, emotion


@dataclass(frozen=True, slots=True)
class Usage:
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(slots=True)
class Trace:
    """What explains the reply afterwards (TurnTrace), filled in as the stages pass.

    `starts_ms` counts from the engine's start: when moderation and admission, which it does not have, had passed.
    """

    persona_version: UUID | None = None
    prompt: list[dict[str, str]] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)
    provider: str = ""
    model: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)
    starts_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a turn ended, before it is written down. `reply` is what the fan saw, or None where she saw nothing."""

    outcome: Outcome
    reply: SpokenMessage | None
    error: Mapping[str, Any] | None = None
    usage: Usage = field(default_factory=Usage)
    charged: bool = False
    output_verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """All that one turn leaves behind, for one transaction. `frame` is its ending event, `seq` that event's number."""

    request: TurnRequest
    ending: Ending
    trace: Trace
    seq: int
    frame: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A turn as its row tells it: for resumes, repeats and takeovers."""

    turn: UUID
    artist: UUID
    fan: UUID
    status: str
    epoch: int
    owner: str
    lapsed: bool
    ending: str | None


@dataclass(frozen=True, slots=True)
class Admission:
    """Answer of the admission statement: the placed turn, or what stood in its way. All empty: a race, try again."""

    request: TurnRequest | None = None
    known: Snapshot | None = None
    known_body: bytes = b""
    running: Snapshot | None = None
    sanctioned: bool = False
    gone: bool = False
