"""The peers' load generator, a process of its own, that speaks each one's own protocol.

The same job and rhythm as bench/client.py: a JSON job on stdin, `ready`, a line, then the result as JSON:
`{first_ms: […], stored: n or null}`, where `stored` counts the messages that the peer gives back afterwards.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any, Protocol
from uuid import uuid4

import aiohttp
import orjson
import psycopg
import uvloop

from bench.client import Job, Streamer, saying, spread, told_to_begin

READ_BACK_S = 20.0
ANSWER_S = 120.0
DONE = b"[DONE]"
STEPS = """select count(*) from steps where "threadId" = %s and type in ('user_message', 'assistant_message')"""


class Stream(Protocol):
    """One conversation."""

    async def open(self) -> None: ...

    async def turn(self, text: str) -> float:
        """Milliseconds to the first token; returns when the turn is over."""
        ...

    async def stored(self) -> int | None:
        """Messages that the peer has kept; None: it keeps none."""
        ...


async def events(answer: aiohttp.ClientResponse) -> AsyncIterator[Any]:
    """The data of server-sent events, to [DONE]."""
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {await answer.text()}")
    async for line in answer.content:
        data = line.removeprefix(b"data:").strip()
        if data == DONE:
            return
        if line.startswith(b"data:") and data:
            yield orjson.loads(data)
    raise RuntimeError("the stream ended before its end")


def token_of(chunk: Any) -> str:
    choices = chunk.get("choices") or [{}]
    return str(choices[0].get("delta", {}).get("content") or "")


class LiteLLM:
    def __init__(self, session: aiohttp.ClientSession, job: Job) -> None:
        self._session = session
        self._headers = {"Authorization": f"Bearer {job['key']}"}

    async def open(self) -> None:
        """Nothing is kept between two turns."""

    async def turn(self, text: str) -> float:
        body = {"model": "scripted", "stream": True, "messages": [{"role": "user", "content": text}]}
        return await first_token(self._session, "/v1/chat/completions", body, self._headers)

    async def stored(self) -> int | None:
        return None


class LangGraph:
    def __init__(self, session: aiohttp.ClientSession, _job: Job) -> None:
        self._session = session
        self._path = f"/threads/{uuid4()}"

    async def open(self) -> None:
        """A thread begins with its first message."""

    async def turn(self, text: str) -> float:
        sent, first_ms = perf_counter(), 0.0
        async with self._session.post(f"{self._path}/stream", json={"text": text}) as answer:
            async for _ in events(answer):
                first_ms = first_ms or (perf_counter() - sent) * 1000
        return first_ms

    async def stored(self) -> int | None:
        async with self._session.get(self._path) as answer:
            return int((await answer.json())["messages"])


class OpenWebUI:
    """A chat of its own; each turn is streamed and then kept in the chat, as its API has it."""

    def __init__(self, session: aiohttp.ClientSession, _job: Job) -> None:
        self._session = session
        self._messages: list[dict[str, str]] = []

    async def open(self) -> None:
        token = await _open_webui_token(self._session)
        self._headers = {"Authorization": f"Bearer {token}"}
        async with self._session.post("/api/v1/chats/new", json=self._chat(), headers=self._headers) as answer:
            answer.raise_for_status()
            self._path = f"/api/v1/chats/{(await answer.json())['id']}"

    async def turn(self, text: str) -> float:
        self._messages.append({"id": str(uuid4()), "role": "user", "content": text})
        said = [{"role": "user", "content": text}]
        body = {"model": "scripted", "stream": True, "messages": said}
        heard: list[str] = []
        first_ms = await first_token(self._session, "/api/chat/completions", body, self._headers, heard)
        self._messages.append({"id": str(uuid4()), "role": "assistant", "content": "".join(heard)})
        async with self._session.post(self._path, json=self._chat(), headers=self._headers) as answer:
            if answer.status != 200:
                raise RuntimeError(f"the chat was not kept: {answer.status} {await answer.text()}")
        return first_ms

    async def stored(self) -> int | None:
        async with self._session.get(self._path, headers=self._headers) as answer:
            return len((await answer.json())["chat"]["history"]["messages"])

    def _chat(self) -> dict[str, Any]:
        """The shape that its page keeps: a list, and the same as a tree."""
        tree: dict[str, Any] = {}
        before = None
        for message in self._messages:
            tree[message["id"]] = {**message, "parentId": before, "childrenIds": []}
            if before:
                tree[before]["childrenIds"].append(message["id"])
            before = message["id"]
        history = {"messages": tree, "currentId": before}
        return {"chat": {"title": "Bench", "models": ["scripted"], "messages": self._messages, "history": history}}


_log_in: dict[str, str] = {}


async def _open_webui_token(session: aiohttp.ClientSession) -> str:
    """One login for all streams, which open one after another: only the first person may sign up by herself."""

    async def ask() -> str:
        person = {"name": "Bench", "email": "bench@peers.example", "password": "bench-of-the-peers-1"}
        for path in ("signup", "signin"):
            async with session.post(f"/api/v1/auths/{path}", json=person) as answer:
                said = await answer.json()
            if answer.status == 200:
                return str(said["token"])
        raise RuntimeError(f"no login at open-webui: {said}")

    if "token" not in _log_in:
        _log_in["token"] = await ask()
    return _log_in["token"]


class Chainlit:
    """Socket.IO over a WebSocket, by hand: what its page sends, and nothing more."""

    def __init__(self, session: aiohttp.ClientSession, job: Job) -> None:
        self._session = session
        self._database: str = job["database"]
        self._thread = ""

    async def open(self) -> None:
        login = {"username": f"fan-{uuid4()}", "password": "any"}
        async with self._session.post("/login", data=login) as answer:
            answer.raise_for_status()
            self._cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in answer.cookies.items())
        self._socket = await self._session.ws_connect(
            "/ws/socket.io/?EIO=4&transport=websocket", headers={"Cookie": self._cookie}, max_msg_size=0
        )
        await self._socket.receive_str()
        who = {"clientType": "webapp", "sessionId": str(uuid4()), "threadId": "", "userEnv": "{}", "chatProfile": ""}
        await self._socket.send_str("40" + orjson.dumps(who).decode())
        if not (joined := await self._socket.receive_str()).startswith("40"):
            raise RuntimeError(f"chainlit refused: {joined}")
        await self._emit("connection_successful")

    async def turn(self, text: str) -> float:
        message = {
            "id": str(uuid4()),
            "threadId": "",  # it says itself which thread it began
            "name": "fan",
            "type": "user_message",
            "output": text,
            "createdAt": "2026-01-01T00:00:00.000Z",
        }
        sent, first_ms, begun = perf_counter(), 0.0, False
        await self._emit("client_message", {"message": message, "fileReferences": []})
        while True:
            name = await self._next()
            begun = begun or name == "task_start"
            if name == "stream_token":
                first_ms = first_ms or (perf_counter() - sent) * 1000
            if begun and name == "task_end":
                if not first_ms:
                    raise RuntimeError("chainlit answered without a token")
                return first_ms

    async def stored(self) -> int | None:
        """From its tables: its API does not find a thread whose first step was written before the thread's author."""
        async with asyncio.timeout(READ_BACK_S):
            while not self._thread:  # under load it says so after several turns
                await self._next()
        async with await psycopg.AsyncConnection.connect(self._database) as connection:
            row = await (await connection.execute(STEPS, [self._thread])).fetchone()
        return int(row[0]) if row else 0

    async def _emit(self, name: str, *data: Any) -> None:
        await self._socket.send_str("42" + orjson.dumps([name, *data]).decode())

    async def _next(self) -> str:
        while True:
            packet = await self._socket.receive_str()
            if packet == "2":
                await self._socket.send_str("3")
            elif packet.startswith("42"):
                name, *data = orjson.loads(packet[2:])
                if name == "first_interaction":
                    self._thread = data[0]["thread_id"]
                return str(name)


