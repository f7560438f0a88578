"""From an HTTP status to the error that it means."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from companion.providers.errors import (
    Garbage,
    Misconfigured,
    ProviderError,
    RateLimited,
    Rejected,
    ServerError,
    Timeout,
)


def error_for(status: int, headers: Mapping[str, str]) -> ProviderError | None:
    """None for 200. Anything else that is not an error is garbage too: these APIs answer with 200 alone."""
    detail = f"HTTP {status}"
    if status == 200:
        return None
    if status == 429:
        return RateLimited(detail, retry_after_s=retry_after(headers, datetime.now(UTC)))
    if status >= 500:
        return ServerError(detail)
    if status == 408:
        return Timeout(detail)
    if status in (401, 403, 404):
        return Misconfigured(detail)
    return Rejected(detail) if status >= 400 else Garbage(detail)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from Retry-After (RFC 9110 section 10.2.3: a number or a date); None if it is absent or unreadable."""
    value = headers.get("Retry-After", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value, now)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_until(value: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return math.nan
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
