"""The outbox relay, the worker and the scheduler."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connections
from django.utils import timezone
from django_rq import get_queue
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from companion.kernel import audit_check, leases, outbox, relay
from companion.kernel.ids import new_id
from companion.kernel.models import AuditNote, Change, OutboxEvent
from companion.kernel.scheduling import Scheduler, Work
from companion.local.redis import Redis as EmbeddedRedis
from companion.subscriptions import SUBSCRIPTIONS
from personas.corpus import services
from personas.models import Document
from tenancy.context import tenant
from tenancy.models import Artist
from tests.factories import ACTOR, anywhere, make_artist
from tests.ops.processes import Start, until

TOPIC = "test.happened"
HANDLED = {TOPIC: ("tests.ops.jobs.note",)}


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    """No event of another test waits, and the queue is this test's own."""
    OutboxEvent.objects.using("system").filter(delivered_at__isnull=True).update(delivered_at=timezone.now())
    empty_queue()
    yield
    empty_queue()


def empty_queue() -> None:
    get_queue("default").empty()  # type: ignore[no-untyped-call]  # RQ leaves it untyped


def emit(artist: Artist, **payload: str) -> UUID:
    with tenant(artist.id):
        outbox.emit(TOPIC, payload, artist=artist.id)
    return OutboxEvent.objects.using("system").filter(artist_id=artist.id).latest("created_at").id


def jobs() -> list[Job]:
    return list(get_queue("default").jobs)


def waiting(event: UUID) -> bool:
    return OutboxEvent.objects.using("system").get(id=event).delivered_at is None


def test_a_committed_event_becomes_a_job_of_each_handler_with_its_ids() -> None:
    event = emit(make_artist(), thing="7")
    assert relay.deliver({TOPIC: ("a.first", "b.second")}) == 1
    assert [(job.func_name, job.kwargs) for job in jobs()] == [
        ("a.first", {"thing": "7"}),
        ("b.second", {"thing": "7"}),
    ]
    assert all(job.retries_left for job in jobs())
    assert not waiting(event)
    assert relay.deliver(HANDLED) == 0


def test_an_event_of_a_transaction_that_fails_never_was() -> None:
    artist = make_artist()

    def fail() -> None:
        with tenant(artist.id):
            outbox.emit(TOPIC, {}, artist=artist.id)
            raise RuntimeError("too late")

    with pytest.raises(RuntimeError):
        fail()
    assert relay.deliver(HANDLED) == 0


def test_a_topic_that_nobody_listens_to_is_delivered_all_the_same() -> None:
    event = emit(make_artist())
    assert relay.deliver({}) == 1
    assert jobs() == []
    assert not waiting(event)


def test_with_redis_away_the_event_waits_and_is_handed_on_later(monkeypatch: pytest.MonkeyPatch) -> None:
    event = emit(make_artist(), thing="7")

    def away(_name: str) -> Any:
        raise RedisConnectionError("away")

    with monkeypatch.context() as patched:
        patched.setattr(relay, "get_queue", away)
        with pytest.raises(RedisConnectionError):
            relay.deliver(HANDLED)
    assert waiting(event)
    assert relay.deliver(HANDLED) == 1
    assert len(jobs()) == 1


def test_an_event_that_is_handed_on_twice_is_one_job() -> None:
    event = emit(make_artist())
    relay.deliver(HANDLED)
    OutboxEvent.objects.using("system").filter(id=event).update(delivered_at=None)
    relay.deliver(HANDLED)
    assert {job.id for job in jobs()} == {f"{event}-0"}


def test_two_relays_at_once_never_take_the_same_event(servers: dict[str, str]) -> None:
    event = emit(make_artist())
    with psycopg.connect(servers["database_system_url"]) as other:
        other.execute("select 1 from kernel_outboxevent where id = %s for update", [event])
        assert relay.deliver(HANDLED) == 0
        other.rollback()
    assert relay.deliver(HANDLED) == 1


def test_an_outbox_event_is_hidden_from_every_other_artist() -> None:
    artist, other = make_artist(), make_artist()
    emit(artist)
    with tenant(artist.id):
        assert OutboxEvent.objects.filter(topic=TOPIC).count() == 1
    with tenant(other.id):
        assert OutboxEvent.objects.filter(topic=TOPIC).count() == 0


def test_pruning_takes_what_is_old_and_leaves_what_waits() -> None:
    artist = make_artist()
    old, late, fresh = (emit(artist) for _ in range(3))
    with connections["system"].cursor() as cursor:
        cursor.execute("update kernel_outboxevent set delivered_at = now() - interval '8 days' where id = %s", [old])
        cursor.execute("update kernel_outboxevent set created_at = now() - interval '8 days' where id = %s", [late])
        cursor.execute("insert into kernel_change (topic, key, at) values ('t', 'old', now() - interval '2 hours')")
        cursor.execute("insert into kernel_change (topic, key, at) values ('t', 'new', now())")
    relay.prune()
    left = set(OutboxEvent.objects.using("system").filter(artist_id=artist.id).values_list("id", flat=True))
    assert left == {late, fresh}
    assert list(Change.objects.filter(topic="t").values_list("key", flat=True)) == ["new"]


