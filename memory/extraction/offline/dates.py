"""Dates in a clause, resolved against the day on which it was said, in the fan's zone."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from memory.calendar import COUNTS, MONTHS, day_number, month_number
from memory.extraction.offline import occasions
from memory.extraction.offline.spans import Days, add_months, one, season, whole_month

_DAY = (
    r"(?P<day>mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs)?(?:day)?|fri(?:day)?|"
    # “sat here” is no day
    r"sat(?:urday)?(?! (?:here|there|down|by|next to|listening|watching|through)\b)|sun(?:day)?)\b(?!s)"
)
_MONTH = (
    r"(?P<month>"
    + "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "may" else "may" for name in MONTHS)
    + r"|sept)\b\.?"
)
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_NTH = r"(?:(?P<nth>\d{1,2})(?:st|nd|rd|th)?|(?P<word>" + "|".join(_ORDINALS) + r"))\b"
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(sorted(COUNTS, key=len, reverse=True)) + r")"
_PAST = re.compile(
    r"\b(?:(?!need\b|feed\b)\w{2,}ed|was|were|had|lost|broke|met|saw|went|got|came|left|"
    r"began|bought|won|ran|did|took|made|gave|became|quit|died|had|flew|drove)\b",
    re.I,
)
_AHEAD = re.compile(
    r"\b(?:will|going to|'ll|'m|am|is|are|'re|(?:'ve|have) (?:got )?(?:a|an|my|tickets)|due|'s \w+ing)\b", re.I
)


@dataclass(frozen=True, slots=True)
class When:
    """First and last day, what to call them ("on 17 March 2026"), and where in the clause it was said."""

    first: date
    last: date
    label: str
    span: tuple[int, int]


def find(clause: str, today: date) -> When | None:
    """The first date in the clause, or None. A date without a year is the nearest one that the tense allows."""
    past = bool(_PAST.search(clause)) and not _AHEAD.search(clause)
    for pattern, resolve in _FORMS:
        for found in pattern.finditer(clause):
            try:
                days = resolve(found, today, past)
            except (ValueError, OverflowError):
                continue
            if days:
                return When(*days, _label(*days), found.span())
    return None


def day_of_year(clause: str) -> tuple[int, int, int | None] | None:
    """Month, day and perhaps year, as a birthday is told."""
    for pattern in (_ISO, _DAY_MONTH, _MONTH_DAY):
        for found in pattern.finditer(clause):
            month, day = _month(found), _nth(found)
            year = int(found["year"]) if found["year"] else None
            if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 2024, month)[1]:
                return month, day, year
    return None


def _label(first: date, last: date) -> str:
    if first == last:
        return f"on {first.day} {first:%B %Y}"
    if (last - first).days > 300:
        return f"in {first.year}"
    if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        return f"in {first:%B %Y}" if first.month == last.month else f"between {first:%B} and {last:%B %Y}"
    return f"between {first.day} {first:%B} and {last.day} {last:%B %Y}"


def _month(found: re.Match[str]) -> int:
    return int(found["month"]) if found["month"].isdigit() else month_number(found["month"])


def _nth(found: re.Match[str]) -> int:
    return int(found["nth"]) if found["nth"] else _ORDINALS.index(found["word"].casefold()) + 1


def _near(found: re.Match[str], today: date, past: bool) -> Days:
    return one(today + timedelta(days=_NEAR[found[0].casefold()]))


def _weekday(found: re.Match[str], today: date, past: bool) -> Days:
    wanted = day_number(found["day"])
    which = (found["which"] or "").casefold()
    monday = today - timedelta(days=today.weekday())
    if which == "next":
        return one(monday + timedelta(days=7 + wanted))
    back = which == "last" or (past and not which)
    away = (today.weekday() - wanted - 1) % 7 + 1 if back else (wanted - today.weekday() - 1) % 7 + 1
    return one(today + timedelta(days=-away if back else away))


def _period(found: re.Match[str], today: date, past: bool) -> Days | None:
    step = {"last": -1, "this": 0, "next": 1}[found["which"].casefold()]
    unit = found["unit"].casefold()
    monday = today - timedelta(days=today.weekday())
    if unit == "weekend":
        saturday = monday + timedelta(days=5 + 7 * step)
        return saturday, saturday + timedelta(days=1)
    if unit == "week":
        return monday + timedelta(days=7 * step), monday + timedelta(days=7 * step + 6)
    if unit == "month":
        return whole_month(*add_months(today, step))
    if unit == "year":
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    start = occasions.SEASONS[unit]
    year = today.year - (step < 0 and today.month <= start + 2) + (step > 0 and today.month >= start)
    return season(year, start)


def _distance(found: re.Match[str], today: date, past: bool) -> Days:
    said = found["count"].casefold()
    count = (int(said) if said.isdigit() else COUNTS[said]) * (-1 if found["ago"] else 1)
    unit = found["unit"].casefold()
    if unit in ("day", "week"):
        return one(today + timedelta(days=count * (7 if unit == "week" else 1)))
    if unit == "year":
        return date(today.year + count, 1, 1), date(today.year + count, 12, 31)
    return whole_month(*add_months(today, count))


def _dated(found: re.Match[str], today: date, past: bool) -> Days:
    month, day = _month(found), _nth(found)
    if found["year"]:
        return one(date(int(found["year"]), month, day))
    this = date(today.year, month, day)
    year = today.year - 1 if past and this > today else today.year + 1 if not past and this < today else today.year
    return one(date(year, month, day))


def _nth_only(found: re.Match[str], today: date, past: bool) -> Days:
    day = _nth(found)
    year, month = add_months(today, -1 if past and day > today.day else 1 if not past and day < today.day else 0)
    return one(date(year, month, day))


def _in_month(found: re.Match[str], today: date, past: bool) -> Days:
    month = _month(found)
    if found["year"]:
        return whole_month(int(found["year"]), month)
    late = past and month > today.month
    return whole_month(today.year - 1 if late else today.year + (not past and month < today.month), month)


def _in_year(found: re.Match[str], today: date, past: bool) -> Days:
    return date(int(found["year"]), 1, 1), date(int(found["year"]), 12, 31)


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(r"\b" + pattern, re.I)


_NEAR = {
    "the day after tomorrow": 2, "day after tomorrow": 2, "the day before yesterday": -2, "tomorrow": 1,
    "today": 0, "tonight": 0,
    "this morning": 0, "this afternoon": 0, "this evening": 0, "last night": -1, "yesterday": -1,
}  # fmt: skip
_YEAR = r"(?:,? (?P<year>(?:19|20)\d\d))?"
_ISO = _re(r"(?:on )?(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<nth>\d\d)(?P<word>)\b")
_DAY_MONTH = _re(r"(?:on )?(?:the )?" + _NTH + r"(?: of)? " + _MONTH + _YEAR)
_MONTH_DAY = _re(r"(?:on )?" + _MONTH + r" (?:the )?" + _NTH + r"(?!\d)" + _YEAR)
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date, bool], Days | None]], ...] = (
    (_ISO, _dated),
    *occasions.FORMS,
    (_DAY_MONTH, _dated),
    (_MONTH_DAY, _dated),
    (_re(_COUNT + r" (?P<unit>week)s?(?P<ago>) (?:today|from today|from now)\b"), _distance),
    (_re(r"(?:" + "|".join(_NEAR) + r")\b"), _near),
    (_re(r"(?:(?:on|for|this) )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day),? (?:the )?" + _NTH), _nth_only),
    (
        _re(
            r"(?<!\bthe )(?<!\bevery )(?<!\bour )(?:on |this coming )?(?:(?P<which>next|last|this|starting|from) "
            r")?" + _DAY
        ),
        _weekday,
    ),
    (_re(r"(?P<which>next|last|this) (?P<unit>weekend|week|month|year|spring|summer|autumn|fall|winter)\b"), _period),
    (_re(r"in " + _COUNT + r" (?P<unit>day|week|month|year)s?\b(?P<ago>)"), _distance),
    (_re(_COUNT + r" (?P<unit>day|week|month|year)s? (?P<ago>ago)\b"), _distance),
    (_re(r"on the " + _NTH), _nth_only),
    (_re(r"(?:in|this|next|until|by) " + _MONTH + _YEAR), _in_month),
    (_re(r"in (?P<year>(?:19|20)\d\d)\b"), _in_year),
)
