"""How much a fan may use. Plans come later: messages are without limit, and every answer says so (`limit: null`)."""

from datetime import UTC, datetime
from typing import Any

from companion.kernel.clock import rfc3339

MESSAGES = "messages"


def period_start(now: datetime) -> datetime:
    """The beginning of the calendar month, in UTC, in which a moment lies."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def resets_at(now: datetime) -> datetime:
    """The beginning of the next one."""
    start = period_start(now)
    return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)


def message_quota(used: int, now: datetime) -> dict[str, Any]:
    """The entry of `usage.quotas` for messages."""
    return {"name": MESSAGES, "used": used, "limit": None, "resets_at": rfc3339(resets_at(now))}
