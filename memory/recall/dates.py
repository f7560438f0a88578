"""Which days a fan's question speaks of: "last Tuesday", "in May 2023", "three weeks ago", in the fan's own zone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from memory.calendar import COUNTS, DAYS, MONTHS, day_number, month_number

UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}

_DAY = "|".join(DAYS)
_MONTH = "|".join(MONTHS)
_YEAR = r"(?P<year>(?:19|20)\d\d)"


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both inside."""

    first: date
    last: date

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The first moment, and the first one after the end."""
        start = datetime.combine(self.first, time(), zone)
        return start, datetime.combine(self.last + timedelta(days=1), time(), zone)


def days_meant(text: str, today: date) -> Days | None:
    """The days that the text names, or None. `today` is the fan's; of several dates the first kind below counts."""
    lowered = text.lower()
    for pattern, read in _KINDS:
        if (match := pattern.search(lowered)) and (days := read(match, today)):
            return days
    return None


def _iso(match: re.Match[str], _today: date) -> Days | None:
    return _one(int(match["year"]), int(match["month"]), int(match["day"]))


def _month_day(match: re.Match[str], today: date) -> Days | None:
    month, day = month_number(match["month"]), int(match["day"])
    if match["year"]:
        return _one(int(match["year"]), month, day)
    found = _one(today.year, month, day)
    return found if found is None or found.first <= today else _one(today.year - 1, month, day)


def _month(match: re.Match[str], today: date) -> Days:
    month = month_number(match["month"])
    year = int(match["year"]) if match["year"] else today.year - (month > today.month)
    return _whole_month(year, month)


def _year(match: re.Match[str], _today: date) -> Days:
    year = int(match["year"])
    return Days(date(year, 1, 1), date(year, 12, 31))


def _ago(match: re.Match[str], today: date) -> Days | None:
    count = int(match["count"]) if match["count"].isdigit() else COUNTS[match["count"]]
    unit = UNITS[match["unit"]]
    if count * unit > 36500:
        return None
    middle = today - timedelta(days=count * unit)
    slack = timedelta(days=unit // 2)  # "three weeks ago" is no exact day
    return Days(middle - slack, middle + slack)


def _last_day(match: re.Match[str], today: date) -> Days:
    """The latest such day before today."""
    back = (today.weekday() - day_number(match["day"]) - 1) % 7 + 1
    return _days_back(today, back, back)


def _last_unit(match: re.Match[str], today: date) -> Days:
    unit = match["unit"]
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7)
        return Days(monday, monday + timedelta(days=6))
    if unit == "weekend":
        saturday = today - timedelta(days=(today.weekday() - 5) % 7 or 7)
        return Days(saturday, saturday + timedelta(days=1))
    if unit == "month":
        end = today.replace(day=1) - timedelta(days=1)
        return Days(end.replace(day=1), end)
    return Days(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


def _days_back(today: date, first: int, last: int) -> Days:
    return Days(today - timedelta(days=first), today - timedelta(days=last))


def _one(year: int, month: int, day: int) -> Days | None:
    try:
        return Days(date(year, month, day), date(year, month, day))
    except ValueError:
        return None


def _whole_month(year: int, month: int) -> Days:
    after = date(year + month // 12, month % 12 + 1, 1)
    return Days(date(year, month, 1), after - timedelta(days=1))


Read = Callable[[re.Match[str], date], Days | None]
_KINDS: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b", _iso),
        (rf"\b(?P<month>{_MONTH}) (?P<day>\d\d?)(?:st|nd|rd|th)?\b(?:,? {_YEAR})?", _month_day),
        (rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\b(?:,? {_YEAR})?", _month_day),
        (r"\bday before yesterday\b", lambda _m, today: _days_back(today, 2, 2)),
        (r"\b(?:yesterday|last night)\b", lambda _m, today: _days_back(today, 1, 1)),
        (rf"\b(?P<count>\d+|{'|'.join(COUNTS)}) (?P<unit>{'|'.join(UNITS)})s? ago\b", _ago),
        (rf"\b(?:last|this past|on) (?P<day>{_DAY})\b", _last_day),
        (r"\blast (?P<unit>weekend|week|month|year)\b", _last_unit),
        (r"\bthis week\b", lambda _m, today: _days_back(today, today.weekday(), 0)),
        (r"\b(?:today|this morning|tonight)\b", lambda _m, today: _days_back(today, 0, 0)),
        # Without a year only after a preposition: "may" and "march" are verbs too.
        (rf"\b(?P<month>{_MONTH}),? (?:of )?{_YEAR}\b", _month),
        (rf"\b(?:in|during|last|since) (?P<month>{_MONTH})\b(?P<year>)", _month),
        (rf"\b(?:in|during|since) {_YEAR}\b", _year),
    )
)
