"""What other layers see of people and artists. No Django."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


def years_between(born: date, day: date) -> int:
    """Whole years. Who was born on 29 February has the birthday on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks, and by which log-in: ending that session ends what was opened with it."""

    user: UUID
    session_key: str


@dataclass(frozen=True, slots=True)
class LoginSession:
    """One log-in of a person. `browser` and `system` are empty where her device did not say."""

    current: bool
    created_at: datetime
    last_seen_at: datetime
    browser: str
    system: str


@dataclass(frozen=True, slots=True)
class Person:
    """What the platform knows of a user as a person."""

    id: UUID
    name: str
    birth_date: date | None
    country: str
    language: str
    time_zone: str

    def age_on(self, day: date) -> int | None:
        """Whole years; None where no birth date is known (staff)."""
        return years_between(self.birth_date, day) if self.birth_date else None


@dataclass(frozen=True, slots=True)
class FanAccess:
    """A fan who has joined an artist, as her own request may act. `due`: disclosures to acknowledge before writing."""

    artist: UUID
    slug: str
    fan: UUID
    person: Person
    sanctioned: bool
    due: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Something that the law, or the platform, has a person told (contract.md, `GET /disclosures`)."""

    id: str
    kind: str
    title: str
    text: str
    must_acknowledge: bool