def test_every_handler_is_there() -> None:
    for handlers in SUBSCRIPTIONS.values():
        for path in handlers:
            module, _, name = path.rpartition(".")
            __import__(module)
            assert callable(getattr(sys.modules[module], name))


# -- the scheduler -------------------------------------------------------------------------------------------------


@anywhere
def lease() -> tuple[str, int] | None:
    with connections["system"].cursor() as cursor:
        cursor.execute("select holder, fence from kernel_lease where name = 'scheduler' and until > now()")
        row = cursor.fetchone()
    return (str(row[0]), int(row[1])) if row else None


@anywhere
def free_lease(holder: str = "") -> None:
    with connections["system"].cursor() as cursor:
        cursor.execute("update kernel_lease set until = now() - interval '1 second' where name = 'scheduler'")
    if holder:
        assert leases.take("scheduler", holder, 60) is not None


async def test_the_holder_of_the_lease_works_and_gives_it_up_at_the_end() -> None:
    free_lease()
    stop = asyncio.Event()
    seen: list[object] = []

    def look() -> None:
        seen.append(lease())
        stop.set()

    await asyncio.wait_for(Scheduler([Work("w", 0.01, look)], stop).run(), 20)
    assert seen[0] is not None
    assert lease() is None


async def test_without_the_lease_nothing_is_done() -> None:
    free_lease("somebody-else")
    stop = asyncio.Event()
    done: list[int] = []
    scheduler = Scheduler([Work("w", 0.01, lambda: done.append(1))], stop)
    running = asyncio.create_task(scheduler.run())
    asyncio.get_running_loop().call_later(0.3, stop.set)
    await asyncio.wait_for(running, 20)
    assert done == []
    assert (lease() or ("", 0))[0] == "somebody-else"
    free_lease()


async def test_work_that_fails_is_done_again_and_holds_nothing_else_up(monkeypatch: pytest.MonkeyPatch) -> None:
    free_lease()
    monkeypatch.setattr("companion.kernel.scheduling.AFTER_ERROR_S", 0.01)
    stop = asyncio.Event()
    calls: list[str] = []

    def fail() -> None:
        calls.append("fails")
        raise RuntimeError("broken")

    def go_on() -> None:
        calls.append("works")
        if calls.count("fails") > 1 and calls.count("works") > 1:
            stop.set()

    await asyncio.wait_for(Scheduler([Work("f", 0.01, fail), Work("g", 0.01, go_on)], stop).run(), 20)
    assert stop.is_set()


def test_a_new_holder_gets_a_higher_fence_and_a_renewal_does_not() -> None:
    name = f"job-{new_id()}"
    first = leases.take(name, "a", 60)
    assert leases.take(name, "a", 60) == first
    assert leases.take(name, "b", 60) is None
    leases.give_up(name, "a")
    second = leases.take(name, "b", 60)
    assert first is not None
    assert second == first + 1


# -- the processes -------------------------------------------------------------------------------------------------


def embedded(document: UUID, artist: Artist) -> bool:
    with tenant(artist.id):
        return Document.objects.get(id=document).state == Document.State.READY


def test_scheduler_and_worker_embed_a_written_document_chain_the_audit_and_end_on_sigterm(
    start: Start,
) -> None:
    free_lease()
    artist = make_artist()
    document = Document(kind="fact", title="Ferry", text="She wrote the song on a ferry.")
    services.write_document(artist.id, document, actor=ACTOR)
    assert not embedded(document.id, artist)
    processes = [start("scheduler"), start("worker")]
    until(lambda: embedded(document.id, artist))
    until(lambda: not AuditNote.objects.using("system").exists())
    assert audit_check.verify().broken is None
    for process in processes:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(20) for process in processes] == [0, 0]
    assert lease() is None


def test_a_worker_that_starts_before_redis_waits_for_it(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis = EmbeddedRedis(tmp_path / "redis", durable=False)
    redis.start()
    redis.stop()
    monkeypatch.setenv("REDIS_URL", redis.url)
    log = tmp_path / "worker.log"
    worker = start("worker", log=log)
    until(lambda: "worker.redis_away" in log.read_text())
    redis.start()
    try:
        with Redis.from_url(redis.url) as client:
            job = Queue("default", connection=client, serializer=JSONSerializer).enqueue("builtins.len", "four")
            until(lambda: job.get_status() == "finished")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
    finally:
        redis.stop()


def test_jobs_travel_as_json() -> None:
    emit(make_artist(), thing="7")
    relay.deliver(HANDLED)
    assert jobs()[0].serializer is JSONSerializer
