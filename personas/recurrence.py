"""What repeats, as the clock on the wall of its zone says: 18:00 stays 18:00 when the clocks change. No Django.

A rule is kept on the row and its occurrences are worked out when somebody reads; nothing is written ahead.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from companion.kernel.clock import zone_of

# What repeats lasts at most so long: the next occurrence begins after it.
LONGEST = timedelta(days=1)

T = TypeVar("T")


class Repeats(StrEnum):
    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Rule:
    """`starts_at` and `ends_at` are those of the first occurrence. The rest says which days have another.

    Days are dates of `zone` (IANA). `weekdays` count from Monday, 0; they matter to what repeats weekly. `until` is the
    last day on which one may begin, None: no end. On a day in `skipped` there is none.
    """

    starts_at: datetime
    ends_at: datetime
    repeats: str = Repeats.NONE
    weekdays: tuple[int, ...] = ()
    until: date | None = None
    zone: str = "UTC"
    skipped: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One of a rule's times; `day` is the date in the rule's zone on which it starts."""

    starts_at: datetime
    ends_at: datetime
    day: date


def occurrences(rule: Rule, after: datetime) -> Iterator[Occurrence]:
    """Those that end after the moment, in order; without an end where the rule has none."""
    if rule.repeats == Repeats.NONE:
        yield from (Occurrence(rule.starts_at, rule.ends_at, _first_day(rule)),) if rule.ends_at > after else ()
        return
    # One that started the day before may still run; another day for zones.
    day = max(_first_day(rule), (after - LONGEST).astimezone(zone_of(rule.zone)).date() - timedelta(days=1))
    while rule.until is None or day <= rule.until:
        found = on_day(rule, day)
        if found is not None and found.ends_at > after:
            yield found
        day += timedelta(days=1)


def on_day(rule: Rule, day: date) -> Occurrence | None:
    """The one that starts on this day in the rule's zone."""
    first = _first_day(rule)
    if rule.repeats == Repeats.NONE:
        return Occurrence(rule.starts_at, rule.ends_at, day) if day == first else None
    inside = first <= day <= (rule.until or day)
    return _on(rule, day) if inside and _has_one(rule, day) else None


def merged(things: Iterable[tuple[T, Rule]], after: datetime) -> Iterator[tuple[T, Occurrence]]:
    """The occurrences of several rules that end after the moment, by their start."""
    streams = [_of(thing, rule, after) for thing, rule in things]
    return heapq.merge(*streams, key=lambda pair: pair[1].starts_at)


def running(things: Iterable[tuple[T, Rule]], at: datetime) -> T | None:
    """What holds at the moment; where several do, the one that began last."""
    begun = [
        (one.starts_at, thing)
        for thing, rule in things
        for one in [next(occurrences(rule, at), None)]
        if one is not None and one.starts_at <= at
    ]
    return max(begun, key=lambda pair: pair[0])[1] if begun else None


def last_begun(rule: Rule, at: datetime) -> Occurrence | None:
    """The latest occurrence that has begun by the moment."""
    day = at.astimezone(zone_of(rule.zone)).date()
    day = min(day, rule.until or day)
    while day >= _first_day(rule):
        found = on_day(rule, day)
        if found is not None and found.starts_at <= at:
            return found
        day -= timedelta(days=1)
    return None


def _of(thing: T, rule: Rule, after: datetime) -> Iterator[tuple[T, Occurrence]]:
    for one in occurrences(rule, after):
        yield thing, one


def _has_one(rule: Rule, day: date) -> bool:
    if rule.repeats == Repeats.WEEKLY and day.weekday() not in (rule.weekdays or (_first_day(rule).weekday(),)):
        return False
    return day not in rule.skipped


def _first_day(rule: Rule) -> date:
    return rule.starts_at.astimezone(zone_of(rule.zone)).date()


def _on(rule: Rule, day: date) -> Occurrence:
    zone = zone_of(rule.zone)
    first, last = rule.starts_at.astimezone(zone), rule.ends_at.astimezone(zone)
    starts_at = datetime.combine(day, first.time(), zone).astimezone(UTC)
    ends_at = datetime.combine(day + (last.date() - first.date()), last.time(), zone).astimezone(UTC)
    if ends_at <= starts_at:  # both lie in the hour that the clocks leave out, or around it
        ends_at = starts_at + (rule.ends_at - rule.starts_at)
    return Occurrence(starts_at, ends_at, day)
