"""Dates that have a name instead of a figure: seasons, holidays, the end of a month, Friday week."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from memory.calendar import DAYS, MONTHS, day_number, month_number
from memory.extraction.offline.spans import Days, add_months, one, season, whole_month

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
# Those of one date each year.
_HOLIDAYS = {
    "new year's eve": (12, 31), "new year's day": (1, 1), "valentine's day": (2, 14), "halloween": (10, 31),
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "boxing day": (12, 26),
}  # fmt: skip
# The first and the last day of a part of a month; 31 is the last, whichever it is.
_PARTS = {"beginning": (1, 10), "start": (1, 10), "early": (1, 10), "middle": (11, 20), "mid": (11, 20),
          "end": (21, 31), "late": (21, 31)}  # fmt: skip


def _in_season(found: re.Match[str], today: date, past: bool) -> Days:
    start = SEASONS[found["season"].casefold()]
    return season(_year_of(start, today, past), start)


def _holiday(found: re.Match[str], today: date, past: bool) -> Days:
    month, day = _HOLIDAYS[found["holiday"].casefold()]
    this = date(today.year, month, day)
    return one(this.replace(year=today.year + (this < today and not past) - (this > today and past)))


def _part_of_month(found: re.Match[str], today: date, past: bool) -> Days:
    if found["month"]:
        month = month_number(found["month"])
        year = _year_of(month, today, past)
    else:
        year, month = add_months(today, {"next": 1, "last": -1}.get((found["which"] or "").casefold(), 0))
    first, last = _PARTS[found["part"].casefold()]
    end = whole_month(year, month)[1]
    return date(year, month, first), min(end, end.replace(day=min(last, end.day)))


def _friday_week(found: re.Match[str], today: date, past: bool) -> Days:
    """A week after the coming one."""
    return one(today + timedelta(days=(day_number(found["day"]) - today.weekday() - 1) % 7 + 8))


def _later(found: re.Match[str], today: date, past: bool) -> Days:
    """“Later this week”: of today and what is left of it."""
    if found["unit"].casefold() == "week":
        return today, today + timedelta(days=6 - today.weekday())
    return today, whole_month(today.year, today.month)[1]


def _fortnight(found: re.Match[str], today: date, past: bool) -> Days:
    return one(today + timedelta(days=14))


def _year_of(month: int, today: date, past: bool) -> int:
    """Of the nearest such month that the tense allows."""
    return today.year + (month < today.month and not past) - (month > today.month and past)


_MONTHS = "|".join(sorted({name for month in MONTHS for name in (month, month[:3])}, key=len, reverse=True))
FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date, bool], Days]], ...] = tuple(
    (re.compile(r"\b" + form, re.I), resolve)
    for form, resolve in (
        (
            rf"(?:at |in |by |around |towards )?(?:the )?(?P<part>beginning|start|middle|end) of "
            rf"(?:(?P<month>{_MONTHS})\b"
            r"|(?:the |(?P<which>this|next|last) )month\b)",
            _part_of_month,
        ),
        (rf"(?:in )?(?P<part>early|mid|late)[- ](?P<month>{_MONTHS})\b(?P<which>)", _part_of_month),
        (r"(?:at|on|for|over|this|around) (?P<holiday>" + "|".join(_HOLIDAYS) + r")\b", _holiday),
        (rf"in (?:the )?(?P<season>{'|'.join(SEASONS)})\b", _in_season),
        (rf"(?:a week (?:on |from |after )(?:next )?(?P<day>{'|'.join(DAYS)})\b)", _friday_week),
        (rf"(?:on |this )?(?P<day>{'|'.join(DAYS)}) week\b", _friday_week),
        (r"later this (?P<unit>week|month)\b", _later),
        (r"in a fortnight\b", _fortnight),
    )
)
