"""What the API says of memory (contract.md, Memory)."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from companion.kernel.schemas import Moment, Words


class SourceOut(Schema):
    """The message in which you said it."""

    message: str
    quote: str
    said_at: Moment


class MemoryOut(Schema):
    id: str
    kind: Literal["fact", "preference", "relationship", "event", "promise"]
    text: str
    valid_from: Moment | None = None
    valid_to: Moment | None = None
    created_at: Moment
    corrected_at: Annotated[Moment | None, Field(description="when you put it right yourself; its quote is yours")] = (
        None
    )
    pinned: bool
    sources: list[SourceOut]


class MemoryPage(Schema):
    """Newest first."""

    items: list[MemoryOut]
    next_cursor: str | None


class MemoryIn(Schema):
    text: Annotated[Words, Field(min_length=1, max_length=500)]


class MemorySettingsOut(Schema):
    paused: bool
    special_categories: bool


class MemorySettingsIn(Schema):
    """What is left out stays as it is."""

    paused: Annotated[bool, Field(strict=True, description="off the record: neither extracted nor archived")] | None = (
        None
    )
    special_categories: (
        Annotated[bool, Field(strict=True, description="health, sexuality, religion and the like may be kept")] | None
    ) = None
