"""The outbox: an event is a row of the transaction that caused it, so neither can exist without the other.

The relay (relay.py) reads with FOR UPDATE SKIP LOCKED and hands each event to the jobs that companion/subscriptions.py
names for its topic. Delivery is at least once; handlers are idempotent.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from companion.kernel.models import OutboxEvent


def emit(topic: str, payload: Mapping[str, Any], *, artist: UUID | None) -> None:
    """Adds an event to the caller's transaction. The payload holds ids, never a fan's words."""
    OutboxEvent.objects.create(topic=topic, payload=dict(payload), artist_id=artist)
