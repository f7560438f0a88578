"""What a fan has put right is what is known of her from then on; what else she said with it stays known."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pgvector import HalfVector

from companion.kernel.ids import new_id
from companion.kernel.postgres import Pool, open_pool
from companion.providers.embeddings.base import to_halfvec1024
from memory import selectors, services
from memory.contracts import WITHHELD, Candidate, Recalled, Said
from memory.recall.reader import Question, Recall
from memory.remembering import remember
from tenancy.context import tenant
from tests.factories import FanLogin, anywhere, make_artist, make_fan

MODEL = "by-hand"
DOG, BIRTHDAY = to_halfvec1024([1.0, 0.0, 0.1]), to_halfvec1024([0.0, 1.0, 0.1])
SAID = "my birthday is on 3 March and my dog is called Biscuit"
RIGHT = "your dog is called Waffle"


@pytest.fixture
async def pool(servers: Mapping[str, str]) -> AsyncIterator[Pool]:
    opened = await open_pool(servers["database_url"], size=1, name="test", vectors=True)
    yield opened
    await opened.close()


@pytest.fixture
@anywhere
def fan() -> FanLogin:
    """She told two things in one message."""
    fan = make_fan(make_artist())
    artist, key, now = fan.fan.artist_id, fan.fan.id, datetime.now(UTC)
    line = Said(new_id(), "fan", SAID, now)
    told = [
        Candidate("fact", "your birthday is on 3 March", "birthday", None, None, 0.9, (line.id,)),
        Candidate("relationship", "your dog is called Biscuit", "pet:dog", None, None, 0.9, (line.id,)),
    ]
    with tenant(artist, fan=key):
        remember(
            artist,
            key,
            told,
            said={line.id: line},
            vectors=[BIRTHDAY, DOG],
            model=MODEL,
            tombstones=selectors.tombstones(artist=artist, fan=key),
            settings=selectors.settings_of(artist=artist, fan=key),
            now=now,
        )
    return fan


def memories(fan: FanLogin) -> list[dict[str, Any]]:
    return selectors.memories(artist=fan.fan.artist_id, fan=fan.fan.id, limit=9)[0]


@anywhere
def listed(fan: FanLogin) -> dict[str, str]:
    """Each memory and how it is quoted."""
    return {item["text"]: item["sources"][0]["quote"] for item in memories(fan)}


def about(fan: FanLogin, word: str) -> UUID:
    (found,) = (item["id"] for item in memories(fan) if word in item["text"])
    return UUID(found)


@anywhere
def correct(fan: FanLogin, text: str = RIGHT, vector: HalfVector = DOG) -> None:
    """Put right, and embedded by the job: it means much the same as what it replaces, and shares its words."""
    artist, memory = fan.fan.artist_id, about(fan, text.split()[1])
    services.correct(memory, text, artist=artist, fan=fan.fan.id, now=datetime.now(UTC))
    assert services.set_embedding(memory, text, vector, MODEL, artist=artist)


@anywhere
def forget(fan: FanLogin, word: str = "dog") -> None:
    services.forget_one(about(fan, word), artist=fan.fan.artist_id, fan=fan.fan.id, now=datetime.now(UTC))


@anywhere
def pause(fan: FanLogin, *, on: bool) -> None:
    services.set_settings(
        artist=fan.fan.artist_id, fan=fan.fan.id, paused=on, special_categories=None, now=datetime.now(UTC)
    )


async def recalled(pool: Pool, fan: FanLogin) -> dict[str, str]:
    """What the next turn knows of her, and how it is quoted."""

    async def embed(_text: str) -> HalfVector:
        return DOG

    question = Question("what is my dog called?", "Mia", "Aria", datetime.now(UTC), "UTC")
    found: Recalled = await Recall(pool, embed, MODEL).read(fan.fan.artist_id, fan.fan.id, question)
    return {memory.text: memory.quote for memory in found.memories}


async def test_what_was_put_right_is_known_from_the_next_turn_on(pool: Pool, fan: FanLogin) -> None:
    correct(fan)
    correct(fan, "your birthday is on 13 March", BIRTHDAY)
    assert await recalled(pool, fan) == {text: text for text in (RIGHT, "your birthday is on 13 March")}


async def test_what_was_put_right_twice_is_known_as_it_was_said_last(pool: Pool, fan: FanLogin) -> None:
    correct(fan)
    correct(fan, "your dog is called Pretzel")
    known = await recalled(pool, fan)
    assert known["your dog is called Pretzel"] == "your dog is called Pretzel"
    assert "Waffle" not in str(known)


async def test_what_was_put_right_during_a_pause_is_known_when_it_is_over(pool: Pool, fan: FanLogin) -> None:
    pause(fan, on=True)
    correct(fan)
    pause(fan, on=False)
    assert (await recalled(pool, fan))[RIGHT] == RIGHT


@pytest.mark.parametrize("undo", [correct, forget], ids=["corrected", "forgotten"])
async def test_what_else_the_message_told_stays_known_without_its_words(
    pool: Pool, fan: FanLogin, undo: Callable[[FanLogin], None]
) -> None:
    assert (await recalled(pool, fan))["your birthday is on 3 March"] == SAID
    undo(fan)
    assert (await recalled(pool, fan))["your birthday is on 3 March"] == WITHHELD
    assert listed(fan)["your birthday is on 3 March"] == WITHHELD
    assert "Biscuit" not in str(listed(fan))


async def test_what_was_put_right_stays_known_when_something_else_of_its_message_is_forgotten(
    pool: Pool, fan: FanLogin
) -> None:
    correct(fan)
    forget(fan, "birthday")
    assert await recalled(pool, fan) == {RIGHT: RIGHT}
