"""What waits and what leads: figures of the shared servers, read by a web process when it is asked for /metrics.

Read at the scrape rather than told by the scheduler, whose own death is one of the things that they have to show. Every
process answers the same, so queries take the maximum. A server that is away leaves its figures out: /readyz names it.
"""

import threading
from collections.abc import Iterator
from time import monotonic

import structlog
from django.db import connections
from django.db.utils import Error as DatabaseError
from django_rq import get_queue
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
FRESH_S = 5.0  # however many ask, the servers are read once in this time
ROWS = """
select (select count(*) from kernel_outboxevent where delivered_at is null),
       (select coalesce(extract(epoch from now() - min(created_at)), 0) from kernel_outboxevent
        where delivered_at is null),
       (select count(*) from kernel_auditnote),
       (select coalesce(extract(epoch from now() - min(at)), 0) from kernel_auditnote),
       (select count(*) from kernel_auditcheck where broken <> ''),
       (select count(*) from kernel_lease where name = 'scheduler' and until > now())
"""
ROW_NAMES = {
    "companion_outbox_waiting": "Outbox events that the relay has not handed on",
    "companion_outbox_oldest_seconds": "Age of the oldest outbox event that waits",
    "companion_audit_waiting": "Audit notes that are not in the chain yet",
    "companion_audit_oldest_seconds": "Age of the oldest audit note that waits",
    "companion_audit_chain_broken": "1 when the last verification of the audit chain found an entry that does not fit",
    "companion_scheduler_leaders": "Schedulers that hold the lease: 1, or 0 when none works",
}
JOB_NAMES = {
    "companion_jobs_waiting": "Jobs in the queue",
    "companion_jobs_failed": "Jobs that failed for good within the last week",
}


class Vitals(Collector):
    """`collect` never raises."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._figures: dict[str, float] = {}

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._lock:
            if monotonic() - self._read_at > FRESH_S:
                self._figures = _rows() | _jobs()
                self._read_at = monotonic()
            figures = dict(self._figures)
        for name, value in figures.items():
            yield GaugeMetricFamily(name, (ROW_NAMES | JOB_NAMES)[name], value)


def _rows() -> dict[str, float]:
    try:
        with connections["system"].cursor() as cursor:
            cursor.execute(ROWS)
            row = cursor.fetchone()
    except DatabaseError as error:
        log.warning("vitals.postgres_away", error=type(error).__name__)
        return {}
    finally:
        connections["system"].close()
    return dict(zip(ROW_NAMES, map(float, row), strict=True)) if row else {}


def _jobs() -> dict[str, float]:
    try:
        queue = get_queue("default")
        counts = (queue.count, queue.failed_job_registry.count)
    except (RedisError, OSError) as error:
        log.warning("vitals.redis_away", error=type(error).__name__)
        return {}
    return dict(zip(JOB_NAMES, map(float, counts), strict=True))


VITALS = Vitals()
