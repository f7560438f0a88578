"""Chat completions of any OpenAI-compatible server (OpenAI, vLLM, llama.cpp, Ollama), streamed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import structlog

from companion.providers import http
from companion.providers.config import OPENAI_URL, ConfigurationError, Deadlines, ProviderConfig, openai_base_url
from companion.providers.errors import Cut, Garbage, Refused, ServerError, Timeout
from companion.providers.llm.base import LLMRequest, TokenUsage
from companion.providers.llm.sse import LineTooLong, SSEDecoder
from companion.providers.llm.tokens import estimate_tokens
from companion.providers.status import error_for

DONE = b"[DONE]"
# How long an answer may take to end after its `[DONE]` for its connection to be kept.
TAIL_S = 0.05
log = structlog.get_logger(__name__)


class OpenAILLM:
    """`name` is the vendor's, whatever server the base URL points to."""

    name = "openai"

    def __init__(self, config: ProviderConfig, deadlines: Deadlines) -> None:
        if not config.model:
            raise ConfigurationError("COMPANION_LLM=openai needs COMPANION_LLM_MODEL.")
        base_url = openai_base_url(config, "LLM")
        self.model = config.model
        self._url = f"{base_url}/chat/completions"
        # OpenAI's newer models refuse max_tokens; other servers know nothing else.
        self._limit = "max_completion_tokens" if base_url == OPENAI_URL else "max_tokens"
        # `connect` covers the name's lookup, the connection and TLS. The first token's deadline is the chain's.
        self._timeout = aiohttp.ClientTimeout(total=None, connect=deadlines.connect_s)
        self._headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        # Compressed, a proxy would hold tokens back until its block is full.
        self._headers["Accept-Encoding"] = "identity"
        if config.api_key:
            self._headers["Authorization"] = f"Bearer {config.api_key}"

    def answering(self, request: LLMRequest) -> str:
        """What the request pins, else the configured model."""
        return request.model or self.model

    async def stream(self, request: LLMRequest) -> AsyncIterator[str | TokenUsage]:
        """What one read of the network brought is one delta, so a fast upstream costs less CPU a token."""
        response = await self._send(orjson.dumps(self._body(request)))
        try:
            error = error_for(response.status, response.headers)
            if error is not None:
                raise error
            reply = _Reply()
            while not reply.ended:
                text = reply.feed(await _read(response))
                if text:
                    yield text
                    if request.gather_s and not reply.ended:
                        await _gather(response, request.gather_s)
            yield reply.usage_for(request)
            await _finish(response)
        finally:
            # Not release(): an answer that is not read to its end must not keep the upstream generating.
            response.close()

    def _body(self, request: LLMRequest) -> dict[str, Any]:
        return {
            "model": self.answering(request),
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            self._limit: request.max_tokens,
            "temperature": request.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }

    async def _send(self, body: bytes) -> aiohttp.ClientResponse:
        try:
            return await self._post(body)
        except Refused as error:
            if isinstance(error.__cause__, aiohttp.ClientConnectorError):
                raise
            # The server may have closed the kept connection just as we wrote to it. A fresh one tells.
            return await self._post(body)

    async def _post(self, body: bytes) -> aiohttp.ClientResponse:
        try:
            return await http.session().post(
                self._url, data=body, headers=self._headers, timeout=self._timeout, allow_redirects=False
            )
        except TimeoutError as error:
            raise Timeout("connect") from error
        except (aiohttp.ClientConnectionError, OSError) as error:
            raise Refused from error
        except aiohttp.ClientError as error:
            raise Garbage("not HTTP") from error


class _Reply:
    """Folds the events of one answer into text and usage."""

    def __init__(self) -> None:
        self.ended = False
        self._decoder = SSEDecoder()
        self._usage: TokenUsage | None = None
        self._shown: list[str] = []

    def feed(self, chunk: bytes) -> str:
        """The text in `chunk`; an empty chunk is the end of the connection. Raises Garbage, ServerError, Cut."""
        try:
            events = self._decoder.feed(chunk) if chunk else self._decoder.finish()
        except LineTooLong as error:
            raise Garbage("no line ends") from error
        text = "".join([self._take(data) for data in events])
        if not self._shown:
            # Some models begin with empty lines; they are no first token.
            text = text.lstrip()
        if text:
            self._shown.append(text)
        if self.ended and not self._shown:
            raise Garbage("no text")
        if not chunk and not self.ended:
            raise Cut("ended without [DONE]") if self._shown else Garbage("no event stream")
        return text

    def usage_for(self, request: LLMRequest) -> TokenUsage:
        """The upstream's own count, or an estimate where it sends none."""
        if self._usage is not None:
            return self._usage
        asked = "".join(message.content for message in request.messages)
        return TokenUsage(estimate_tokens(asked), estimate_tokens("".join(self._shown)))

    def _take(self, data: bytes) -> str:
        if data == DONE:
            self.ended = True
            return ""
        try:
            event = orjson.loads(data)
            if event.get("error"):
                raise ServerError("error in the stream")
            if event.get("usage"):
                self._usage = _usage(event["usage"])
            choices = event.get("choices")
            content = choices[0]["delta"].get("content") if choices else None
        except (orjson.JSONDecodeError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise Garbage("unreadable event") from error
        if content is not None and not isinstance(content, str):
            raise Garbage("content is not text")
        return content or ""


def _usage(usage: dict[str, Any]) -> TokenUsage:
    return TokenUsage(int(usage["prompt_tokens"]), int(usage["completion_tokens"]))


async def _read(response: aiohttp.ClientResponse) -> bytes:
    try:
        return await response.content.readany()
    except TimeoutError as error:
        raise Timeout("read") from error
    except (aiohttp.ClientError, OSError) as error:
        raise Cut from error


async def _gather(response: aiohttp.ClientResponse, seconds: float) -> None:
    """What comes meanwhile waits in the system's buffer of the socket."""
    protocol = response.connection.protocol if response.connection else None
    if protocol is None:
        return  # all of it is here
    protocol.pause_reading()
    try:
        await asyncio.sleep(seconds)
    finally:
        protocol.resume_reading()


async def _finish(response: aiohttp.ClientResponse) -> None:
    """Reads the end of the answer, which gives its connection back for the next turn. The text is complete by now."""
    try:
        async with asyncio.timeout(TAIL_S):
            await response.content.read()
    except (TimeoutError, aiohttp.ClientError, OSError):
        log.debug("llm_connection_not_kept")
