"""Binds a rehearsal to this process's models and to what a turn would read of the artist."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from companion.kernel.postgres import open_pool
from conversations.rehearsal.talks import Cast
from conversations.turn.wiring import Providers
from memory.configured import configured_extractor
from memory.extraction.base import Extractor
from personas.context import PersonaContext, PersonaReader
from tenancy.switches import stored_state


@dataclass(frozen=True, slots=True)
class Troupe:
    """The models that the settings choose, and the switches as they stand now. Made outside an event loop."""

    providers: Providers
    extractor: Extractor
    killed: Callable[[str], bool]

    @classmethod
    def from_settings(cls) -> "Troupe":
        """Raises ConfigurationError."""
        return cls(Providers.from_settings(), configured_extractor(), stored_state().providers.__contains__)


@asynccontextmanager
async def live_cast(artist: UUID, troupe: Troupe) -> AsyncIterator[Cast]:
    """The artist's live version, with the mood, schedule and passages of a turn. Raises NoLivePersona.

    The troupe's models are closed afterwards.
    """
    providers = troupe.providers
    pool = await open_pool(settings.DATABASE_URL, size=2, name="rehearsal", vectors=True)
    try:
        reader = PersonaReader(pool, providers.embed, providers.embedder.model)

        async def read(text: str) -> PersonaContext:
            return await reader.read(artist, None, text)

        name = (await reader.read(artist, None, None)).name
        yield Cast(
            persona=name,
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
