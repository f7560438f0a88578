"""Mood and schedule on one line of time: where each entry stands, where no mood is planned, and what overlaps.

Moments are in UTC, so that lengths are right across a change of the clocks; the zone of whoever looks decides where
days begin. Positions are in percent of the window.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from uuid import UUID

from companion.kernel.clock import zone_of

# A bar that is narrower, in percent of the window, has its label beside it; so much room is kept for that.
NARROW = 9.0
LABEL_ROOM = 14.0
# The years that the page goes to: beyond them nothing is planned, and dates have an end.
YEARS = range(2000, 2101)
ZOOMS = {"day": "Day", "week": "Week", "days": "12 days", "month": "Month"}
# The page opens with twelve days around the present: three that were, and more that come.
BEFORE, TWELVE, ONE = timedelta(days=3), timedelta(days=12), timedelta(days=1)
HOURS = range(0, 24, 3)


@dataclass(frozen=True, slots=True)
class Entry:
    """A mood or a date of the schedule; `about` is the line that fans may see.

    One of what repeats has the `day` by which it can be left out; `left_out` tells that it was.
    """

    key: UUID
    model: str
    title: str
    about: str
    starts_at: datetime
    ends_at: datetime
    day: date | None = None
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    at: datetime
    left: float
    label: str
    today: bool

    @property
    def style(self) -> str:
        return f"left:{self.left:.3f}%"


@dataclass(frozen=True, slots=True)
class Window:
    """What the page shows, from one local midnight to another. `day` is the date it was asked for."""

    zoom: str
    day: date
    first: date
    last: date
    zone: tzinfo

    @property
    def starts_at(self) -> datetime:
        return _midnight(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        return _midnight(self.last + timedelta(days=1), self.zone)

    @property
    def earlier(self) -> date:
        return self.day - TWELVE if self.zoom == "days" else self.first - ONE

    @property
    def later(self) -> date:
        return self.day + TWELVE if self.zoom == "days" else self.last + ONE

    def position(self, moment: datetime) -> float:
        """0 at the window's start, 100 at its end; what lies outside stands at the edge."""
        share = (moment.astimezone(UTC) - self.starts_at) / (self.ends_at - self.starts_at)
        return min(max(share, 0.0), 1.0) * 100


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the window; `starts_at` and `ends_at` are its own, not cut at the window's edges."""

    starts_at: datetime
    ends_at: datetime
    left: float
    width: float
    row: int = 0

    @property
    def narrow(self) -> bool:
        return self.width < NARROW

    @property
    def label_before(self) -> bool:
        """Whether a label outside would leave the window on the right."""
        return self.narrow and self.left + self.width + LABEL_ROOM > 100

    @property
    def style(self) -> str:
        return f"left:{self.left:.3f}%;width:{self.width:.3f}%;--row:{self.row}"


@dataclass(frozen=True, slots=True)
class Bar:
    """`state` is past (locked), now or planned."""

    entry: Entry
    span: Span
    state: str
    clashes: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """Two entries of one lane that overlap, and from when to when."""

    first: Entry
    second: Entry
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    title: str
    icon: str
    bars: tuple[Bar, ...]
    gaps: tuple[Span, ...]
    clashes: tuple[Clash, ...]

    @property
    def rows(self) -> int:
        return 1 + max((bar.span.row for bar in self.bars), default=0)

    @property
    def style(self) -> str:
        return f"--rows:{self.rows}"


def zone_of_person(user: object) -> tzinfo:
    """The zone in which a member of the team reads and writes times: her account's."""
    return zone_of(str(getattr(user, "time_zone", "")))


def window(zoom: str, day: str, now: datetime, zone: tzinfo) -> Window:
    """The day, week (from Monday), twelve days (from the third before) or month around `day`.

    Twelve days around today where the two say nothing of sense.
    """
    chosen = _date(day) or now.astimezone(zone).date()
    if zoom == "day":
        return Window(zoom, chosen, chosen, chosen, zone)
    if zoom == "month":
        first = chosen.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return Window(zoom, chosen, first, following - timedelta(days=1), zone)
    if zoom == "week":
        monday = chosen - timedelta(days=chosen.weekday())
        return Window(zoom, chosen, monday, monday + timedelta(days=6), zone)
    first = chosen - BEFORE
    return Window("days", chosen, first, first + TWELVE - ONE, zone)


