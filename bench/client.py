"""The load generator, a process of its own: lean sockets, and times taken where the fan's phone would be.

It reads one job as JSON from stdin, prints `ready` when its sockets are open, waits for a line, does the job and prints
the result as JSON. The jobs are the functions of JOBS.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from time import perf_counter
from typing import Any
from uuid import uuid4

import aiohttp
import orjson
import uvloop

from bench.floor import request, upstream
from companion.providers.http import close_session

Job = dict[str, Any]
Socket = aiohttp.ClientWebSocketResponse

TOKEN = '{"type":"turn.token"'
COMPLETED = '{"type":"turn.completed"'
TURN = '{"type":"turn.'
SPOILT = ('{"type":"turn.failed"', '{"type":"turn.cancelled"')
# How many tickets are asked for at once: a phone asks for one.
TICKETS_AT_ONCE = 8
OPENED_AT_ONCE = 16
# Where the cut comes, and how long the fan is away: long enough that she misses events.
CUT_AFTER = 3
AWAY_S = 0.15
ANSWER_S = 60.0
_SAYINGS = (
    "I played your new song on the way to work and missed my stop",
    "what do you do on a rainy Sunday when nobody calls?",
    "my sister got married last week and we danced to the second track",
    "do you ever get nervous right before you walk on stage",
    "tell me about the old synthesiser that you wrote about",
    "it snowed here today, the whole city went quiet",
    "which of the new songs was the hardest to finish?",
    "I could not sleep again, so I am listening to the demos",
)


def saying(number: int) -> str:
    return f"{_SAYINGS[number % len(_SAYINGS)]} ({number})"


class Client:
    """The sockets of one job."""

    def __init__(self, session: aiohttp.ClientSession, job: Job) -> None:
        self._session = session
        self._job = job
        self._gate = asyncio.Semaphore(OPENED_AT_ONCE)

    async def ticket(self, token: str) -> str:
        headers = {"Authorization": f"Bearer {token}"}
        body = {"artist": self._job["slug"]}
        async with self._session.post("/api/v1/realtime/tickets", json=body, headers=headers) as answer:
            if answer.status != 201:
                raise RuntimeError(f"no ticket: {answer.status} {await answer.text()}")
            return str((await answer.json())["ticket"])

    async def tickets(self, count: int) -> list[str]:
        """One for each fan; none are needed where the job has no fans (the floor)."""
        if not self._job["tokens"]:
            return [""] * count
        gate = asyncio.Semaphore(TICKETS_AT_ONCE)

        async def one(token: str) -> str:
            async with gate:
                return await self.ticket(token)

        return await asyncio.gather(*(one(token) for token in self._job["tokens"][:count]))

    async def open(self, ticket: str) -> Socket:
        async with self._gate:
            path = f"/ws/v1/artists/{self._job['slug']}/chat?ticket={ticket}"
            socket = await self._session.ws_connect(path, compress=0, max_msg_size=0, autoping=False)
            ready = await socket.receive_str()
        if not ready.startswith('{"type":"session.ready"'):
            raise RuntimeError(f"no session: {ready}")
        return socket

    async def open_all(self, count: int) -> list[Socket]:
        tickets = await self.tickets(count)
        return list(await asyncio.gather(*map(self.open, tickets)))


async def say(socket: Socket, text: str) -> float:
    """Sends a message; when."""
    frame = {"type": "message.send", "client_message_id": str(uuid4()), "text": text}
    sent = perf_counter()
    await socket.send_str(orjson.dumps(frame).decode())
    return sent


async def next_event(socket: Socket) -> str:
    frame = await socket.receive_str()
    if not frame.startswith(TURN) or frame.startswith(SPOILT):
        raise RuntimeError(f"not an event of a good turn: {frame}")
    return frame


async def turn(socket: Socket, text: str) -> float:
    """One turn to its end; milliseconds to its first token. Raises RuntimeError unless the model answered."""
    sent = await say(socket, text)
    first_ms = 0.0
    while True:
        frame = await next_event(socket)
        if not first_ms and frame.startswith(TOKEN):
            first_ms = (perf_counter() - sent) * 1000
        if frame.startswith(COMPLETED):
            if '"degraded":true' in frame:
                raise RuntimeError("the upstream did not answer")
            return first_ms


async def told_to_begin() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


Streamer = Callable[[int], Awaitable[float]]


async def spread(job: Job, streamers: Sequence[Streamer]) -> list[float]:
    """Each stream sends its next turn when the last ends; the starts lie evenly over one turn's length."""

    async def stream(index: int, streamer: Streamer) -> list[float]:
        await asyncio.sleep(job["spread_s"] * index / len(streamers))
        return [await streamer(index * 1000 + number) for number in range(job["turns"])]

    times = await asyncio.gather(*(stream(index, streamer) for index, streamer in enumerate(streamers)))
    return [first for stream_times in times for first in stream_times]


