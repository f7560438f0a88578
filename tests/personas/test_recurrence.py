"""When what repeats has its times: by the clock on the wall, over changes of the clocks, without what was left out."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise, takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from personas.recurrence import Occurrence, Rule, last_begun, merged, occurrences, running

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(*moment: int, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime(*moment, tzinfo=zone)  # type: ignore[arg-type,misc]  # year, month, day, hour, minute


def rule(starts_at: datetime, lasts: timedelta = HOUR, **fields: object) -> Rule:
    own: dict[str, Any] = {"repeats": "daily", "zone": "Europe/Berlin"} | fields
    return Rule(starts_at.astimezone(UTC), (starts_at + lasts).astimezone(UTC), **own)


def starts(found: Rule, after: datetime, count: int) -> list[datetime]:
    return [one.starts_at for one in islice(occurrences(found, after), count)]


@pytest.mark.parametrize("first", [at(2026, 3, 27, 18), at(2026, 10, 23, 18)])
def test_the_hour_on_the_wall_stays_when_the_clocks_change(first: datetime) -> None:
    found = list(islice(occurrences(rule(first), first), 5))
    assert [one.starts_at.astimezone(BERLIN).hour for one in found] == [18] * 5
    assert [one.ends_at - one.starts_at for one in found] == [HOUR] * 5
    apart = {later.starts_at - earlier.starts_at for earlier, later in pairwise(found)}
    assert len(apart) == 2  # one night is an hour shorter, or longer


def test_an_hour_that_the_clocks_leave_out_is_the_next_one() -> None:
    found = list(islice(occurrences(rule(at(2026, 3, 28, 2, 30)), at(2026, 3, 28)), 3))
    assert [one.starts_at.astimezone(BERLIN).time().isoformat("minutes") for one in found] == [
        "02:30",
        "03:30",
        "02:30",
    ]
    assert all(one.ends_at > one.starts_at for one in found)


def test_an_hour_that_the_clocks_repeat_happens_once() -> None:
    found = starts(rule(at(2026, 10, 24, 2, 30)), at(2026, 10, 24), 3)
    assert [moment.astimezone(BERLIN).date() for moment in found] == [date(2026, 10, day) for day in (24, 25, 26)]


def test_a_night_over_the_change_ends_by_the_clock() -> None:
    (night,) = islice(occurrences(rule(at(2026, 3, 20, 22), 8 * HOUR), at(2026, 3, 28, 12)), 1)
    assert night.ends_at.astimezone(BERLIN) == at(2026, 3, 29, 6)
    assert night.ends_at - night.starts_at == 7 * HOUR


def test_weeks_have_their_days_and_an_end() -> None:
    found = rule(at(2026, 11, 24, 9), repeats="weekly", weekdays=(1, 4), until=date(2026, 12, 4))
    assert [one.day for one in occurrences(found, at(2026, 11, 1))] == [
        date(2026, 11, 24),
        date(2026, 11, 27),
        date(2026, 12, 1),
        date(2026, 12, 4),
    ]


def test_days_are_those_of_the_rules_zone() -> None:
    """Monday morning in Tokyo is Sunday evening in Berlin."""
    tokyo = ZoneInfo("Asia/Tokyo")
    found = rule(at(2026, 11, 23, 7, zone=tokyo), repeats="weekly", weekdays=(0,), zone="Asia/Tokyo")
    assert [moment.astimezone(tokyo).weekday() for moment in starts(found, at(2026, 11, 1), 3)] == [0, 0, 0]
    assert {moment.astimezone(BERLIN).weekday() for moment in starts(found, at(2026, 11, 1), 3)} == {6}


def test_a_day_left_out_has_none_and_the_others_have() -> None:
    found = rule(at(2026, 11, 24, 9), skipped=frozenset({date(2026, 11, 25)}))
    assert [one.day.day for one in islice(occurrences(found, at(2026, 11, 24)), 3)] == [24, 26, 27]


@pytest.mark.parametrize("hours", range(0, 96, 5))
def test_from_any_moment_on_the_same_ones_are_found_that_end_later(hours: int) -> None:
    found, moment = rule(at(2026, 3, 27, 20), 23 * HOUR), at(2026, 3, 27) + hours * HOUR
    every = takewhile(lambda one: one.starts_at < at(2026, 4, 20), occurrences(found, at(2026, 3, 1)))
    expected = [one for one in every if one.ends_at > moment][:4]
    assert list(islice(occurrences(found, moment), 4)) == expected


def test_what_does_not_repeat_has_one_time_until_it_is_over() -> None:
    once = Rule(at(2026, 11, 24, 9), at(2026, 11, 24, 10))
    assert list(occurrences(once, at(2026, 11, 24, 9, 30))) == [
        Occurrence(once.starts_at, once.ends_at, date(2026, 11, 24))
    ]
    assert list(occurrences(once, at(2026, 11, 24, 10))) == []


def test_of_several_the_times_come_in_order_each_with_its_own() -> None:
    evening, morning = rule(at(2026, 11, 24, 20)), rule(at(2026, 11, 24, 8))
    found = islice(merged([("evening", evening), ("morning", morning)], at(2026, 11, 24, 12)), 3)
    assert [(thing, one.day.day) for thing, one in found] == [("evening", 24), ("morning", 25), ("evening", 25)]


def test_what_holds_is_what_began_last() -> None:
    things = [("day", rule(at(2026, 11, 1, 0), DAY)), ("hour", rule(at(2026, 11, 1, 9)))]
    assert running(things, at(2026, 11, 24, 9, 30)) == "hour"
    assert running(things, at(2026, 11, 24, 10, 0)) == "day"
    assert running(things[1:], at(2026, 11, 24, 10, 0)) is None


def test_the_last_that_has_begun_is_found_back_over_what_was_left_out() -> None:
    found = rule(at(2026, 11, 20, 9), until=date(2026, 11, 25), skipped=frozenset({date(2026, 11, 25)}))
    last = last_begun(found, at(2026, 12, 24, 8))
    assert last is not None
    assert last.day == date(2026, 11, 24)
    assert last_begun(found, at(2026, 11, 20, 8)) is None
