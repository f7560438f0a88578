"""Binds the services of the other apps, Postgres and Redis to the engine's ports. The one file that knows them all."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from pgvector import HalfVector
from redis.asyncio import Redis

from billing.quota import message_quota
from companion.kernel.clock import SystemClock
from companion.kernel.ids import new_id
from companion.kernel.metrics import TurnMetrics
from companion.kernel.postgres import Pool, scoped_together
from companion.providers.config import from_settings
from companion.providers.embeddings import configured
from companion.providers.embeddings.base import Embedder, to_halfvec1024
from companion.providers.errors import ProviderError
from companion.providers.http import close_session
from companion.providers.llm.fallback import LLMChain
from companion.providers.llm.registry import build_llm_chain
from companion.providers.moderation.fallback import ClassifierWithFallback
from companion.providers.moderation.registry import build_classifier
from conversations.turn.contracts import TurnRequest
from conversations.turn.events import RedisEventLog
from conversations.turn.ports import Limiter, Moderator, Peers, Switches, TurnPorts
from conversations.turn.sql import REMARKS
from conversations.turn.store import PostgresTurnStore, store_errors
from memory.contracts import Recalled, Remark
from memory.recall.graves import FORGOTTEN, emptied, tombstones_of
from memory.recall.reader import Question, Recall
from memory.window import RedisWindow
from personas.context import PersonaContext, PersonaReader
from personas.corpus import embedders
from personas.corpus.retrieval import Serving
from personas.honesty import Meaning, lexicon

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Providers:
    """The process's models."""

    llm: LLMChain
    embedder: Embedder
    classifier: ClassifierWithFallback

    @classmethod
    def from_settings(cls) -> "Providers":
        """Raises ConfigurationError naming the setting that is wrong."""
        config = from_settings(settings)
        return cls(build_llm_chain(config), configured.embedder(), build_classifier(config))

    async def aclose(self) -> None:
        """Closes what this process's models hold open."""
        await self.embedder.aclose()
        await self.classifier.aclose()
        await close_session()

    async def embed(self, text: str) -> HalfVector | None:
        """The query's vector; None when the embeddings provider is away: the turn goes on without passages."""
        return await _embedded(self.embedder, text)

    async def embed_for(self, text: str, serving: Serving) -> HalfVector | None:
        """By the model of the index that serves, made before the settings changed perhaps; None where that is away."""
        if serving.model == self.embedder.model:
            return await self.embed(text)
        then = await asyncio.to_thread(embedders.of_model, serving.provider, serving.model)
        return await _embedded(then, text) if then else None


async def _embedded(embedder: Embedder, text: str) -> HalfVector | None:
    try:
        vectors = await embedder.embed([text])
    except ProviderError as error:
        log.warning("turn.embedding_failed", error=error.code)
        return None
    return to_halfvec1024(vectors[0])


@dataclass(frozen=True, slots=True)
class Process:
    """What the ports need of the process (conversations.runtime.Runtime). `name` stands on the rows of its turns."""

    name: str
    redis: Redis
    blocking_redis: Redis
    pool: Pool
    providers: Providers
    switches: Switches
    moderator: Moderator
    limiter: Limiter
    peers: Peers
    meaning: Meaning


class _Context:
    """personas' reader as the engine's port."""

    def __init__(self, reader: PersonaReader) -> None:
        self._reader = reader
        self.needs_vector = reader.needs_vector
        self.names: dict[UUID, str] = {}

    async def read(self, artist: UUID, fan: UUID, text: str | None) -> PersonaContext:
        with store_errors():
            context = await self._reader.read(artist, fan, text)
        self.names[artist] = context.name
        return context


class _Memory:
    """memory's reader as the engine's port. The persona's name is the one of the turn before: it hardly changes."""

    def __init__(self, recall: Recall, context: _Context, embed: "_EmbeddedOnce") -> None:
        self._recall = recall
        self._context = context
        self._embed = embed

    def expect(self, artist: UUID, fan: UUID, text: str) -> None:
        if self._recall.needs_vector(fan) or self._context.needs_vector(artist):
            self._embed.begin(text)

    async def read(self, request: TurnRequest, now: datetime) -> Recalled:
        profile, persona = request.profile, self._context.names.get(request.artist, "")
        question = Question(request.message.text, profile.name, persona, now, profile.time_zone)
        with store_errors():
            return await self._recall.read(request.artist, request.fan, question)


class _EmbeddedOnce:
    """Context and memory ask for one text's vector at the same time, and it may be begun before: it is made once."""

    KEPT_S = 2.0  # from its end on; a turn asks as soon as its message is admitted

    def __init__(self, embed: Callable[[str], Coroutine[Any, Any, HalfVector | None]]) -> None:
        self._embed = embed
        self._begun: dict[str, asyncio.Task[HalfVector | None]] = {}

    def begin(self, text: str) -> "asyncio.Task[HalfVector | None]":
        task = self._begun.get(text)
        if task is None:
            task = self._begun[text] = asyncio.create_task(self._embed(text))
            loop = asyncio.get_running_loop()
            task.add_done_callback(lambda _: loop.call_later(self.KEPT_S, self._begun.pop, text, None))
        return task

    async def __call__(self, text: str) -> HalfVector | None:
        return await asyncio.shield(self.begin(text))


def build_ports(process: Process) -> TurnPorts:
    lexicon()  # compiled now, so that no turn waits for it
    embed, model = _EmbeddedOnce(process.providers.embed), process.providers.embedder.model

    async def embed_for(text: str, serving: Serving) -> HalfVector | None:
        return await (embed(text) if serving.model == model else process.providers.embed_for(text, serving))

    context = _Context(PersonaReader(process.pool, embed_for, SystemClock()))
    memory = _Memory(Recall(process.pool, embed, model), context, embed)

    async def load(artist: UUID, fan: UUID, newest: UUID, count: int) -> Sequence[Remark]:
        parameters = {"artist": artist, "fan": fan, "newest": newest, "count": count}
        with store_errors():
            rows, graves = await scoped_together(
                process.pool, artist, fan, (REMARKS, parameters), (FORGOTTEN, parameters)
            )
        return emptied([Remark(*row) for row in reversed(rows)], tombstones_of(fan, graves))

    return TurnPorts(
        store=PostgresTurnStore(process.pool, process.name),
        log=RedisEventLog(process.redis, process.blocking_redis),
        switches=process.switches,
        moderator=process.moderator,
        context=context,
        memory=memory,
        window=RedisWindow(process.redis, load, pairs=settings.WINDOW_PAIRS),
        llm=process.providers.llm,
        clock=SystemClock(),
        limiter=process.limiter,
        peers=process.peers,
        observer=TurnMetrics(),
        quotas=quotas,
        denies=process.meaning.denies,
        new_id=new_id,
        sleep=asyncio.sleep,
        turn_timeout_s=settings.TURN_TIMEOUT_S,
    )


def quotas(used: int) -> tuple[Mapping[str, Any], ...]:
    return (message_quota(used, datetime.now(UTC)),)
