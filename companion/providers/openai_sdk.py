"""The openai SDK for everything off the token path: embeddings and moderation of any OpenAI-compatible server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

import httpx2
import openai

from companion.kernel.breaker import Breaker, CircuitOpen
from companion.providers.config import Deadlines, ProviderConfig, openai_base_url
from companion.providers.errors import BreakerOpen, Garbage, ProviderError, Refused, Timeout
from companion.providers.status import error_for

T = TypeVar("T")


class OpenAIClients:
    """One SDK client for each event loop: its connections belong to the loop that opened them."""

    def __init__(self, config: ProviderConfig, deadlines: Deadlines, pipeline: str) -> None:
        self._base_url = openai_base_url(config, pipeline)
        # The SDK refuses to start without a key, servers of one's own need none.
        self._api_key = config.api_key or "none"
        self._timeout = httpx2.Timeout(deadlines.first_token_s, connect=deadlines.connect_s)
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, openai.AsyncOpenAI] = WeakKeyDictionary()

    def client(self) -> openai.AsyncOpenAI:
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            # No retries inside: the breaker counts every failure, and the caller has a deadline.
            self._clients[loop] = openai.AsyncOpenAI(
                base_url=self._base_url, api_key=self._api_key, timeout=self._timeout, max_retries=0
            )
        return self._clients[loop]

    async def aclose(self) -> None:
        """Closes the running loop's client, if it has one."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()


async def guarded(breaker: Breaker, work: Callable[[], Awaitable[T]]) -> T:
    """Runs a call of the SDK behind its breaker. Raises the errors of companion.providers.errors and no others.

    None has the SDK's behind it that quotes the answer: it may quote the fan, and logs and failed jobs keep tracebacks.
    """
    try:
        return await breaker.call(lambda: _translated(work), blames=_blames)
    except CircuitOpen as error:
        raise BreakerOpen from error


async def _translated(work: Callable[[], Awaitable[T]]) -> T:
    try:
        return await work()
    except openai.APITimeoutError as error:
        raise Timeout from error
    except openai.APIConnectionError as error:
        raise Refused from error
    except openai.APIStatusError as error:
        raise error_for(error.status_code, error.response.headers) or Garbage() from None
    except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError) as error:
        # What the SDK cannot read surfaces as any of these.
        raise Garbage(type(error).__name__) from None


def _blames(error: Exception) -> bool:
    return not isinstance(error, ProviderError) or error.blames_upstream
