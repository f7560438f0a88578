"""The schedule: all that the persona knows of where the artist is and will be."""

from collections.abc import Sequence
from datetime import datetime

from companion.providers.llm.base import ScheduleItem
from companion.providers.llm.offline.relevance import Candidate, Relevance


def current(schedule: Sequence[ScheduleItem], now: datetime) -> list[ScheduleItem]:
    return [item for item in schedule if item.starts_at <= now < item.ends_at]


def upcoming(schedule: Sequence[ScheduleItem], now: datetime) -> list[ScheduleItem]:
    """What is still to begin, soonest first."""
    return sorted((item for item in schedule if item.starts_at > now), key=lambda item: item.starts_at)


def about(items: Sequence[ScheduleItem], wanted: Sequence[str]) -> list[ScheduleItem]:
    """The items whose titles speak of what was asked, as they stood; all of them when none does."""
    found = Relevance(Candidate(item.title, item.title) for item in items).rank(wanted, 0.0)
    best = {match.candidate.text for match in found if match.score >= found[0].score * 0.9}
    return [item for item in items if item.title in best] or list(items)


def when(item: ScheduleItem, now: datetime) -> str:
    """Day and time of its start in the fan's time zone, which is that of `now`."""
    start = item.starts_at.astimezone(now.tzinfo)
    return f"{start:%A} {start.day} {start:%B}, {start:%H:%M %Z}".strip()
