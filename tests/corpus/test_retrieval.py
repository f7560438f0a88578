"""What a turn is given of the corpus: by meaning and by words, and nothing that is closed to the fan."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from pgvector import HalfVector

from companion.kernel.postgres import Pool, open_pool
from companion.providers.embeddings.base import to_halfvec1024
from personas.context import PersonaContext, PersonaReader
from personas.corpus import indexes, services, tasks
from personas.corpus.retrieval import PASSAGES, Serving
from tenancy.models import Artist
from tests.corpus.scripted import Models, ScriptedEmbedder
from tests.corpus.shelf import stored, work, write
from tests.factories import ACTOR, make_artist

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)


class Standing:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
async def pool(servers: Mapping[str, str]) -> AsyncIterator[Pool]:
    opened = await open_pool(servers["database_url"], size=1, name="test-corpus", vectors=True)
    yield opened
    await opened.close()


class Asking:
    """A process that reads contexts: `read` answers the titles of what it was given."""

    def __init__(self, pool: Pool, models: Models) -> None:
        self.clock, self.models = Standing(), models
        self.embedded_by: list[str] = []
        self.reader = PersonaReader(pool, self._embed, self.clock)

    async def context(self, artist: Artist, text: str | None, tier: int = 0) -> PersonaContext:
        return await self.reader.read(artist.id, None, text, tier=tier)

    async def read(self, artist: Artist, text: str, tier: int = 0) -> list[str]:
        return [passage.title for passage in (await self.context(artist, text, tier)).passages]

    async def _embed(self, text: str, serving: Serving) -> HalfVector | None:
        model = self.models.reachable.get(serving.model)
        if model is None or model.away:
            return None
        self.embedded_by.append(serving.model)
        return to_halfvec1024((await model.embed([text]))[0])


@pytest.fixture
def asking(pool: Pool, models: Models) -> Asking:
    return Asking(pool, models)


def shelf(artist: Artist, texts: Mapping[str, str], **fields: object) -> None:
    for title, text in texts.items():
        write(artist, text, title=title, **fields)
    work(artist)


DRUM = "The first drum was a kitchen drawer."
TALKS = {
    "Ferry": "She wrote the song on the ferry, in the rain.",
    "Drum": DRUM,
    "Letter": "A letter came from an old teacher.",
}


async def test_the_nearest_in_meaning_comes_first(artist: Artist, asking: Asking) -> None:
    await sync_to_async(shelf)(artist, TALKS)
    assert (await asking.read(artist, "tell me of the drum"))[0] == "Drum"
    assert (await asking.read(artist, "the ferry?"))[0] == "Ferry"


async def test_a_word_that_the_model_does_not_know_is_found_all_the_same(artist: Artist, asking: Asking) -> None:
    await sync_to_async(shelf)(artist, TALKS)
    assert (await asking.read(artist, "which teachers did you have"))[0] == "Letter"


async def test_the_words_of_a_title_count(artist: Artist, asking: Asking) -> None:
    await sync_to_async(shelf)(artist, TALKS | {"Zanzibar": "It rained all night."})
    assert (await asking.read(artist, "Zanzibar"))[0] == "Zanzibar"


async def test_without_a_vector_the_words_decide_alone(artist: Artist, asking: Asking, models: Models) -> None:
    await sync_to_async(shelf)(artist, TALKS)
    models.now.away = True
    assert await asking.read(artist, "a kitchen") == ["Drum"]


async def test_what_is_written_is_found_by_its_words_before_it_is_embedded(artist: Artist, asking: Asking) -> None:
    await sync_to_async(write)(artist, DRUM, title="Drum")
    assert await asking.read(artist, "a kitchen") == ["Drum"]


async def test_whether_a_question_needs_a_vector_is_known_from_the_turn_before(artist: Artist, asking: Asking) -> None:
    needed = asking.reader.needs_vector
    assert needed(artist.id)
    await asking.read(artist, "a kitchen")
    assert (needed(artist.id), asking.embedded_by) == (False, [])

    await sync_to_async(write)(artist, DRUM, title="Drum")
    await asking.read(artist, "a kitchen")
    assert not needed(artist.id)  # its chunks have no vectors yet

    await sync_to_async(work)(artist)
    assert await asking.read(artist, "a kitchen") == ["Drum"]
    assert needed(artist.id)
    assert len(asking.embedded_by) == 1


async def test_a_turn_without_a_question_gets_nothing(artist: Artist, asking: Asking) -> None:
    await sync_to_async(shelf)(artist, TALKS)
    assert (await asking.context(artist, None)).passages == ()


async def test_a_turn_gets_so_many_at_most(artist: Artist, asking: Asking) -> None:
    await sync_to_async(shelf)(artist, {f"Drum {n}": DRUM for n in range(PASSAGES + 3)})
    assert len(await asking.read(artist, "drum")) == PASSAGES


async def test_an_embargo_holds_to_the_moment(artist: Artist, asking: Asking) -> None:
    await sync_to_async(shelf)(artist, {"Drum": DRUM}, embargo_until=NOW)
    for text in ("drum", "kitchen"):
        asking.clock.at = NOW - timedelta(microseconds=1)
        assert await asking.read(artist, text) == []
        asking.clock.at = NOW
        assert await asking.read(artist, text) == ["Drum"]


async def test_an_embargo_that_is_put_on_later_counts_from_the_next_turn(artist: Artist, asking: Asking) -> None:
    document = await sync_to_async(write)(artist, DRUM, title="Drum")
    await sync_to_async(work)(artist)
    assert await asking.read(artist, "drum") == ["Drum"]
    closed = await sync_to_async(stored)(document)
    closed.embargo_until = NOW + timedelta(seconds=1)
    await sync_to_async(services.write_document)(artist.id, closed, actor=ACTOR)
    assert await asking.read(artist, "drum") == []


async def test_a_tier_that_a_fan_has_not_hides_a_document(artist: Artist, asking: Asking) -> None:
    await sync_to_async(shelf)(artist, {"Drum": DRUM}, minimum_tier=2)
    for text in ("drum", "kitchen"):
        assert [await asking.read(artist, text, tier) for tier in (0, 1, 2)] == [[], [], ["Drum"]]


async def test_what_is_not_active_is_not_found(artist: Artist, asking: Asking) -> None:
    await sync_to_async(shelf)(artist, {"Drum": DRUM}, active=False)
    assert await asking.read(artist, "drum kitchen") == []


async def test_closed_documents_do_not_crowd_out_the_open_ones(artist: Artist, asking: Asking) -> None:
    await sync_to_async(shelf)(artist, {f"Closed {n}": DRUM for n in range(60)}, minimum_tier=1)
    await sync_to_async(shelf)(artist, {"Open": "A drum, or a spoon, or a letter in winter."})
    assert await asking.read(artist, "drum") == ["Open"]


async def test_another_artists_corpus_is_not_found(artist: Artist, asking: Asking) -> None:
    stranger = await sync_to_async(make_artist)()
    await sync_to_async(shelf)(stranger, TALKS)
    await sync_to_async(shelf)(artist, {"Spoon": "A spoon."})
    assert await asking.read(artist, "drum kitchen teacher") == ["Spoon"]
    assert "Drum" in await asking.read(stranger, "drum")


async def test_a_question_is_embedded_by_the_model_that_serves_until_the_switch(
    artist: Artist, asking: Asking, models: Models
) -> None:
    await sync_to_async(shelf)(artist, TALKS)
    models.change(ScriptedEmbedder("scripted-2"))
    await sync_to_async(indexes.begin_rebuild)(artist.id, actor=ACTOR)
    await sync_to_async(tasks.rebuild)(str(artist.id))
    assert (await asking.read(artist, "drum"))[0] == "Drum"
    assert asking.embedded_by == ["scripted-1"]
    await sync_to_async(work)(artist)
    assert (await asking.read(artist, "drum"))[0] == "Drum"
    # The process learns of the switch by the read itself, and asks once more by the new model.
    assert asking.embedded_by == ["scripted-1", "scripted-1", "scripted-2"]


async def test_while_the_old_model_is_out_of_reach_the_words_answer(
    artist: Artist, asking: Asking, models: Models
) -> None:
    await sync_to_async(shelf)(artist, TALKS)
    models.change(ScriptedEmbedder("scripted-2"), forget=True)
    assert await asking.read(artist, "a kitchen") == ["Drum"]
    assert asking.embedded_by == []
