"""The reader of the upstream: a task of its own, so that a stop never waits for a slow model."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from companion.providers.errors import Cut, NoFirstToken
from companion.providers.llm.base import LLMRequest
from conversations.turn.contracts import Usage
from conversations.turn.control import TurnControl
from conversations.turn.errors import CutShort
from conversations.turn.ports import TurnPorts


class Upstream:
    """What has arrived from the model and has not been taken yet."""

    def __init__(self) -> None:
        self._arrived: list[str] = []
        self.provider = ""
        self.model = ""
        self.usage: Usage | None = None
        self.error: NoFirstToken | Cut | None = None
        self.crash: Exception | None = None
        self.done = False

    def take(self) -> str:
        text = "".join(self._arrived)
        self._arrived.clear()
        return text

    def check(self) -> None:
        """Once it is done: raises CutShort where the stream broke, and what crashed it."""
        if self.crash is not None:
            raise self.crash
        if isinstance(self.error, Cut):
            raise CutShort

    async def read(self, request: LLMRequest, control: TurnControl, ports: TurnPorts) -> None:
        """Reads until the end or an error; always closes the stream and wakes the turn."""
        try:
            stream = await ports.llm.open(request, killed=ports.switches.provider_killed)
            try:
                self.provider, self.model = stream.provider, stream.model
                control.speaker = stream.provider
                async for text in stream:
                    self._arrived.append(text)
                    control.signal.set()
                if stream.usage is not None:
                    self.usage = Usage(stream.usage.input_tokens, stream.usage.output_tokens)
            finally:
                await stream.aclose()
        except (NoFirstToken, Cut) as error:
            self.error = error
        except Exception as crash:
            self.crash = crash
        finally:
            self.done = True
            control.signal.set(urgent=True)


@asynccontextmanager
async def reading(request: LLMRequest, control: TurnControl, ports: TurnPorts) -> AsyncIterator[Upstream]:
    """The upstream being read for as long as the block lasts; leaving the block closes it."""
    upstream = Upstream()
    task = asyncio.create_task(upstream.read(request, control, ports))
    try:
        yield upstream
    finally:
        task.cancel()
        await asyncio.wait([task])
