"""The web process drains before its server closes anything."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import uvicorn

from companion.kernel.lifecycle import Lifecycle
from companion.serve import MAX_FRAME, DrainingServer, configuration

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def test_the_port_answers_until_what_runs_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    life, asked, may_end = Lifecycle(), asyncio.Event(), asyncio.Event()
    monkeypatch.setattr("companion.serve.lifecycle", life)

    async def running_turn(_seconds: float) -> None:
        asked.set()
        await may_end.wait()

    async def application(_scope: dict[str, Any], _receive: object, send: Send) -> None:
        await send({"type": "http.response.start", "status": 503 if life.draining else 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    life.on_drain(running_turn)
    server = DrainingServer(uvicorn.Config(application, lifespan="off", log_config=None))
    listener = socket.create_server(("127.0.0.1", 0))  # bound and listening already: nobody else gets its port
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    async with aiohttp.ClientSession("http://{}:{}".format(*listener.getsockname())) as client:
        assert await status(client) == 200
        server.should_exit = True
        await asked.wait()
        assert await status(client) == 503
        assert not serving.done()
        may_end.set()
        await serving
        with pytest.raises(aiohttp.ClientConnectorError):
            await status(client)


async def status(client: aiohttp.ClientSession) -> int:
    async with client.get("/readyz", headers={"Connection": "close"}) as answer:
        return answer.status


def test_frames_are_bounded_and_no_header_names_the_client() -> None:
    config = configuration("127.0.0.1", 0)

    assert config.ws_max_size == MAX_FRAME == 65_536
    assert not config.ws_per_message_deflate
    assert not config.proxy_headers
    assert not config.access_log
