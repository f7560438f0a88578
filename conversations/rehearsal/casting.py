"""Binds a rehearsal to this process's models and to what a turn would read of the artist."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings

from companion.kernel.clock import SystemClock
from companion.kernel.postgres import open_pool
from companion.providers.config import from_settings
from companion.providers.embeddings import configured
from companion.providers.llm.registry import build_llm_chain
from companion.providers.moderation.registry import build_classifier
from conversations.rehearsal.talks import Cast
from conversations.turn.wiring import Providers
from memory.configured import configured_extractor
from memory.extraction.base import Extractor
from personas.context import PersonaContext, PersonaReader
from personas.contracts import PersonaSheet
from tenancy.switches import stored_state


@dataclass(frozen=True, slots=True)
class Troupe:
    """The models that the settings choose, and the switches as they stand now. Made outside an event loop.

    Nobody watches these talks: the offline provider does not type at a person's pace.
    """

    providers: Providers
    extractor: Extractor
    killed: Callable[[str], bool]

    @classmethod
    def from_settings(cls) -> "Troupe":
        """Raises ConfigurationError."""
        config = replace(from_settings(settings), offline_token_s=0.0)
        providers = Providers(build_llm_chain(config), configured.embedder(), build_classifier(config))
        return cls(providers, configured_extractor(), stored_state().providers.__contains__)


@asynccontextmanager
async def on_stage(artist: UUID, troupe: Troupe, sheet: PersonaSheet, *, model: str = "") -> AsyncIterator[Cast]:
    """A version of the artist's persona, live or draft, with the mood, schedule and passages of a turn of now.

    Raises NoLivePersona where the artist has none to stand beside. The troupe's models are closed afterwards.
    """
    providers = troupe.providers
    pool = await open_pool(settings.DATABASE_URL, size=2, name="rehearsal", vectors=True)
    reader = PersonaReader(pool, providers.embed_for, SystemClock())

    async def read(text: str | None) -> PersonaContext:
        return replace(await reader.read(artist, None, text), sheet=sheet, model=model, on_trial=False)

    try:
        yield Cast(
            persona=(await read(None)).name,
            llm=providers.llm,
            embedder=providers.embedder,
            extractor=troupe.extractor,
            read=read,
            pairs=settings.WINDOW_PAIRS,
            killed=troupe.killed,
        )
    finally:
        await pool.close()
        await providers.aclose()
