"""The job that embeds the corpus: idempotent, by the newest text, and recall finds what it stored."""

import uuid
from collections.abc import Sequence

import numpy as np
import pytest

from companion.providers.config import ProvidersConfig
from companion.providers.embeddings.base import Embedder, LocalEmbedder, Vectors
from personas import services, tasks
from personas.models import CorpusPassage
from tenancy.context import tenant
from tests.console.teams import ACTOR, Team, make_team


class ScriptedEmbedder(LocalEmbedder):
    """Answers one number a text, its length, and keeps what it was asked.."""

    name = "scripted"
    model = "scripted-1"
    dimensions = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch) -> ScriptedEmbedder:
    scripted = ScriptedEmbedder()

    def build(config: ProvidersConfig) -> Embedder:
        assert config.pipeline("EMBEDDINGS").name == "offline"
        return scripted

    monkeypatch.setattr(tasks, "build_embedder", build)
    return scripted


def stored(team: Team) -> CorpusPassage:
    with tenant(team.artist.id):
        return CorpusPassage.objects.get()


def test_a_passage_gets_a_vector_and_the_models_name(team: Team, embedder: ScriptedEmbedder) -> None:
    passage = stored(team)
    assert tasks.embed_passage(str(team.artist.id), str(passage.pk))
    after = stored(team)
    assert after.embedding_model == "scripted-1"
    assert after.embedding[:3] == [len("A title. A text."), 1.0, 0.0]


def test_running_twice_asks_the_model_once(team: Team, embedder: ScriptedEmbedder) -> None:
    key = str(stored(team).pk)
    assert [tasks.embed_passage(str(team.artist.id), key) for _ in range(2)] == [True, False]
    assert embedder.asked == ["A title. A text."]


def test_a_text_that_changes_meanwhile_is_embedded_by_its_newest_words(
    team: Team, embedder: ScriptedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = services.set_embedding

    def edited_meanwhile(artist: uuid.UUID, passage: CorpusPassage, vector: object, model: str) -> bool:
        if len(embedder.asked) == 1:
            newer = stored(team)
            newer.text = "Newer words."
            services.save_passage(artist, newer, actor=ACTOR)
        return store(artist, passage, vector, model)

    monkeypatch.setattr(services, "set_embedding", edited_meanwhile)
    assert tasks.embed_passage(str(team.artist.id), str(stored(team).pk))
    assert embedder.asked == ["A title. A text.", "A title. Newer words."]
    assert stored(team).embedding[0] == len("A title. Newer words.")


def test_a_passage_that_is_gone_or_another_artists_is_left_alone(team: Team, embedder: ScriptedEmbedder) -> None:
    other = make_team()
    assert not tasks.embed_passage(str(team.artist.id), str(uuid.uuid4()))
    assert not tasks.embed_passage(str(team.artist.id), str(stored(other).pk))
    assert embedder.asked == []
    assert stored(other).embedding_model == ""


def test_what_another_model_embedded_is_stale(team: Team, embedder: ScriptedEmbedder) -> None:
    services.set_embedding(team.artist.id, stored(team), [1.0] * 1024, "an older model")
    assert [tasks.embed_stale(str(team.artist.id)) for _ in range(2)] == [1, 0]
    assert stored(team).embedding_model == "scripted-1"
