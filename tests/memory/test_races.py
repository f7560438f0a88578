"""Extraction beside other things: a process that is killed, a fan who forgets or pauses meanwhile; and what fades."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from django.db import connections

from companion.kernel.heartbeats import LEASE
from conversations.selectors import said
from memory import services
from memory.contracts import WITHHELD, Candidate, Said
from memory.extracting import extract_session
from memory.models import Memory, MemorySource, SessionMark
from memory.remembering import CAPS, HALF_LIFE_DAYS
from tenancy.context import tenant
from tests.factories import FanLogin, make_artist, make_fan
from tests.memory.people import Script, Words, read, tell, texts

ROOT = Path(__file__).parents[2]
WAIT_S = 60


@pytest.fixture
def fan() -> FanLogin:
    return make_fan(make_artist())


# -- a process that is killed -----------------------------------------------------------------------------------------


def read_at(fan: FanLogin, now: datetime, script: Script) -> int:
    artist, key = fan.fan.artist_id, fan.fan.id
    return extract_session(
        artist,
        key,
        lambda after: said(artist=artist, fan=key, after=after),
        extractor=script,
        embedder=Words(),
        now=now,
    )


def test_what_a_killed_process_was_reading_is_read_by_the_next_with_one_effect(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")
    arguments = [sys.executable, "-m", "tests.memory.killed", str(fan.fan.artist_id), str(fan.fan.id)]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        process.kill()
        process.wait(WAIT_S)
    script, now = Script(), datetime.now(UTC)
    assert (read_at(fan, now, script), script.asked, texts(fan)) == (0, 0, [])
    after = now + LEASE + timedelta(seconds=1)
    assert [read_at(fan, after, script), read_at(fan, after, script)] == [1, 0]
    assert (script.asked, texts(fan)) == (1, ["She lives in Paris"])
    with tenant(fan.fan.artist_id):
        assert MemorySource.objects.count() == 1
        assert SessionMark.objects.get().epoch == 3


# -- a fan who does something meanwhile -------------------------------------------------------------------------------


class Held(Script):
    """Stops between reading and answering, until it is let go."""

    def __init__(self, *, broken: bool = False) -> None:
        super().__init__(broken=broken)
        self.reading, self.go = Event(), Event()

    async def extract(self, said: Sequence[Said], *, now: datetime, time_zone: str, fan_name: str) -> list[Candidate]:
        self.reading.set()
        assert self.go.wait(WAIT_S)
        return await super().extract(said, now=now, time_zone=time_zone, fan_name=fan_name)


@contextmanager
def while_it_reads(fan: FanLogin, *, broken: bool = False) -> Iterator[None]:
    """The body runs after the talk was read and before anything of it is written."""
    held = Held(broken=broken)

    def work() -> int:
        try:
            return read(fan, held, anew=True)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as thread:
        reading = thread.submit(work)
        assert held.reading.wait(WAIT_S)
        try:
            yield
        finally:
            held.go.set()
        reading.result(WAIT_S)


def forget_one(fan: FanLogin) -> None:
    with tenant(fan.fan.artist_id):
        memory = Memory.objects.get().id
    services.forget_one(memory, artist=fan.fan.artist_id, fan=fan.fan.id, now=datetime.now(UTC))


def allow(fan: FanLogin, *, paused: bool | None = None, special_categories: bool | None = None) -> None:
    services.set_settings(
        artist=fan.fan.artist_id,
        fan=fan.fan.id,
        paused=paused,
        special_categories=special_categories,
        now=datetime.now(UTC),
    )


def forget_all(fan: FanLogin) -> None:
    services.forget_all(artist=fan.fan.artist_id, fan=fan.fan.id, now=datetime.now(UTC))


@pytest.mark.parametrize("forget", [forget_one, forget_all])
def test_what_is_forgotten_while_it_is_read_is_not_written(fan: FanLogin, forget: Callable[[FanLogin], None]) -> None:
    tell(fan, "pet.dog.name: Her dog is called Bruno")
    read(fan)
    tell(fan, "pet.dog.name: Everybody at home loves Bruno")
    with while_it_reads(fan):
        forget(fan)
    assert texts(fan) == []
    assert texts(fan, "superseded") == []


@pytest.mark.parametrize("forget", [forget_one, forget_all])
def test_an_answer_that_cannot_be_read_is_not_kept_where_it_may_tell_what_was_forgotten_meanwhile(
    fan: FanLogin, forget: Callable[[FanLogin], None]
) -> None:
    tell(fan, "pet.dog.name: Her dog is called Bruno")
    read(fan)
    with while_it_reads(fan, broken=True):
        forget(fan)
    with tenant(fan.fan.artist_id):
        assert SessionMark.objects.get().failed_text == WITHHELD


def test_consent_that_is_withdrawn_while_it_is_read_counts(fan: FanLogin) -> None:
    allow(fan, special_categories=True)
    tell(fan, "health: She has asthma")
    with while_it_reads(fan):
        allow(fan, special_categories=False)
    assert texts(fan) == []


def test_of_a_talk_with_a_pause_in_it_only_the_rest_is_kept(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")
    allow(fan, paused=True)
    tell(fan, "crush: She is in love with her neighbour")
    allow(fan, paused=False)
    tell(fan, "drink: She likes green tea")
    assert read(fan) == 2
    assert texts(fan) == ["She lives in Paris", "She likes green tea"]
    with tenant(fan.fan.artist_id):
        assert not MemorySource.objects.filter(quote__contains="neighbour").exists()


# -- merging, caps and decay ------------------------------------------------------------------------------------------


def test_the_same_in_other_words_adds_a_source_and_weight(fan: FanLogin) -> None:
    first = tell(fan, "drink: She likes green tea")
    read(fan)
    with tenant(fan.fan.artist_id):
        before = Memory.objects.get().salience
    second = tell(fan, "drink: She likes green tea most")
    read(fan)
    assert texts(fan) == ["She likes green tea"]
    with tenant(fan.fan.artist_id):
        memory = Memory.objects.get()
        sources = set(MemorySource.objects.filter(memory=memory).values_list("message_id", flat=True))
    assert sources == {first.id, second.id}
    assert memory.salience > before


def test_another_number_or_a_denial_is_another_thing(fan: FanLogin) -> None:
    tell(fan, "sister: She has 2 older sisters")
    tell(fan, "sister: She has 3 older sisters")
    tell(fan, "tea: She really likes green tea")
    tell(fan, "tea: She really hates green tea")
    assert read(fan) == 4
    assert len(texts(fan)) == 4


def make_facts(fan: FanLogin, count: int, *, days_ago: float = 0, salience: float = 0.5, pinned: bool = False) -> None:
    said_at = datetime.now(UTC) - timedelta(days=days_ago)
    keys = {"artist_id": fan.fan.artist_id, "fan_id": fan.fan.id, "kind": "fact", "said_at": said_at}
    with tenant(fan.fan.artist_id):
        Memory.objects.bulk_create(
            Memory(**keys, text=f"{days_ago:g}/{salience:g}/{n}", salience=salience, pinned=pinned)
            for n in range(count)
        )


def test_above_its_cap_a_kind_fades_from_what_weighs_least(fan: FanLogin) -> None:
    make_facts(fan, CAPS["fact"] - 2)
    make_facts(fan, 1, days_ago=HALF_LIFE_DAYS - 10, salience=1.0)  # weighs a little more than one of today
    make_facts(fan, 1, days_ago=HALF_LIFE_DAYS + 10, salience=1.0)  # and this a little less
    make_facts(fan, 1, days_ago=4 * HALF_LIFE_DAYS, salience=1.0)
    make_facts(fan, 3, days_ago=1000, salience=0.1, pinned=True)
    tell(fan, "hello")
    read(fan)
    assert texts(fan, "faded") == [f"{4 * HALF_LIFE_DAYS:g}/1/0"]
    make_facts(fan, 1)
    tell(fan, "hello again")
    read(fan)
    assert set(texts(fan, "faded")) == {f"{4 * HALF_LIFE_DAYS:g}/1/0", f"{HALF_LIFE_DAYS + 10:g}/1/0"}
    assert len(texts(fan)) == CAPS["fact"] + 3
