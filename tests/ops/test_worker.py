"""A worker that is killed: the next one takes its job, and there is one effect. One that lives keeps it."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_rq import get_queue
from rq import Queue
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from bench.upstream import ScriptedUpstream
from companion.kernel import heartbeats
from companion.kernel.heartbeats import BEAT_S, LEASE, SILENT_S, beating
from companion.kernel.management.commands.worker import MAINTENANCE_S, CompanionQueue, CompanionWorker
from companion.kernel.models import OutboxEvent
from personas.corpus import services
from personas.corpus.ingest import SLICE
from personas.models import Chunk, Document
from tenancy.context import tenant
from tenancy.models import Artist
from tests.factories import ACTOR, make_artist
from tests.ops.processes import Start, until
from tests.upstream import stalled, upstream_thread

WAIT_S = 90
# Each is a chunk: two slices and some. The fifth request to the model is the second slice's first.
PARAGRAPHS = [
    f"Take {number}. " + "She sang it once more and the ferry hooted. " * 15 for number in range(2 * SLICE + 9)
]


@pytest.fixture
def queue() -> Iterator[Queue]:
    """This test's own: no event of another one waits."""
    OutboxEvent.objects.using("system").filter(delivered_at__isnull=True).update(delivered_at=timezone.now())
    queue = get_queue("default")
    queue.empty()  # type: ignore[no-untyped-call]  # RQ leaves it untyped
    yield queue
    queue.empty()  # type: ignore[no-untyped-call]  # as above


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedUpstream]:
    """The embedding model of the processes that the test starts."""
    with upstream_thread() as upstream:
        monkeypatch.setenv("COMPANION_EMBEDDINGS", "openai")
        monkeypatch.setenv("COMPANION_EMBEDDINGS_MODEL", "scripted")
        monkeypatch.setenv("COMPANION_EMBEDDINGS_BASE_URL", upstream.url)
        yield upstream


def uploaded(artist: Artist) -> Document:
    document = Document(kind="interview")
    file = SimpleUploadedFile("takes.txt", "\n\n".join(PARAGRAPHS).encode())
    services.upload_document(artist.id, document, file, actor=ACTOR)
    return document


def ready(document: Document) -> bool:
    with tenant(document.artist_id):
        return Document.objects.get(pk=document.pk).state == Document.State.READY


def running(queue: Queue) -> dict[bytes, float]:
    """The executions of the queue, and until when each is taken to live (seconds since 1970)."""
    found: Any = queue.connection.zrange(queue.started_job_registry.key, 0, -1, withscores=True)
    return dict(found)


def fall_silent(queue: Queue) -> None:
    """SILENT_S pass."""
    queue.connection.zadd(queue.started_job_registry.key, dict.fromkeys(running(queue), 1))


def test_what_a_killed_worker_was_embedding_is_embedded_by_the_next_with_one_effect(
    queue: Queue, start: Start, upstream: ScriptedUpstream
) -> None:
    document = uploaded(make_artist())
    upstream.play(*["ok"] * 5, "hang")
    start("scheduler")
    killed = start("worker")
    asyncio.run(asyncio.wait_for(stalled(upstream), WAIT_S))
    killed.kill()
    killed.wait(WAIT_S)
    (lives_until,) = running(queue).values()
    assert lives_until <= time.time() + SILENT_S
    assert not ready(document)

    fall_silent(queue)
    start("worker")
    until(lambda: ready(document))
    with tenant(document.artist_id):
        chunks = list(Chunk.objects.filter(document=document))
    assert sorted(chunk.ordinal for chunk in chunks) == list(range(len(PARAGRAPHS)))
    assert all(chunk.embedding is not None for chunk in chunks)
    asked = Counter(text for request in upstream.requests for text in request["input"])
    assert [asked[f"takes. {text.strip()}"] for text in PARAGRAPHS] == [1] * SLICE + [2] * 128 + [1] * (SLICE - 128 + 9)


def test_a_worker_that_is_killed_while_it_looks_for_lost_jobs_keeps_the_others_from_it_for_one_round(
    queue: Queue,
) -> None:
    killed, other = (get_queue("default", queue_class=CompanionQueue) for _ in range(2))
    try:
        assert killed.acquire_maintenance_lock()
        assert not other.acquire_maintenance_lock()
        lasts: Any = queue.connection.ttl(killed.registry_cleaning_key)
        assert 0 < lasts < MAINTENANCE_S
    finally:
        killed.release_maintenance_lock()  # type: ignore[no-untyped-call]  # RQ leaves it untyped
    assert other.acquire_maintenance_lock()
    other.release_maintenance_lock()  # type: ignore[no-untyped-call]  # as above


def test_a_worker_that_lives_keeps_its_job_however_long_it_takes(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "BEAT_S", 0.001)
    worker = CompanionWorker([queue], connection=queue.connection, serializer=JSONSerializer)
    beaten, beat = threading.Event(), worker.maintain_heartbeats
    seen: list[float] = []

    def long_job(_job: Job) -> None:
        fall_silent(queue)
        beaten.clear()
        assert beaten.wait(WAIT_S)
        seen.extend(running(queue).values())

    def heard(job: Job, execution: Execution) -> None:
        beat(job, execution)
        beaten.set()

    monkeypatch.setattr(Job, "perform", long_job)
    monkeypatch.setattr(worker, "maintain_heartbeats", heard)
    job, before = queue.enqueue("builtins.len", "four"), time.time()
    worker.execute_job(job, queue)
    assert [until_when >= before + SILENT_S - 1 for until_when in seen] == [True]
    assert job.get_status() == "finished"
    assert running(queue) == {}


def test_what_a_job_holds_by_a_lease_has_lapsed_before_its_job_is_given_away() -> None:
    assert LEASE.total_seconds() + BEAT_S < SILENT_S


def test_a_heart_beats_until_its_block_ends_and_a_beat_that_fails_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heartbeats, "BEAT_S", 0.001)
    beats = threading.Semaphore(0)

    def beat() -> None:
        beats.release()
        raise ConnectionError("away")

    with beating(beat):
        assert all(beats.acquire(timeout=WAIT_S) for _ in range(3))
    assert "heartbeat" not in [thread.name for thread in threading.enumerate()]
