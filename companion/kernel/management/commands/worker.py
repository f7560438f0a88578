"""`manage.py worker`: runs the jobs of the one queue. Several may run."""

import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django_rq import get_queue
from django_rq.queues import DjangoRQ
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from companion.kernel import metrics
from companion.kernel.heartbeats import SILENT_S, beating

log = structlog.get_logger(__name__)
AGAIN_S = 1.0
# How often a worker looks for jobs of workers that are gone: between two jobs, and while it waits for one.
MAINTENANCE_S = 15
# RQ waits for a job 15 s less than this, then beats and looks around.
WORKER_TTL_S = MAINTENANCE_S + 15


class CompanionQueue(DjangoRQ):
    """Its workers look for lost jobs one at a time, by a lock that RQ lets stand for a quarter of an hour when the
    worker that holds it is killed. Here the next round finds it gone; two that look at once only repeat each other."""

    def acquire_maintenance_lock(self) -> bool:
        return bool(self.connection.set(self.registry_cleaning_key, 1, nx=True, ex=MAINTENANCE_S - 1))


class CompanionWorker(SimpleWorker):
    """Runs jobs in its own process: the embedding model is loaded once, and a pool of connections survives no fork.

    RQ's own time limit still ends a job. A job whose worker falls silent (killed, or its machine gone) is tried again
    by the next worker, SILENT_S and MAINTENANCE_S later at most; RQ's SimpleWorker would wait for its time limit.
    """

    def execute_job(self, job: Job, queue: Any) -> None:
        close_old_connections()
        try:
            super().execute_job(job, queue)
        finally:
            close_old_connections()

    def perform_job(self, job: Job, queue: Any, execution: Execution) -> bool:
        with beating(lambda: self.maintain_heartbeats(job, execution)):
            return super().perform_job(job, queue, execution)

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        return SILENT_S


class Command(BaseCommand):
    help = "Runs background jobs until SIGTERM; a job that runs then is finished first."

    def handle(self, *args: Any, **options: Any) -> None:
        metrics.serve_if_asked()
        while True:
            try:
                work()
            except (RedisConnectionError, RedisTimeoutError, OSError) as error:
                # RQ waits for a Redis that goes away while it listens, but not for one that is away when it starts.
                log.warning("worker.redis_away", error=type(error).__name__)
                time.sleep(AGAIN_S)
            else:
                return


def work() -> None:
    """Until a signal. Making the worker already talks to Redis."""
    queue = get_queue("default", queue_class=CompanionQueue)
    worker = CompanionWorker(
        [queue],
        connection=queue.connection,
        serializer=JSONSerializer,
        maintenance_interval=MAINTENANCE_S,
        worker_ttl=WORKER_TTL_S,
    )
    worker.work(with_scheduler=False, logging_level="WARNING")
