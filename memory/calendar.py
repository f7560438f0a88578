"""The names of days, months and small numbers, for all that reads dates in what people write. No Django."""

import calendar

DAYS = tuple(name.casefold() for name in calendar.day_name)
MONTHS = tuple(name.casefold() for name in calendar.month_name[1:])
COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "a couple of": 2,
}  # fmt: skip


def month_number(name: str) -> int:
    """1 to 12 of a month's name or its first three letters. Raises ValueError."""
    short = name.casefold().rstrip(".")[:3]
    return [month[:3] for month in MONTHS].index(short) + 1


def day_number(name: str) -> int:
    """0 (Monday) to 6 of a day's name or its first three letters. Raises ValueError."""
    return [day[:3] for day in DAYS].index(name.casefold()[:3])
