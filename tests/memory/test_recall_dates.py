"""The days that a question names."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from companion.kernel.clock import zone_of
from memory.recall.dates import Days, days_meant

TODAY = date(2026, 3, 12)  # a Thursday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("what did I say last Tuesday?", date(2026, 3, 10), date(2026, 3, 10)),
        ("and on Thursday?", date(2026, 3, 5), date(2026, 3, 5)),
        ("yesterday", date(2026, 3, 11), date(2026, 3, 11)),
        ("the day before yesterday", date(2026, 3, 10), date(2026, 3, 10)),
        ("two days ago", date(2026, 3, 10), date(2026, 3, 10)),
        ("3 weeks ago", date(2026, 2, 16), date(2026, 2, 22)),
        ("last week", date(2026, 3, 2), date(2026, 3, 8)),
        ("last weekend", date(2026, 3, 7), date(2026, 3, 8)),
        ("last month", date(2026, 2, 1), date(2026, 2, 28)),
        ("last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("in May 2023", date(2023, 5, 1), date(2023, 5, 31)),
        ("in December", date(2025, 12, 1), date(2025, 12, 31)),
        ("on 7 May 2023", date(2023, 5, 7), date(2023, 5, 7)),
        ("on May 7th", date(2025, 5, 7), date(2025, 5, 7)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("what happened in 2022", date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_days_are_counted_from_the_fans_today(text: str, first: date, last: date) -> None:
    assert days_meant(text, TODAY) == Days(first, last)


@pytest.mark.parametrize("text", ["may I ask you something", "we march on", "2023-02-30", "hello", "999999 years ago"])
def test_a_text_without_a_date_names_none(text: str) -> None:
    assert days_meant(text, TODAY) is None


def test_a_day_begins_in_the_fans_zone_and_an_unknown_zone_is_utc() -> None:
    begin, end = Days(TODAY, TODAY).moments(zone_of("Europe/Berlin"))
    assert (begin, end) == (datetime(2026, 3, 11, 23, tzinfo=UTC), datetime(2026, 3, 12, 23, tzinfo=UTC))
    assert begin.tzinfo == ZoneInfo("Europe/Berlin")
    assert zone_of("Moon/Sea") is UTC
