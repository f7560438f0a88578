"""The provider: composes at once, then streams word by word."""

import asyncio
import re
from collections.abc import AsyncIterator

from companion.providers.llm.base import LLMRequest, TokenUsage
from companion.providers.llm.offline.composer import compose
from companion.providers.llm.tokens import estimate_tokens

_WORD = re.compile(r"\S+\s*")


class OfflineLLM:
    """Needs no key, no network and no model. `token_s`: seconds between words, so that a stream looks like one."""

    name = "offline"
    model = "authored-lines-1"

    def __init__(self, token_s: float = 0.0) -> None:
        self._token_s = token_s

    def answering(self, _request: LLMRequest) -> str:
        """There is no model here that a version could pin, and the trace says what answered instead."""
        return self.model

    async def stream(self, request: LLMRequest) -> AsyncIterator[str | TokenUsage]:
        """An emotion tag, the reply's words, then the usage. A persona without any line gives no text."""
        reply = compose(request.grounding, request.seed, request.max_tokens)
        if reply.text:
            yield f"[{reply.emotion}]"
        for word in _WORD.findall(reply.text):
            if self._token_s > 0:
                await asyncio.sleep(self._token_s)
            yield word
        yield TokenUsage(
            input_tokens=sum(estimate_tokens(message.content) for message in request.messages),
            output_tokens=estimate_tokens(reply.text),
        )