def ticks(shown: Window, now: datetime) -> list[Tick]:
    """Every three hours of a day, every day of what is longer."""
    today = now.astimezone(shown.zone).date()
    if shown.zoom == "day":
        hours = [datetime(shown.first.year, shown.first.month, shown.first.day, h, tzinfo=shown.zone) for h in HOURS]
        return [Tick(at, shown.position(at), f"{at:%H:%M}", today=False) for at in hours]
    days = [shown.first + timedelta(days=n) for n in range((shown.last - shown.first).days + 1)]
    return [_day_tick(shown, day, today) for day in days]


def lane(
    title: str, icon: str, entries: Iterable[Entry], shown: Window, now: datetime, *, with_gaps: bool = False
) -> Lane:
    """Overlapping bars stand in rows of their own; what is over counts neither as a gap nor as a clash."""
    inside = sorted(entries, key=lambda entry: (entry.starts_at, entry.ends_at))
    overlaps = clashes(inside, now)
    clashing = {(entry.key, entry.starts_at) for clash in overlaps for entry in (clash.first, clash.second)}
    spans = _in_rows([_span(entry.starts_at, entry.ends_at, shown) for entry in inside])
    bars = tuple(
        Bar(entry, span, _state(entry, now), (entry.key, entry.starts_at) in clashing)
        for entry, span in zip(inside, spans, strict=True)
    )
    empty = gaps(inside, shown, now) if with_gaps else ()
    return Lane(title, icon, bars, tuple(empty), tuple(overlaps))


def gaps(entries: Sequence[Entry], shown: Window, now: datetime) -> list[Span]:
    """From now on, where no entry is, within the window. `entries` are in order of their start."""
    free, found = max(now, shown.starts_at), []
    for entry in entries:
        if entry.starts_at > free:
            found.append(_span(free, min(entry.starts_at, shown.ends_at), shown))
        free = max(free, entry.ends_at)
    if free < shown.ends_at:
        found.append(_span(free, shown.ends_at, shown))
    return found


def clashes(entries: Sequence[Entry], now: datetime) -> list[Clash]:
    """Each entry with the one before that lasts longest, where they overlap and that is not over."""
    found: list[Clash] = []
    if not entries:
        return found
    longest = entries[0]
    for _, entry in pairwise(entries):
        until = min(longest.ends_at, entry.ends_at)
        if until > max(entry.starts_at, now):
            found.append(Clash(longest, entry, entry.starts_at, until))
        longest = max(longest, entry, key=lambda one: one.ends_at)
    return found


def _state(entry: Entry, now: datetime) -> str:
    if entry.ends_at <= now:
        return "past"
    return "now" if entry.starts_at <= now else "planned"


def _in_rows(spans: Sequence[Span]) -> list[Span]:
    """Each in the first row where neither it nor its label covers another."""
    taken: list[float] = []
    placed = []
    for span in spans:
        begins, ends = span.left, span.left + span.width
        if span.label_before:
            begins -= LABEL_ROOM
        elif span.narrow:
            ends += LABEL_ROOM
        row = next((n for n, end in enumerate(taken) if end <= begins + 1e-6), len(taken))
        taken[row : row + 1] = [ends]
        placed.append(Span(span.starts_at, span.ends_at, span.left, span.width, row))
    return placed


def _span(starts_at: datetime, ends_at: datetime, shown: Window) -> Span:
    left = shown.position(starts_at)
    return Span(starts_at, ends_at, left, shown.position(ends_at) - left)


def _day_tick(shown: Window, day: date, today: date) -> Tick:
    at = _midnight(day, shown.zone)
    label = f"{day.day}" if shown.zoom == "month" else f"{day:%a} {day.day}"
    return Tick(at, shown.position(at), label, today=day == today)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None
