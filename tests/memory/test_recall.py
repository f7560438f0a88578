"""What a turn recalls: by meaning and words, of the fan's own rows alone, and nothing that she has had forgotten."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from pgvector import HalfVector

from companion.kernel.ids import new_id
from companion.kernel.postgres import Pool, open_pool
from companion.providers.embeddings.base import to_halfvec1024
from memory import services
from memory.contracts import Said
from memory.models import ArchiveLine, Memory, MemorySource, Tombstone
from memory.recall.reader import Question, Recall
from tenancy.context import tenant
from tests import factories

NOW = datetime(2026, 3, 12, 18, 0, tzinfo=UTC)  # a Thursday
MODEL = "by-hand"
# Three directions: what is about the sea, about music, about food.
SEA, MUSIC, FOOD = ([1.0, 0, 0.1], [0, 1.0, 0.1], [0.1, 0.1, 1.0])


@pytest.fixture
async def pool(servers: Mapping[str, str]) -> AsyncIterator[Pool]:
    opened = await open_pool(servers["database_url"], size=1, name="test", vectors=True)
    yield opened
    await opened.close()


def said(text: str, days_ago: float, role: Any = "fan") -> Said:
    return Said(new_id(), role, text, NOW - timedelta(days=days_ago))


@factories.anywhere
def archived(fan: factories.FanLogin, line: Said, vector: Sequence[float], model: str = MODEL) -> UUID:
    with tenant(fan.fan.artist_id):
        ArchiveLine.objects.create(
            artist_id=fan.fan.artist_id,
            fan=fan.fan,
            message_id=line.id,
            role=line.role,
            text=line.text,
            said_at=line.said_at,
            embedding=to_halfvec1024(vector),
            embedding_model=model,
        )
    return line.id


@factories.anywhere
def remembered(fan: factories.FanLogin, line: Said, text: str, vector: Sequence[float], **fields: Any) -> UUID:
    with tenant(fan.fan.artist_id):
        memory = Memory.objects.create(
            artist_id=fan.fan.artist_id,
            fan=fan.fan,
            kind="fact",
            text=text,
            said_at=line.said_at,
            embedding=to_halfvec1024(vector),
            embedding_model=MODEL,
            **fields,
        )
        MemorySource.objects.create(
            artist_id=fan.fan.artist_id,
            fan=fan.fan,
            memory=memory,
            message_id=line.id,
            quote=line.text,
            said_at=line.said_at,
        )
    return memory.pk


@factories.anywhere
def forgotten(fan: factories.FanLogin, **fields: Any) -> None:
    with tenant(fan.fan.artist_id):
        Tombstone.objects.create(artist_id=fan.fan.artist_id, fan=fan.fan, until=NOW, **fields)


def recall(pool: Pool, vector: Sequence[float] | None) -> Recall:
    async def embed(_text: str) -> HalfVector | None:
        return None if vector is None else to_halfvec1024(vector)

    return Recall(pool, embed, MODEL)


def asking(text: str, *, zone: str = "UTC") -> Question:
    return Question(text, "Mia", "Aria", NOW, zone)


async def read(pool: Pool, fan: factories.FanLogin, text: str, vector: Sequence[float] | None, **more: Any) -> Any:
    return await recall(pool, vector).read(fan.fan.artist_id, fan.fan.id, asking(text, **more))


async def test_what_is_near_in_meaning_or_words_comes_first(pool: Pool) -> None:
    fan = factories.make_fan(factories.make_artist())
    near = archived(fan, said("We went sailing", 30), SEA)
    worded = archived(fan, said("My cello needs new strings", 20), FOOD)
    archived(fan, said("Nothing much happened", 10), FOOD)

    by_meaning = await read(pool, fan, "anything about boats", SEA)
    by_words = await read(pool, fan, "how was the cello's string", FOOD)
    without_vector = await read(pool, fan, "cellos?", None)

    assert by_meaning.lines[0].message == near
    assert by_words.lines[0].message == without_vector.lines[0].message == worded


async def test_a_memory_comes_with_the_words_it_was_taken_from_and_lifts_its_line(pool: Pool) -> None:
    fan = factories.make_fan(factories.make_artist())
    line, other = said("Rex ate my shoe", 40), said("He ate my hat", 40.5)
    archived(fan, other, FOOD)
    archived(fan, line, FOOD)
    memory = remembered(fan, line, "Your dog is called Rex.", SEA)

    found = await read(pool, fan, "do you know my dog", SEA)

    assert [(m.id, m.text, m.source_message, m.quote) for m in found.memories] == [
        (memory, "Your dog is called Rex.", line.id, "Rex ate my shoe")
    ]
    assert found.memories[0].said_at == line.said_at
    assert found.lines[0].message == line.id


async def test_neither_another_fans_nor_superseded_rows_are_read(pool: Pool) -> None:
    fan = factories.make_fan(factories.make_artist())
    other = factories.make_fan(fan.fan.artist)
    archived(other, said("sailing", 1), SEA)
    remembered(other, said("sailing", 1), "Sails.", SEA)
    remembered(fan, said("sailing", 1), "Sailed.", SEA, status=Memory.Status.SUPERSEDED)

    found = await read(pool, fan, "sailing", SEA)

    assert (found.memories, found.lines) == ((), ())


async def test_a_fan_of_whom_nothing_is_kept_is_asked_for_without_a_vector_until_something_is(pool: Pool) -> None:
    fan, embedded = factories.make_fan(factories.make_artist()), []

    async def embed(text: str) -> HalfVector:
        embedded.append(text)
        return to_halfvec1024(SEA)

    reader = Recall(pool, embed, MODEL)

    async def ask(text: str) -> list[UUID]:
        found = await reader.read(fan.fan.artist_id, fan.fan.id, asking(text))
        return [line.message for line in found.lines]

    assert reader.needs_vector(fan.fan.id)
    assert [await ask("first"), await ask("second")] == [[], []]
    assert (embedded, reader.needs_vector(fan.fan.id)) == (["first"], False)

    archived(fan, said("Nothing much happened", 1), FOOD)
    near = archived(fan, said("We went sailing", 30), SEA)
    assert (await ask("third"))[0] == near
    assert (embedded, reader.needs_vector(fan.fan.id)) == (["first", "third"], True)


async def test_of_fans_without_anything_the_latest_are_noted(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recall, "KEPT_STRANGERS", 2)
    artist, reader = factories.make_artist(), recall(pool, SEA)
    fans = [factories.make_fan(artist).fan.id for _ in range(3)]

    for fan in (*fans[:2], fans[0], fans[2]):
        await reader.read(artist.id, fan, asking("hello"))

    assert [reader.needs_vector(fan) for fan in fans] == [True, False, False]


async def test_a_vector_of_another_model_says_nothing_and_the_words_of_its_row_count(pool: Pool) -> None:
    fan = factories.make_fan(factories.make_artist())
    near, worded = said("the harbour", 2), said("sailing", 1)
    archived(fan, near, SEA, model="another")
    archived(fan, worded, [0.0, 1.0], model="another")

    found = await read(pool, fan, "sailing", SEA)

    assert found.lines[0].message == worded.id
    assert {line.message: line.score for line in found.lines}[near.id] < 0.1


async def test_the_days_that_a_question_names_are_the_fans_own(pool: Pool) -> None:
    fan = factories.make_fan(factories.make_artist())
    # 23:30 UTC on Monday the 9th is Tuesday the 10th in Berlin.
    late = Said(new_id(), "fan", "I sang", datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    archived(fan, late, MUSIC)
    archived(fan, Said(new_id(), "fan", "I danced", datetime(2026, 3, 9, 12, 0, tzinfo=UTC)), MUSIC)
    archived(fan, Said(new_id(), "fan", "I slept", datetime(2026, 2, 9, 12, 0, tzinfo=UTC)), FOOD)

    found = await read(pool, fan, "what did I do last Tuesday", MUSIC, zone="Europe/Berlin")

    assert found.lines[0].message == late.id


@pytest.mark.parametrize(
    "grave",
    [
        {"everything": True},
        {"embedding": to_halfvec1024(SEA), "embedding_model": MODEL},
    ],
)
async def test_what_was_forgotten_does_not_come_back_and_what_is_said_anew_does(
    pool: Pool, grave: dict[str, Any]
) -> None:
    fan = factories.make_fan(factories.make_artist())
    line = said("I sail on Sundays", 3)
    archived(fan, line, SEA)
    remembered(fan, line, "Sails on Sundays.", SEA)
    anew = Said(new_id(), "fan", "I do sail on Sundays", NOW + timedelta(hours=1))
    archived(fan, anew, SEA)
    forgotten(fan, **grave)

    found = await read(pool, fan, "what do I do on Sundays", SEA)

    assert found.memories == ()
    assert [line.message for line in found.lines] == [anew.id]
    assert found.forgotten.cover(line.text, line.said_at) is bool(grave.get("everything"))


async def test_a_memory_that_was_put_right_is_recalled_in_its_new_words(pool: Pool) -> None:
    fan = factories.make_fan(factories.make_artist())
    keys: Any = {"artist": fan.fan.artist_id, "fan": fan.fan.id}
    line = said("My dog is called Bruno", 3)
    memory = remembered(fan, line, "Your dog is called Bruno.", SEA)
    archived(fan, line, SEA)

    await sync_to_async(services.correct)(memory, "Your dog is called Rex.", **keys, now=NOW)
    by_words = await read(pool, fan, "what is my dog called", None)
    await sync_to_async(services.set_embedding)(
        memory, "Your dog is called Rex.", to_halfvec1024(SEA), MODEL, artist=fan.fan.artist_id
    )
    by_meaning = await read(pool, fan, "do you know my pet", SEA)

    for found in (by_words, by_meaning):
        assert [(m.text, m.quote) for m in found.memories] == [("Your dog is called Rex.",) * 2]
        assert found.lines == ()
