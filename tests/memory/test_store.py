"""What is told once is kept once; a newer word ends the older; a session is read once whatever happens in between."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from asgiref.sync import sync_to_async

from companion.kernel import heartbeats
from companion.kernel.heartbeats import LEASE
from memory import sessions
from memory.contracts import WITHHELD, Candidate, Said
from memory.models import MemorySource, SessionMark
from tenancy.context import tenant
from tests.factories import FanLogin, make_artist, make_exchange, make_fan
from tests.memory.people import Script, read, tell, texts


@pytest.fixture
def fan() -> FanLogin:
    return make_fan(make_artist())


def mark_of(fan: FanLogin) -> SessionMark:
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        return SessionMark.objects.get()


def test_what_was_told_is_kept_with_its_source(fan: FanLogin) -> None:
    message = tell(fan, "pet.dog.name: Her dog is called Bruno")
    assert read(fan) == 1
    assert texts(fan) == ["Her dog is called Bruno"]
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        source = MemorySource.objects.get()
    assert source.message_id == message.id
    assert source.quote == message.text


def test_a_quote_leaves_out_what_may_not_be_kept(fan: FanLogin) -> None:
    said = "pet.dog.name: Her dog is called Bruno.\nMy card is 4111 1111 1111 1111!\nHe is three."
    tell(fan, said)
    assert read(fan) == 1
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        quote = MemorySource.objects.get().quote
    assert quote == "pet.dog.name: Her dog is called Bruno. He is three."


def test_the_same_again_adds_a_source_and_no_memory(fan: FanLogin) -> None:
    tell(fan, "drink: She likes green tea")
    read(fan)
    tell(fan, "drink: She likes green tea.")
    read(fan)
    assert texts(fan) == ["She likes green tea"]
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        assert MemorySource.objects.count() == 2


def test_two_likes_are_two_memories(fan: FanLogin) -> None:
    tell(fan, "drink: She likes green tea")
    tell(fan, "food: She likes fresh bread")
    assert read(fan) == 2
    assert len(texts(fan)) == 2


def test_a_new_home_ends_the_old_one_and_history_stays(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")
    read(fan)
    tell(fan, "home: She lives in Berlin")
    read(fan)
    assert texts(fan) == ["She lives in Berlin"]
    assert texts(fan, "superseded") == ["She lives in Paris"]


def test_a_second_dog_stands_beside_the_first_and_a_renamed_one_takes_its_place(fan: FanLogin) -> None:
    tell(fan, "pet.dog: Her dog is called Biscuit")
    tell(fan, "pet.dog: Her other dog is called Rex")
    read(fan)
    assert texts(fan) == ["Her dog is called Biscuit", "Her other dog is called Rex"]
    tell(fan, "pet.dog: Her dog is called Max")
    read(fan)
    assert texts(fan) == ["Her other dog is called Rex", "Her dog is called Max"]
    assert texts(fan, "superseded") == ["Her dog is called Biscuit"]


def test_a_session_is_read_once(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")
    script = Script()
    assert [read(fan, script), read(fan, script)] == [1, 0]
    assert script.asked == 1


def test_a_reader_whose_lease_was_taken_writes_nothing(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")

    class Overtaken(Script):
        async def extract(
            self, said: Sequence[Said], *, now: datetime, time_zone: str, fan_name: str
        ) -> list[Candidate]:
            found = await super().extract(said, now=now, time_zone=time_zone, fan_name=fan_name)
            await sync_to_async(take_over)()
            return found

    def take_over() -> None:
        with tenant(fan.fan.artist_id, fan=fan.fan.id):
            mark = sessions.locked(fan.fan.artist_id, fan.fan.id)
            mark.epoch += 1
            mark.save()

    assert read(fan, Overtaken()) == 0
    assert texts(fan) == []
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        SessionMark.objects.update(lease_until=None)
    assert read(fan) == 1
    assert texts(fan) == ["She lives in Paris"]


def test_while_one_reads_nobody_else_does(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")
    now = datetime.now(UTC)
    lease = sessions.begin(fan.fan.artist_id, fan.fan.id, now)
    assert lease is not None
    script = Script()
    assert read(fan, script) == 0
    assert script.asked == 0
    assert texts(fan) == []
    sessions.give_up(lease)
    assert read(fan, script) == 1


def test_a_reader_that_lives_renews_its_lease_until_it_is_given_up_or_taken(fan: FanLogin) -> None:
    first = sessions.begin(fan.fan.artist_id, fan.fan.id, datetime.now(UTC) - LEASE)
    assert first is not None
    second = sessions.begin(fan.fan.artist_id, fan.fan.id, datetime.now(UTC))
    assert second is not None
    until = mark_of(fan).lease_until
    assert until is not None
    sessions.renew(first)
    assert mark_of(fan).lease_until == until
    sessions.renew(second)
    renewed = mark_of(fan).lease_until
    assert renewed is not None
    assert renewed > until
    sessions.give_up(second)
    sessions.renew(second)
    assert mark_of(fan).lease_until is None


def test_while_it_reads_the_lease_is_renewed(fan: FanLogin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "BEAT_S", 0.001)
    renewed, renew = threading.Event(), sessions.renew

    def heard(lease: sessions.Lease) -> None:
        renew(lease)
        renewed.set()

    class Slow(Script):
        async def extract(
            self, said: Sequence[Said], *, now: datetime, time_zone: str, fan_name: str
        ) -> list[Candidate]:
            assert await asyncio.to_thread(renewed.wait, 20)
            return await super().extract(said, now=now, time_zone=time_zone, fan_name=fan_name)

    monkeypatch.setattr(sessions, "renew", heard)
    tell(fan, "home: She lives in Paris")
    assert read(fan, Slow()) == 1
    assert texts(fan) == ["She lives in Paris"]


def test_an_answer_that_cannot_be_read_is_kept_and_tried_again(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")
    assert read(fan, Script(broken=True)) == 0
    mark = mark_of(fan)
    assert mark.failed_text == "{not json"
    assert mark.extracted_upto is None
    assert texts(fan) == []
    assert read(fan) == 1
    assert mark_of(fan).failed_text == ""


@pytest.mark.parametrize("answer", ["{asthma", "{the password is hunter2"])
def test_an_answer_that_cannot_be_read_and_may_not_be_kept_is_not_shown_to_staff(fan: FanLogin, answer: str) -> None:
    tell(fan, "home: She lives in Paris")
    assert read(fan, Script(broken=True, answer=answer)) == 0
    assert (mark_of(fan).failed_code, mark_of(fan).failed_text) == ("unreadable_answer", WITHHELD)


def test_after_three_unreadable_answers_the_talk_is_passed_over(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")
    for _ in range(3):
        read(fan, Script(broken=True))
    script = Script()
    assert read(fan, script) == 0
    assert script.asked == 0


def test_what_the_persona_says_is_nobodys_fact(fan: FanLogin) -> None:
    make_exchange(fan, "hello", "home: She lives in Paris")
    assert read(fan) == 0
    assert texts(fan) == []
