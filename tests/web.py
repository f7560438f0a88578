"""A web process of the product for tests, and a chat client that speaks the contract's frames."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Self
from urllib.parse import quote

import aiohttp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from companion.local.processes import free_port

START_S = 90.0  # on a machine that does much else besides
ANSWER_S = 15.0
Frame = dict[str, Any]


class WebProcess:
    """`python -m companion.serve` on a free port, which it keeps when it is started again."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        environment = {**os.environ, **self._environment, "PORT": str(self.port)}
        self._process = subprocess.Popen([sys.executable, "-m", "companion.serve"], env=environment)
        give_up_at = time.monotonic() + START_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError("the web process did not become ready")
            time.sleep(0.05)
        return self

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def ask_to_stop(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """As a machine dies: nothing is cleaned up."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def wait(self) -> int:
        assert self._process is not None
        return self._process.wait(30)


class Chat:
    """A socket of one fan. Every frame that it was sent stays in `frames`."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[Frame] = []

    async def send(self, frame_type: str, **fields: Any) -> None:
        await self.connection.send(json.dumps({"type": frame_type, **fields}))

    async def say(self, text: str, client_message_id: str) -> None:
        await self.send("message.send", client_message_id=client_message_id, text=text)

    async def receive(self) -> Frame:
        async with asyncio.timeout(ANSWER_S):
            frame: Frame = json.loads(await self.connection.recv())
        self.frames.append(frame)
        return frame

    async def until(self, *types: str) -> Frame:
        """The next frame of one of these types; what came before it is in `frames`."""
        while True:
            frame = await self.receive()
            if frame["type"] in types:
                return frame

    async def ending(self) -> Frame:
        return await self.until("turn.completed", "turn.failed", "turn.cancelled")

    async def closed(self) -> tuple[int | None, str | None]:
        """Waits for the close; frames that still come are kept. (code, reason)"""
        async with asyncio.timeout(ANSWER_S):
            with suppress(ConnectionClosed):
                while True:
                    self.frames.append(json.loads(await self.connection.recv()))
        return self.connection.close_code, self.connection.close_reason

    def of_turn(self, turn: str) -> list[Frame]:
        return [frame for frame in self.frames if frame.get("turn") == turn and "seq" in frame]


def shown(frames: list[Frame]) -> str:
    """The text that a client shows after these events."""
    text = ""
    for frame in frames:
        if frame["type"] == "turn.token":
            text += frame["text"]
        elif frame["type"] == "turn.retracted":
            text = frame["text"]
    return text


@asynccontextmanager
async def api(web: WebProcess, token: str | None) -> AsyncIterator[aiohttp.ClientSession]:
    """A REST client of one login. Paths begin with a slash."""
    headers: Mapping[str, str] = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession(web.url, headers=headers) as session:
        yield session


async def ticket(web: WebProcess, token: str, slug: str) -> str:
    async with api(web, token) as client, client.post("/api/v1/realtime/tickets", json={"artist": slug}) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["ticket"])


@asynccontextmanager
async def socket_with(web: WebProcess, slug: str, given: str) -> AsyncIterator[Chat]:
    """A socket opened with this ticket, whatever it is; no frame is awaited."""
    address = f"{web.url.replace('http', 'ws', 1)}/ws/v1/artists/{slug}/chat?ticket={quote(given)}"
    async with connect(address, max_size=None, ping_interval=None) as connection:
        yield Chat(connection)


@asynccontextmanager
async def chat(web: WebProcess, token: str, slug: str) -> AsyncIterator[Chat]:
    """A socket that is ready to chat."""
    async with socket_with(web, slug, await ticket(web, token, slug)) as opened:
        ready = await opened.receive()
        assert ready["type"] == "session.ready", ready
        yield opened
