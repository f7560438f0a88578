"""Dates in figures, spelled out: “12/05” is 12 May, but to a fan in the United States 5 December."""

import calendar
import re

from memory.calendar import MONTHS

# Whoever lives in one of these writes the month first (the CLDR's pattern M/d/yy is that of en-US).
_MONTH_FIRST = re.compile(
    r"America/(?:New_York|Detroit|Chicago|Denver|Boise|Phoenix|Los_Angeles|Anchorage|Juneau|Sitka|Nome|Adak|Menominee|"
    r"Indiana/.*|Kentucky/.*|North_Dakota/.*)|Pacific/Honolulu|US/.*"
)
_FIGURES = re.compile(
    r"(?P<lead>\b(?:on|by|until|born|dob:?|(?:birthday|date)(?:'s| is| on| was)?(?: on)?)) (?:the )?"
    r"(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})(?:(?P=mark)(?P<year>(?:19|20)\d\d|\d\d))?\b(?![/%])",
    re.I,
)


def spelled(text: str, time_zone: str) -> str:
    """The text with its dates in figures written with the month's name; what is no date stays."""
    month_first = bool(_MONTH_FIRST.fullmatch(time_zone))
    return _FIGURES.sub(lambda found: _spell(found, month_first), text)


def _spell(found: re.Match[str], month_first: bool) -> str:
    one, two = int(found["one"]), int(found["two"])
    day, month = (two, one) if (month_first and one <= 12) or two > 12 else (one, two)
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(2024, month)[1]):
        return found[0]
    return f"{found['lead']} {day} {MONTHS[month - 1].title()}{_year(found['year'])}"


def _year(said: str | None) -> str:
    """“09” is of this century, “97” of the last: the fans that this is for are alive."""
    if not said:
        return ""
    return f" {said}" if len(said) == 4 else f" 20{said}" if said < "30" else f" 19{said}"
