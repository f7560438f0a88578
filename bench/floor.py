"""The floor: bare Channels on the product's uvicorn settings, passing the upstream's stream through.

The same upstream client as the product's, one frame a token; no Redis, no Postgres, no rules. What the product costs
beyond it is what the product does.

    COMPANION_LLM_BASE_URL=… python -m bench.floor PORT
"""

import os
import sys
from datetime import UTC, datetime
from typing import Any

import orjson
import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import re_path

from companion.providers.config import Deadlines, ProviderConfig
from companion.providers.llm.base import ChatMessage, Grounding, LLMRequest, PersonaLines
from companion.providers.llm.openai import OpenAILLM
from companion.serve import configuration

MODEL = "scripted"


def request(text: str) -> LLMRequest:
    """A request with this text alone; the floor has nothing to ground it in."""
    grounding = Grounding(PersonaLines(""), None, (), (), None, (), (), (text,), datetime.now(UTC))
    return LLMRequest((ChatMessage("user", text),), grounding, 400, 0.8, "")


def upstream(base_url: str) -> OpenAILLM:
    return OpenAILLM(ProviderConfig("openai", base_url, "", MODEL), Deadlines())


class PassThrough(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Answers each frame with the upstream's tokens and an ending, in the shape of the contract's frames."""

    channel_layer_alias = "none"
    llm: OpenAILLM

    async def connect(self) -> None:
        await self.accept()
        await self.send(text_data='{"type":"session.ready"}')

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        text = orjson.loads(text_data or "{}")["text"]
        async for item in self.llm.stream(request(text)):
            if isinstance(item, str):
                await self._write({"type": "turn.token", "text": item})
        await self._write({"type": "turn.completed"})

    async def _write(self, frame: dict[str, Any]) -> None:
        await self.base_send({"type": "websocket.send", "text": orjson.dumps(frame).decode()})


async def probe(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """Says that the process listens."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def lifespan(_scope: dict[str, Any], receive: Any, send: Any) -> None:
    for stage in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{stage}.complete"})


def main() -> None:
    settings.configure(CHANNEL_LAYERS={})
    PassThrough.llm = upstream(os.environ["COMPANION_LLM_BASE_URL"])
    config = configuration("127.0.0.1", int(sys.argv[1]))
    config.app = ProtocolTypeRouter(
        {"http": probe, "websocket": URLRouter([re_path("", PassThrough.as_asgi())]), "lifespan": lifespan}
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
