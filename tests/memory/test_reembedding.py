"""Another embedding model: rows get its vectors a batch at a time; until then their words find them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from companion.kernel import leases
from companion.kernel.models import OutboxEvent
from companion.providers.embeddings import configured
from companion.providers.embeddings.base import Embedder, embed_now, to_halfvec1024
from conversations import reembedding as jobs
from conversations import tasks
from memory import reembedding, services
from memory.models import ArchiveLine, Memory, Tombstone
from memory.selectors import tombstones, vector_of
from tenancy.context import tenant
from tests.factories import FanLogin, make_artist, make_exchange, make_fan, make_memory
from tests.memory.people import Words


class Newer(Words):
    model = "words-2"


@pytest.fixture
def fan() -> FanLogin:
    return make_fan(make_artist())


@pytest.fixture(autouse=True)
def newer(monkeypatch: pytest.MonkeyPatch) -> Embedder:
    embedder = Newer()
    monkeypatch.setattr(configured, "embedder", lambda: embedder)
    monkeypatch.setattr(configured, "model", lambda: Newer.model)
    return embedder


def old_rows(fan: FanLogin, memories: int = 1) -> None:
    """Rows with vectors of the older model, and one thing that was forgotten."""
    keys, now = {"artist_id": fan.fan.artist_id, "fan_id": fan.fan.id}, datetime.now(UTC)
    said, _ = make_exchange(fan, "My dog is called Bruno")
    old = {"embedding": to_halfvec1024([1.0, 0.0]), "embedding_model": Words.model}
    for number in range(memories):
        memory = make_memory(fan, f"She likes tea number {number}")
        with tenant(fan.fan.artist_id):
            Memory.objects.filter(id=memory.id).update(**old)
    with tenant(fan.fan.artist_id):
        ArchiveLine.objects.create(**keys, **old, message_id=said.id, role="fan", text="Rain again", said_at=now)
        Tombstone.objects.create(**keys, **old, until=now, messages=[said.id], words=["a"], names=["b"])
        Tombstone.objects.create(**keys, **old, until=now, messages=[], words=["c"])


def work(fan: FanLogin) -> int:
    return tasks.reembed(str(fan.fan.artist_id))


def asked(fan: FanLogin) -> int:
    return OutboxEvent.objects.using("system").filter(topic=jobs.STALE, artist_id=fan.fan.artist_id).count()


def left(fan: FanLogin) -> dict[str, tuple[int, int]]:
    told = reembedding.progress(Newer.model, artist=fan.fan.artist_id)
    return {one.kind: (one.done, one.left) for one in told}


def test_every_row_gets_a_vector_of_the_present_model(fan: FanLogin) -> None:
    old_rows(fan)
    assert left(fan) == {"memories": (0, 1), "archive": (0, 1), "forgotten": (0, 2)}
    assert work(fan) == 4
    assert left(fan) == {"memories": (1, 0), "archive": (1, 0), "forgotten": (2, 0)}
    with tenant(fan.fan.artist_id):
        vectors = [vector_of(row.embedding) for row in (Memory.objects.get(), ArchiveLine.objects.get())]
    assert all(vector is not None and abs(float((vector**2).sum()) - 1) < 0.01 for vector in vectors)
    assert work(fan) == 0


def test_a_tombstone_covers_by_the_messages_that_it_rests_on(fan: FanLogin) -> None:
    old_rows(fan)
    work(fan)
    known = tombstones(artist=fan.fan.artist_id, fan=fan.fan.id)
    by_vector, by_words = sorted(known.graves, key=lambda grave: grave.vector is None)
    assert (by_vector.model, by_words.vector, by_words.words) == (Newer.model, None, frozenset("c"))
    (near,) = embed_now(Newer(), ["My dog is called Bruno"])
    assert known.cover("", datetime(2020, 1, 1, tzinfo=UTC), vector=near, model=Newer.model)
    assert not known.cover("", datetime(2020, 1, 1, tzinfo=UTC), vector=near, model=Words.model)


def test_a_job_ends_after_some_batches_and_the_next_goes_on(fan: FanLogin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reembedding, "BATCH", 2)
    monkeypatch.setattr(jobs, "BATCHES", 2)
    old_rows(fan, memories=5)
    assert work(fan) == 4
    assert (asked(fan), left(fan)["memories"]) == (1, (4, 1))
    assert (work(fan), asked(fan)) == (2, 2)
    assert (work(fan), asked(fan)) == (2, 2)
    assert (work(fan), asked(fan)) == (0, 2)
    assert left(fan) == {"memories": (5, 0), "archive": (1, 0), "forgotten": (2, 0)}


def test_a_killed_job_loses_no_more_than_its_batch(fan: FanLogin, newer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reembedding, "BATCH", 2)
    old_rows(fan, memories=5)
    store, stored = reembedding._store, []

    def dies(*arguments: Any) -> None:
        stored.append(arguments)
        if len(stored) == 4:
            raise KeyboardInterrupt
        store(*arguments)

    monkeypatch.setattr(reembedding, "_store", dies)
    with pytest.raises(KeyboardInterrupt):
        work(fan)
    assert left(fan)["memories"] == (2, 3)
    monkeypatch.setattr(reembedding, "_store", store)
    assert work(fan) == 6
    assert left(fan)["memories"] == (5, 0)


def test_one_job_at_a_time_works_for_an_artist(fan: FanLogin) -> None:
    old_rows(fan)
    name = f"reembed:{fan.fan.artist_id.hex}"
    leases.take(name, "another", 60)
    assert (work(fan), left(fan)["memories"]) == (0, (0, 1))
    leases.give_up(name, "another")
    assert work(fan) == 4


def test_a_wording_that_changes_meanwhile_is_not_given_the_old_ones_vector(
    fan: FanLogin, newer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_rows(fan)
    with tenant(fan.fan.artist_id):
        memory = Memory.objects.get()

    def corrected_meanwhile(*arguments: Any) -> Any:
        vectors = embed_now(*arguments)
        now = datetime.now(UTC)
        services.correct(memory.id, "She likes snow", artist=fan.fan.artist_id, fan=fan.fan.id, now=now)
        monkeypatch.setattr(reembedding, "embed_now", embed_now)
        return vectors

    monkeypatch.setattr(reembedding, "embed_now", corrected_meanwhile)
    work(fan)
    with tenant(fan.fan.artist_id):
        found = Memory.objects.get()
    (wanted,) = embed_now(Newer(), ["She likes snow"])
    vector = vector_of(found.embedding)
    assert vector is not None
    assert (found.text, found.embedding_model) == ("She likes snow", Newer.model)
    assert float(vector[: len(wanted)] @ wanted) > 0.99


def test_the_sweep_asks_for_whom_something_waits_and_no_other(fan: FanLogin) -> None:
    idle = make_fan(make_artist())
    old_rows(fan)
    jobs.sweep()
    assert (asked(fan), asked(idle)) == (1, 0)
    work(fan)
    jobs.sweep()
    assert asked(fan) == 1
