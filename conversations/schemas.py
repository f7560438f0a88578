"""What the API says of messages and turns (contract.md, Message)."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from billing.schemas import QuotaOut
from companion.kernel.schemas import Moment, Words
from memory.schemas import SourceOut
from personas.schemas import MoodOut


class AudioOut(Schema):
    id: str
    url: str
    duration_ms: int
    peaks: list[int]


class MessageOut(Schema):
    id: str
    turn: str
    role: Literal["fan", "persona"]
    text: str
    created_at: Moment
    status: Literal["complete", "cancelled", "failed", "blocked", "held"]
    source: Literal["text", "voice", "call", "campaign"]
    emotion: str | None = None
    degraded: bool
    audio: AudioOut | None = None
    feedback: Annotated[Literal["up", "down"] | None, Field(description="the fan's own thumb; in the history only")] = (
        None
    )
    reported: Annotated[bool | None, Field(description="the fan has reported it; in the history only")] = None
    remembered_from: Annotated[
        Moment | None, Field(description="when the fan said what this reply speaks of; its `why` tells more")
    ] = None


class MessagePage(Schema):
    """Newest first."""

    items: list[MessageOut]
    next_cursor: str | None


class ActionOut(Schema):
    label: str
    href: str


class NoticeOut(Schema):
    kind: str
    title: str | None = None
    text: str
    actions: list[ActionOut] | None = None


class TurnUsageOut(Schema):
    input_tokens: int
    output_tokens: int
    quotas: list[QuotaOut]


Drawn = Annotated[bool, Field(description="the reply speaks of it; the others only stood in the prompt")]


class RecalledOut(Schema):
    id: str
    text: str
    source: SourceOut
    drawn: Drawn


class PassageOut(Schema):
    title: str
    quote: str
    drawn: Drawn


class WhyOut(Schema):
    """What a reply was built on, what it speaks of first; what you have had forgotten since is left out."""

    memories: list[RecalledOut]
    passages: list[PassageOut]
    mood: MoodOut | None


class ReportIn(Schema):
    reason: Annotated[Words, Field(min_length=1, max_length=40)]
    note: Annotated[Words, Field(max_length=1000)] = ""


class ReportOut(Schema):
    id: str
    created_at: Moment


class FeedbackIn(Schema):
    value: Literal["up", "down"]


class FeedbackOut(Schema):
    value: Literal["up", "down"]


class SessionEndOut(Schema):
    status: Literal["accepted"] = "accepted"


class TicketIn(Schema):
    artist: Annotated[Words, Field(min_length=1, max_length=60)]


class TicketOut(Schema):
    ticket: str
    expires_at: Moment
