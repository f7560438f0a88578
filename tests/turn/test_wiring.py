"""What the wiring adds to the services that it binds."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from pgvector import HalfVector

from companion.kernel.ids import new_id
from conversations.turn.wiring import _EmbeddedOnce, _Memory
from tests.turn.virtually import virtually


def test_a_text_that_was_begun_is_embedded_once_and_kept_for_who_asks_soon() -> None:
    asked: list[str] = []

    async def embed(text: str) -> HalfVector:
        asked.append(text)
        await asyncio.sleep(0.003)
        return HalfVector([len(asked)])

    async def play() -> None:
        once = _EmbeddedOnce(embed)
        once.begin("hello")
        await asyncio.sleep(0.1)  # the message is admitted meanwhile
        first, second = await asyncio.gather(once("hello"), once("hello"))
        assert first == second == HalfVector([1])
        await asyncio.sleep(_EmbeddedOnce.KEPT_S)
        assert await once("hello") == HalfVector([2])
        assert asked == ["hello", "hello"]

    virtually(play())


def test_who_gives_up_waiting_does_not_take_the_vector_from_the_other() -> None:
    async def embed(_text: str) -> HalfVector:
        await asyncio.sleep(1)
        return HalfVector([1])

    async def play() -> None:
        once = _EmbeddedOnce(embed)
        impatient, patient = asyncio.create_task(once("hello")), asyncio.create_task(once("hello"))
        await asyncio.sleep(0.5)
        impatient.cancel()
        assert await patient == HalfVector([1])

    virtually(play())


@pytest.mark.parametrize(("memory", "corpus"), [(True, False), (False, True), (True, True), (False, False)])
def test_a_vector_is_begun_where_the_memory_or_the_corpus_will_ask_for_it(memory: bool, corpus: bool) -> None:
    begun: list[str] = []
    recall: Any = SimpleNamespace(needs_vector=lambda _fan: memory)
    context: Any = SimpleNamespace(needs_vector=lambda _artist: corpus)
    embed: Any = SimpleNamespace(begin=begun.append)

    _Memory(recall, context, embed).expect(new_id(), new_id(), "hello")

    assert begun == ["hello"] * (memory or corpus)
