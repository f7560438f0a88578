"""The chain of language models: the next one is asked only while nothing of an answer has been seen."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from traceback import extract_tb
from typing import Self, cast

import structlog
from prometheus_client import Counter

from companion.kernel.breaker import Breaker, CircuitOpen, Passage
from companion.providers.config import Deadlines
from companion.providers.errors import (
    Attempt,
    BreakerOpen,
    Broken,
    Cut,
    Garbage,
    Killed,
    Misconfigured,
    NoFirstToken,
    ProviderError,
    RateLimited,
    Timeout,
)
from companion.providers.llm.base import LLM, LLMRequest, TokenUsage

ATTEMPTS = Counter("companion_llm_attempts_total", "Attempts at a first token.", ["provider", "outcome"])
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Link:
    llm: LLM
    breaker: Breaker


class OpenStream:
    """An answer whose first token is at hand. Iterate it for text; `usage` is known at the end.

    Raises Cut when the upstream fails. Whoever opened it calls `aclose()` in `finally`: that ends the upstream's work.
    """

    def __init__(
        self,
        link: Link,
        model: str,
        source: AsyncGenerator[str | TokenUsage],
        passage: Passage,
        first: str,
        failed: list[Attempt],
    ) -> None:
        self.provider = link.llm.name
        self.model = model
        self.usage: TokenUsage | None = None
        # The attempts of the providers before this one.
        self.failed = tuple(failed)
        self._source = source
        self._passage = passage
        self._first: str | None = first

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            item = await anext(self._source)
            while not isinstance(item, str):
                self.usage = item
                item = await anext(self._source)
        except StopAsyncIteration:
            self._passage.succeed()
            raise
        except Exception as error:
            self._passage.fail()
            log.warning("llm_stream_cut", provider=self.provider, error=type(error).__name__)
            raise Cut from error
        return item

    async def aclose(self) -> None:
        """Any number of times."""
        try:
            await self._source.aclose()
        finally:
            self._passage.release()


class LLMChain:
    """Providers in order, each behind its breaker, under the deadlines of one first token."""

    def __init__(self, links: Sequence[Link], deadlines: Deadlines) -> None:
        self.links = tuple(links)
        self._deadlines = deadlines

    async def open(self, request: LLMRequest, *, killed: Callable[[str], bool]) -> OpenStream:
        """The first provider's stream that gives a token. `killed(name)`: is this provider switched off?

        A pinned model is the first provider's: those that stand in answer with their own.
        Raises NoFirstToken when none did, within `first_token_total_s` in any case.
        """
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._deadlines.first_token_total_s
        failed: list[Attempt] = []
        for link in self.links:
            budget_s = min(self._deadlines.first_token_s, deadline - clock())
            if budget_s <= 0:
                break
            started = perf_counter()
            own = request if link is self.links[0] else replace(request, model="")
            try:
                stream = await _attempt(link, own, budget_s, killed, failed)
            except ProviderError as error:
                failed.append(Attempt(link.llm.name, link.llm.answering(own), error.code, perf_counter() - started))
                ATTEMPTS.labels(link.llm.name, error.code).inc()
            else:
                ATTEMPTS.labels(link.llm.name, "ok").inc()
                return stream
        log.warning("llm_no_first_token", attempts=[f"{attempt.provider}:{attempt.error}" for attempt in failed])
        raise NoFirstToken(tuple(failed))


async def _attempt(
    link: Link, request: LLMRequest, budget_s: float, killed: Callable[[str], bool], failed: list[Attempt]
) -> OpenStream:
    if killed(link.llm.name):
        raise Killed
    passage = _admit(link.breaker)
    # Every provider's stream is an async generator (base.LLM); the Protocol's type cannot say so.
    source = cast(AsyncGenerator[str | TokenUsage], link.llm.stream(request))
    stream: OpenStream | None = None
    try:
        first = await _first_token(source, budget_s)
        passage.alive()
        # The switch may have been thrown while we waited.
        if killed(link.llm.name):
            raise Killed
        stream = OpenStream(link, link.llm.answering(request), source, passage, first, failed)
    except ProviderError as error:
        if error.blames_upstream and not _only_the_pin(error, request):
            passage.fail(error.retry_after_s if isinstance(error, RateLimited) else None)
        raise
    finally:
        if stream is None:
            await source.aclose()
            passage.release()
    return stream


def _only_the_pin(error: ProviderError, request: LLMRequest) -> bool:
    """One persona's unknown model must not close the upstream to all the others."""
    return bool(request.model) and isinstance(error, Misconfigured)


def _admit(breaker: Breaker) -> Passage:
    try:
        return breaker.admit()
    except CircuitOpen as error:
        raise BreakerOpen from error


async def _first_token(source: AsyncIterator[str | TokenUsage], budget_s: float) -> str:
    try:
        async with asyncio.timeout(budget_s):
            item = await anext(source)
    except TimeoutError as error:
        raise Timeout("first token") from error
    except StopAsyncIteration as error:
        raise Garbage("no text") from error
    except ProviderError:
        raise
    except Exception as error:
        # The message and the values stay out of the log: they may quote the fan.
        frame = extract_tb(error.__traceback__)[-1]
        log.error("llm_provider_broken", error=type(error).__name__, at=f"{frame.filename}:{frame.lineno}")  # noqa: TRY400  (see above)
        raise Broken from error
    if not isinstance(item, str):
        raise Garbage("no text")
    return item