async def streams(client: Client, job: Job) -> Any:
    """Turns over sockets: `{first_ms: […]}`."""
    sockets = await client.open_all(job["streams"])

    def streamer(socket: Socket) -> Streamer:
        return lambda number: turn(socket, saying(number))

    await told_to_begin()
    began = perf_counter()
    first_ms = await spread(job, [streamer(socket) for socket in sockets])
    took_s = perf_counter() - began
    for socket in sockets:
        await socket.close()
    return {"first_ms": first_ms, "took_s": took_s}


async def direct(_client: Client, job: Job) -> Any:
    """The upstream itself, asked by the product's own client: `{first_ms: […]}`."""
    llm = upstream(job["upstream"])

    async def ask(number: int) -> float:
        sent, first_ms = perf_counter(), 0.0
        async for item in llm.stream(request(saying(number))):
            if not first_ms and isinstance(item, str):
                first_ms = (perf_counter() - sent) * 1000
        return first_ms

    await told_to_begin()
    return {"first_ms": await spread(job, [ask] * job["streams"])}


async def idle(client: Client, job: Job) -> Any:
    """Sockets that say nothing: opened when told, held until told again."""
    tickets = await client.tickets(job["streams"])
    await told_to_begin()
    sockets = await asyncio.gather(*map(client.open, tickets))
    await told_to_begin()
    await asyncio.gather(*(socket.close() for socket in sockets))
    return {"sockets": len(sockets)}


async def resume(client: Client, job: Job) -> Any:
    """Cuts in mid-reply: `{missed_ms: […]}`, from the first byte of the new connection to the first missing event."""
    await told_to_begin()
    socket = await client.open((await client.tickets(1))[0])
    times = []
    for number in range(job["turns"]):
        ticket = await client.ticket(job["tokens"][0])
        await say(socket, saying(number))
        seen = [orjson.loads(await next_event(socket)) for _ in range(CUT_AFTER)]
        _cut(socket)
        await asyncio.sleep(AWAY_S)
        began = perf_counter()
        socket = await client.open(ticket)
        frame = {"type": "turn.resume", "turn": seen[-1]["turn"], "after": seen[-1]["seq"]}
        await socket.send_str(orjson.dumps(frame).decode())
        seen.append(orjson.loads(await next_event(socket)))
        times.append((perf_counter() - began) * 1000)
        await _rest(socket, seen)
    await socket.close()
    return {"missed_ms": times}


def _cut(socket: Socket) -> None:
    """As a lost network: no close frame, no goodbye."""
    transport = socket.get_extra_info("socket_transport") or socket._writer.transport
    transport.abort()


async def _rest(socket: Socket, seen: list[Any]) -> None:
    """Raises RuntimeError unless the resumed turn arrives whole: no hole, nothing twice, tokens equal to the text."""
    while seen[-1]["type"] != "turn.completed":
        seen.append(orjson.loads(await next_event(socket)))
    whole = [event["seq"] for event in seen] == list(range(1, len(seen) + 1))
    text = "".join(event["text"] for event in seen if event["type"] == "turn.token")
    if not whole or text != seen[-1]["message"]["text"]:
        raise RuntimeError("a resumed turn has a hole")


JOBS: dict[str, Callable[[Client, Job], Awaitable[Any]]] = {
    "streams": streams,
    "direct": direct,
    "idle": idle,
    "resume": resume,
}


async def work(job: Job) -> Any:
    async with AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(limit=0)
        session = aiohttp.ClientSession(job["url"], connector=connector)
        await stack.enter_async_context(session)
        stack.push_async_callback(close_session)
        return await JOBS[job["kind"]](Client(session, job), job)


def main() -> None:
    job = orjson.loads(sys.stdin.readline())
    result = uvloop.run(work(job))
    sys.stdout.write(orjson.dumps(result).decode() + "\n")


if __name__ == "__main__":
    main()
