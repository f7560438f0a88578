"""Spans of time for figures: the last hour, day, … and the span before it, from hourly rows and the edges between them.

Hours that are over are read from rolled-up rows. What lies before the first whole hour, after the last one, or is not
rolled up yet, is counted from the rows themselves, so that every figure is exact to the second.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """`points` is how many steps its small chart has."""

    key: str
    label: str
    length: timedelta
    points: int


SPANS = (
    Span("1h", "1 hour", HOUR, 12),
    Span("24h", "24 hours", timedelta(days=1), 24),
    Span("7d", "7 days", timedelta(days=7), 28),
    Span("30d", "30 days", timedelta(days=30), 30),
    Span("90d", "90 days", timedelta(days=90), 30),
)
DEFAULT = SPANS[1]


def span_of(key: str) -> Span:
    """The span with this key; the day for a key that nobody knows."""
    return next((span for span in SPANS if span.key == key), DEFAULT)


@dataclass(frozen=True, slots=True)
class Window:
    """A span that ends now, with the equally long one before it."""

    span: Span
    now: datetime

    @property
    def start(self) -> datetime:
        return self.now - self.span.length

    @property
    def before(self) -> datetime:
        return self.start - self.span.length

    @property
    def step(self) -> timedelta:
        return self.span.length / self.span.points

    @property
    def bin(self) -> timedelta:
        """The grain of what is counted from single rows."""
        return min(self.step, HOUR)

    def point(self, moment: datetime) -> int | None:
        """Which step of the chart a moment falls into; None for the span before."""
        if moment < self.start:
            return None
        return min(int((moment - self.start) / self.step), self.span.points - 1)

    def whole_hours(self, rolled_until: datetime | None) -> list[tuple[datetime, datetime]]:
        """[from, to) of the hours of each span that may be read from rolled-up rows."""
        if rolled_until is None or self.span.length <= HOUR:
            return []
        last = min(floor_hour(self.now), rolled_until)
        both = ((self.before, self.start), (self.start, self.now))
        found = ((ceil_hour(since), min(floor_hour(until), last)) for since, until in both)
        return [(since, until) for since, until in found if since < until]

    def edges(self, rolled_until: datetime | None) -> list[tuple[datetime, datetime]]:
        """[from, to) of everything else, split where the two spans meet."""
        holes, since = [], self.before
        for first, last in self.whole_hours(rolled_until):
            holes.append((since, first))
            since = last
        holes.append((since, self.now))
        return [piece for hole in holes for piece in self._split(hole) if piece[0] < piece[1]]

    def _split(self, hole: tuple[datetime, datetime]) -> list[tuple[datetime, datetime]]:
        since, until = hole
        if since < self.start < until:
            return [(since, self.start), (self.start, until)]
        return [hole]


def floor_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def ceil_hour(moment: datetime) -> datetime:
    floor = floor_hour(moment)
    return floor if floor == moment else floor + HOUR
