"""The relay: hands committed outbox events to RQ jobs, by topic. The scheduler's process runs it.

An event is marked as delivered in the transaction that holds its row lock, after Redis has taken its jobs. A crash in
between hands it on again under the same job ids, and handlers are idempotent. A job gets the payload's members as its
arguments: ids only.
"""

from collections.abc import Iterable, Mapping, Sequence

import structlog
from django.db import connections, transaction
from django.utils import timezone
from django_rq import get_queue
from rq import Retry

from companion.kernel.metrics import OUTBOX_DELIVERED
from companion.kernel.models import OutboxEvent

log = structlog.get_logger(__name__)
Subscriptions = Mapping[str, Sequence[str]]
BATCH = 100
TRIES = 5
RESULT_S = 60  # how long RQ keeps what a job answered; nobody reads it
FAILED_S = 7 * 24 * 60 * 60

# A change is kept long enough for a process that is frozen for a while.
PRUNE = (
    "delete from kernel_change where at < now() - interval '1 hour'",
    "delete from kernel_outboxevent where delivered_at < now() - interval '7 days'",
    "delete from django_session where expire_date < now()",
)


def deliver(subscriptions: Subscriptions) -> int:
    """Hands on the oldest waiting events; answers how many. Several relays at once never take the same row."""
    waiting = OutboxEvent.objects.using("system").filter(delivered_at__isnull=True).order_by("created_at")
    with transaction.atomic(using="system"):
        events = list(waiting.select_for_update(skip_locked=True)[:BATCH])
        for event in events:
            _enqueue(event, subscriptions.get(event.topic, ()))
        OutboxEvent.objects.using("system").filter(id__in=[event.id for event in events]).update(
            delivered_at=timezone.now()
        )
    for event in events:
        OUTBOX_DELIVERED.labels(event.topic).inc()
    return len(events)


def prune() -> None:
    """Deletes what nobody reads any more: old changes, delivered events, expired sessions."""
    with connections["system"].cursor() as cursor:
        for statement in PRUNE:
            cursor.execute(statement)


def _enqueue(event: OutboxEvent, handlers: Iterable[str]) -> None:
    queue = get_queue("default")
    for index, handler in enumerate(handlers):
        queue.enqueue_call(
            handler,
            kwargs=dict(event.payload),
            job_id=f"{event.id}-{index}",
            retry=Retry(max=TRIES),
            result_ttl=RESULT_S,
            failure_ttl=FAILED_S,
        )
