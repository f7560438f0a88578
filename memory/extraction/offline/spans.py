"""Stretches of days, first and last, both inside."""

import calendar
from datetime import date

Days = tuple[date, date]


def one(day: date) -> Days:
    return day, day


def whole_month(year: int, month: int) -> Days:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> tuple[int, int]:
    """Year and month so many months after the day's, or before it."""
    total = day.year * 12 + day.month - 1 + months
    return total // 12, total % 12 + 1


def season(year: int, start: int) -> Days:
    """The three months from `start` on."""
    return date(year, start, 1), whole_month(*add_months(date(year, start, 1), 2))[1]
