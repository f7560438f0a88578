"""A rehearsal without a database: a sheet, the offline models, and the demo artist's schedule and corpus."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np

from companion.kernel.breaker import Breaker
from companion.providers.config import Deadlines, ProvidersConfig
from companion.providers.embeddings.base import Embedder, Vectors
from companion.providers.embeddings.registry import build_embedder
from companion.providers.llm.base import LLM, Passage
from companion.providers.llm.fallback import Link, LLMChain
from companion.providers.llm.offline import OfflineLLM
from conversations.rehearsal.score import embedded
from conversations.rehearsal.scripts import Line, Script
from conversations.rehearsal.speaker import RehearsedFan
from conversations.rehearsal.talks import Cast, Exchange, Talk
from conversations.rehearsal.vectors import Embedded
from memory.extraction.offline import OfflineExtractor
from personas.context import PersonaContext
from personas.contracts import PersonaSheet
from personas.corpus.retrieval import PASSAGES
from tests.providers_offline.world import NOW, aria, corpus, demo

BEGAN = NOW
PAIRS = 12
ARIA = PersonaSheet.from_json(demo()["persona"])


@dataclass
class Shelf:
    """The corpus by likeness, as PersonaReader's statement finds it."""

    embedder: Embedder
    passages: Sequence[Passage]
    vectors: Vectors | None = None

    async def nearest(self, text: str) -> tuple[Passage, ...]:
        if not self.passages:
            return ()
        if self.vectors is None:
            self.vectors = await self.embedder.embed([passage.text for passage in self.passages])
        likeness = self.vectors @ (await self.embedder.embed([text]))[0]
        return tuple(self.passages[place] for place in np.argsort(-likeness)[:PASSAGES])


def embedder(folder: Path) -> Embedder:
    return build_embedder(ProvidersConfig(folder))


def a_cast(folder: Path, sheet: PersonaSheet = ARIA, llm: LLM | None = None, name: str = "Aria Vale") -> Cast:
    """The persona of this sheet on the demo artist's stage; `folder` keeps the embedding model's graph."""
    vectors = embedder(folder)
    shelf, stage = Shelf(vectors, corpus()), aria()

    async def read(text: str) -> PersonaContext:
        passages = await shelf.nearest(text)
        return PersonaContext(name, "she", UUID(int=1), 1, sheet, stage.mood, stage.schedule, passages)

    chain = LLMChain([Link(llm or OfflineLLM(), Breaker("llm:offline"))], Deadlines())
    return Cast(name, chain, vectors, OfflineExtractor(), read, PAIRS)


def talked(*exchanges: tuple[Line, str] | tuple[str, str], sheet: PersonaSheet = ARIA, name: str = "talk") -> Talk:
    """A transcript: what was said (a text, or a line with its marks) and what was answered."""
    stage = aria()
    context = PersonaContext("Aria Vale", "she", UUID(int=1), 1, sheet, stage.mood, stage.schedule, ())
    lines = [(said if isinstance(said, Line) else Line(0, said), reply) for said, reply in exchanges]
    script = Script(name, "", RehearsedFan("Robin"), (), tuple(line for line, _ in lines))
    return Talk(script, tuple(Exchange(line, line.say, reply, BEGAN, context) for line, reply in lines))


async def vectors_of(folder: Path, *talks: Talk) -> Embedded:
    return await embedded(a_cast(folder), talks)
