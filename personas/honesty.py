"""Stand-in until the scorer of honest presence is merged."""

import re
from collections.abc import Sequence
from datetime import datetime

from companion.providers.llm.base import ScheduleItem

_DENIAL = re.compile(
    r"\bi(?:'|’)?\s?a?m (?:totally |really |just |actually |100 ?% )?(?:a |an )?(?:real |actual |living )?(?:person|human|girl|human being)\b"
    r"|\bi(?:'|’)?\s?a?m not (?:an? )?(?:ai|bot|robot|machine|program)\b|\bich bin (?:ein echter |ein )?mensch\b|\bsoy (?:una persona real|humana)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\bi(?:'|’)?\s?a?m (?:in|at) (?:paris|berlin|london|home|the studio|bed)\b|\bbackstage right now\b", re.IGNORECASE
)


def denies_being_ai(text: str) -> str | None:
    """The words that deny it."""
    found = _DENIAL.search(text)
    return found[0] if found else None


def claims_of_place(text: str, schedule: Sequence[ScheduleItem], now: datetime) -> str | None:
    """The words that claim it."""
    found = _PLACE.search(text)
    return found[0] if found and not schedule else None
