"""Heartbeats: while a job runs, its worker says again and again that it lives; the job of a silent one goes to another.

What a job holds by a lease in the database has lapsed by then, so that the next worker is not turned away by the dead
one. A worker that was only slow is fenced as ever: its lease has an epoch, and what it writes under an old one is
refused.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import connections

log = structlog.get_logger(__name__)
BEAT_S = 10.0
# So long after its last sign of life a worker counts as gone.
SILENT_S = 45
# Shorter by more than a beat: whichever of the two heartbeats was the later one, the lease is over before the job is
# given to another worker.
LEASE = timedelta(seconds=30)


@contextmanager
def beating(beat: Callable[[], object]) -> Iterator[None]:
    """Calls `beat` every BEAT_S seconds, in a thread of its own, until the block ends.

    What `beat` raises is logged and the block goes on: the next beat may be in time.
    """
    over = threading.Event()
    thread = threading.Thread(target=_until, args=(over, beat), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _until(over: threading.Event, beat: Callable[[], object]) -> None:
    while not over.wait(BEAT_S):
        try:
            beat()
        except Exception as error:
            log.warning("heartbeat.failed", error=type(error).__name__)
        finally:
            connections.close_all()
