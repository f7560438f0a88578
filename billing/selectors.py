"""Reads of what a fan has used."""

from datetime import datetime
from typing import Any
from uuid import UUID

from billing.models import QuotaCounter
from billing.quota import MESSAGES, message_quota, period_start
from tenancy.context import tenant


def quotas(*, artist: UUID, fan: UUID, now: datetime) -> list[dict[str, Any]]:
    """Every quota of the fan with this artist in the present period."""
    with tenant(artist, fan=fan):
        counted = QuotaCounter.objects.filter(fan_id=fan, name=MESSAGES, period_start=period_start(now).date())
        used = counted.values_list("used", flat=True).first()
    return [message_quota(used or 0, now)]
