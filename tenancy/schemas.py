"""What the API says of people and artists."""

from datetime import date
from typing import Annotated, Any
from zoneinfo import available_timezones

from django.utils.translation import gettext
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from companion.kernel.schemas import Line, Moment, Words


class DisclosureOut(Schema):
    id: str
    kind: str
    title: str
    text: str
    must_acknowledge: bool


class DisclosureList(Schema):
    items: list[DisclosureOut]


class JoinIn(Schema):
    acknowledge: Annotated[list[Annotated[Words, Field(max_length=80)]], Field(max_length=50, default_factory=list)]


class JoinOut(Schema):
    joined: bool


class MeOut(Schema):
    id: str
    email: str
    name: str
    birth_date: date | None
    country: str
    language: str
    time_zone: str
    joined: list[str]


class SessionOut(Schema):
    """A log-in. `current` is the one that asks; `last_seen_at` is right to a quarter of an hour."""

    current: bool
    created_at: Moment
    last_seen_at: Moment
    browser: str
    system: str


class SessionList(Schema):
    """Newest first, at most 100; `count` is how many there are."""

    items: list[SessionOut]
    next_cursor: None = None
    count: int


class SessionsEnded(Schema):
    ended: int


def known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError(gettext("this is no time zone of the IANA database"))
    return zone


class MeIn(Schema):
    """What a person may change. Anything else, the birth date above all, is refused."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(max_length=80)] | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] | None = None
    time_zone: Annotated[Words, AfterValidator(known_zone)] | None = None

    def changes(self) -> dict[str, Any]:
        """The fields that were sent with a value."""
        return self.model_dump(exclude_unset=True, exclude_none=True)
