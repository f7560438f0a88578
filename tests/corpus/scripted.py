"""An embedder that a test reads by eye: each vector says which of some words stand in the text."""

from collections.abc import Sequence

import numpy as np
import pytest

from companion.providers.embeddings import configured
from companion.providers.embeddings.base import LocalEmbedder, Vectors, unit_length
from companion.providers.errors import Refused
from personas.corpus import embedders

WORDS = ("ferry", "piano", "lighthouse", "garden", "winter", "spoon", "drum", "letter")


class ScriptedEmbedder(LocalEmbedder):
    """A number for each of WORDS, and one that is always there; `asked` keeps the texts."""

    dimensions = len(WORDS) + 1

    def __init__(self, model: str = "scripted-1", name: str = "scripted") -> None:
        self.model = model
        self.name = name
        self.asked: list[str] = []
        self.away = False

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if self.away:
            raise Refused
        self.asked += texts
        rows = [[float(word in text.lower()) for word in WORDS] + [0.1] for text in texts]
        return unit_length(np.array(rows, dtype=np.float32))


class Models:
    """What the settings reach: `now` is the configured one, `reachable` all of them by model."""

    def __init__(self, now: ScriptedEmbedder) -> None:
        self.now = now
        self.reachable = {now.model: now}

    def change(self, now: ScriptedEmbedder, *, forget: bool = False) -> None:
        if forget:
            self.reachable.clear()
        self.now = self.reachable[now.model] = now


def install(monkeypatch: pytest.MonkeyPatch) -> Models:
    """Puts scripted embedders where the process looks for its own."""
    models = Models(ScriptedEmbedder())
    monkeypatch.setattr(configured, "embedder", lambda: models.now)
    monkeypatch.setattr(configured, "model", lambda: models.now.model)
    monkeypatch.setattr(embedders, "of_model", lambda _provider, model: models.reachable.get(model))
    return models