async def first_token(
    session: aiohttp.ClientSession,
    path: str,
    body: Any,
    headers: dict[str, str] | None = None,
    heard: list[str] | None = None,
) -> float:
    """A turn over OpenAI's protocol, to its end; `heard` gets the tokens. Raises RuntimeError when there were none."""
    sent, first_ms = perf_counter(), 0.0
    async with session.post(path, json=body, headers=headers) as answer:
        async for chunk in events(answer):
            if token := token_of(chunk):
                first_ms = first_ms or (perf_counter() - sent) * 1000
                if heard is not None:
                    heard.append(token)
    if not first_ms:
        raise RuntimeError("an answer without a token")
    return first_ms


STREAMS: dict[str, type[Stream]] = {
    "litellm": LiteLLM,
    "langgraph": LangGraph,
    "chainlit": Chainlit,
    "openwebui": OpenWebUI,
}


def _streamer(stream: Stream) -> Streamer:
    return lambda number: stream.turn(saying(number))


async def work(job: Job) -> Any:
    timeout = aiohttp.ClientTimeout(total=ANSWER_S)
    connector, jar = aiohttp.TCPConnector(limit=0), aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(job["url"], connector=connector, timeout=timeout, cookie_jar=jar) as session:
        make: Any = STREAMS[job["peer"]]
        streams: list[Stream] = [make(session, job) for _ in range(job["streams"])]
        for stream in streams:
            await stream.open()
        await told_to_begin()
        first_ms = await spread(job, [_streamer(stream) for stream in streams])
        await told_to_begin()
        return {"first_ms": first_ms, "stored": await read_back(streams, 2 * job["turns"])}


async def read_back(streams: list[Stream], each: int) -> int | None:
    """All that is stored; a peer may store after it has answered, so it is asked until all is there or time is up."""
    until = perf_counter() + READ_BACK_S
    while True:
        counts = [await stream.stored() for stream in streams]
        kept = [count for count in counts if count is not None]
        if not kept:
            return None
        if min(kept) >= each or perf_counter() > until:
            return sum(kept)
        await asyncio.sleep(0.2)


def main() -> None:
    job = orjson.loads(sys.stdin.readline())
    sys.stdout.write(orjson.dumps(uvloop.run(work(job))).decode() + "\n")


if __name__ == "__main__":
    main()
