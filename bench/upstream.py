"""A scripted OpenAI-compatible server on loopback: for the provider tests in process, for benches as a process.

    python -m bench.upstream --port 0 --first-ms 100 --interval-ms 20 --tokens 40

prints `{"url": "http://127.0.0.1:PORT/v1"}` and serves until it is told to stop. What the next requests get is set by
`play(...)`, by POST /play `{"plays": ["cut", "429"]}`, or by asking for a model of that name; then `ok` again.
POST /pace takes the fields of Pace.
"""

import argparse
import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import orjson
import uvloop
from aiohttp import web

PLAYS = (
    "ok",
    "hang",  # takes the request and never answers
    "hang_open",  # answers with headers and never sends a token
    "drip",  # one token, then nothing more
    "held",  # one token, and the others once `resumed` is set
    "cut",  # half of the tokens, then the connection is torn down
    "no_done",  # all tokens, then a clean end without [DONE]
    "reset",  # tears the connection down before it answers
    "429",
    "500",
    "401",
    "400",
    "garbage",  # an event that is no JSON
    "late_garbage",  # half of the tokens, then an event that is no JSON
    "html",  # a page with status 200
    "empty",  # [DONE] without a token
    "error_event",  # an error object where a token should be
    "no_usage",
    "late_end",  # the end of the body comes some milliseconds after [DONE]
    "no_end",  # and here it never comes
    "split",  # every byte in a packet of its own
    "crlf",  # CRLF line ends, comments, and no empty line at the end
)
RETRY_AFTER_S = 7


@dataclass(slots=True)
class Pace:
    """What an answer looks like. Times in seconds."""

    first_s: float = 0.0
    interval_s: float = 0.0
    tokens: int = 8
    words: tuple[str, ...] = ()
    dimensions: int = 384

    def texts(self) -> list[str]:
        """The tokens: the given words, or as many short ones as asked for."""
        return list(self.words) or [f"word{number} " for number in range(self.tokens)]


class ScriptedUpstream:
    """`async with ScriptedUpstream() as upstream:` serves at `upstream.url` on a free port in the running loop."""

    def __init__(self, pace: Pace | None = None, port: int = 0) -> None:
        self.pace = pace or Pace()
        self.url = ""
        # The bodies and keys of the requests so far, for tests to look at.
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.connections: set[asyncio.BaseTransport] = set()
        # Set when a client leaves an answer before its end.
        self.left = asyncio.Event()
        # Set when an answer that stalls has reached the point where it stalls.
        self.stalled = asyncio.Event()
        # Lets an answer go on that is held.
        self.resumed = asyncio.Event()
        self.record = True
        self._plays: deque[str] = deque()
        self._port = port
        self._stop = asyncio.Event()

    def play(self, *plays: str) -> None:
        """What the next requests get, one each."""
        unknown = set(plays) - set(PLAYS)
        if unknown:
            raise ValueError(f"no such play: {', '.join(sorted(unknown))}")
        self._plays.extend(plays)

    def forget(self) -> None:
        """Drops what was planned and what was recorded."""
        self._plays.clear()
        self.stalled.clear()
        self.resumed.clear()
        self.requests.clear()
        self.keys.clear()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/embeddings", self._embeddings)
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/moderations", self._moderations)
        app.router.add_post("/play", self._set_plays)
        app.router.add_post("/pace", self._set_pace)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await self._runner.cleanup()

    async def serve_forever(self) -> None:
        await self._stop.wait()

    async def _set_plays(self, request: web.Request) -> web.Response:
        try:
            self.play(*(await request.json())["plays"])
        except ValueError as error:
            return web.Response(status=422, text=str(error))
        return web.Response(status=204)

    async def _set_pace(self, request: web.Request) -> web.Response:
        self.pace = Pace(**orjson.loads(await request.read()))
        return web.Response(status=204)

    async def _models(self, _request: web.Request) -> web.Response:
        """Some clients offer only what is listed here."""
        listed = [{"id": "scripted", "object": "model", "created": 0, "owned_by": "bench"}]
        return web.json_response({"object": "list", "data": listed})

    async def _begin(self, request: web.Request) -> tuple[dict[str, Any], str]:
        """The body, and what to play for it."""
        body = orjson.loads(await request.read())
        if request.transport is not None:
            self.connections.add(request.transport)
        if self.record:
            self.requests.append(body)
            self.keys.append(request.headers.get("Authorization", ""))
        if self._plays:
            return body, self._plays.popleft()
        return body, body["model"] if body["model"] in PLAYS else "ok"

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body, play = await self._begin(request)
        try:
            return await self._failure(request, play) or await _Stream(self, request, body, play).send()
        except (asyncio.CancelledError, ConnectionError):
            self.left.set()
            raise

    async def _failure(self, request: web.Request, play: str) -> web.Response | None:
        """The answer of a play that never gets as far as a stream."""
        if play == "hang":
            await self.stall()
        if play == "reset":
            _tear_down(request)
            return web.Response()
        if play == "429":
            return web.json_response({"error": {}}, status=429, headers={"Retry-After": str(RETRY_AFTER_S)})
        if play.isdigit():
            return web.json_response({"error": {"message": "scripted"}}, status=int(play))
        if play == "html":
            return web.Response(text="<!doctype html>\n<title>Not an API</title>\n", content_type="text/html")
        return None

    async def stall(self) -> None:
        """Until the client leaves or the server stops."""
        self.stalled.set()
        await self._stop.wait()

    async def _embeddings(self, request: web.Request) -> web.Response:
        body, play = await self._begin(request)
        failure = await self._failure(request, play)
        if failure is not None:
            return failure
        texts = [] if play == "empty" else body["input"]
        length = body.get("dimensions", self.pace.dimensions)
        rows = [
            {"object": "embedding", "index": index, "embedding": _vector(text, length)}
            for index, text in enumerate(texts)
        ]
        if play == "garbage":
            return web.Response(body=b'{"data": [', content_type="application/json")
        # The rows come in another order than asked for, as the API allows.
        usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        return web.json_response({"object": "list", "data": rows[::-1], "model": body["model"], "usage": usage})

    async def _moderations(self, request: web.Request) -> web.Response:
        body, play = await self._begin(request)
        failure = await self._failure(request, play)
        if failure is not None:
            return failure
        if play == "garbage":
            return web.Response(body=b'{"results": ', content_type="application/json")
        flagged = "violence" in str(body["input"])
        result = {
            "flagged": flagged,
            "categories": {"violence": flagged},
            "category_scores": {"violence": 0.98 if flagged else 0.01},
        }
        return web.json_response({"id": "modr-1", "model": body["model"], "results": [result]})


class _Stream:
    """One streamed answer."""

    def __init__(self, upstream: ScriptedUpstream, request: web.Request, body: dict[str, Any], play: str) -> None:
        self._upstream = upstream
        self._request = request
        self._body = body
        self._play = play
        self._end = b"\r\n" if play == "crlf" else b"\n"
        self._response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})

    async def send(self) -> web.StreamResponse:
        await self._response.prepare(self._request)
        if self._play == "hang_open":
            await self._upstream.stall()
        pace = self._upstream.pace
        texts = [] if self._play in ("empty", "error_event", "garbage") else pace.texts()
        shown = texts[: max(len(texts) // 2, 1)] if self._play in ("cut", "late_garbage") else texts
        await _pause(pace.first_s)
        for index, text in enumerate(shown):
            if index:
                await _pause(pace.interval_s)
            await self._event(_chunk(self._body, {"content": text}))
            if self._play == "drip":
                await self._upstream.stall()
            elif self._play == "held":
                await self._upstream.resumed.wait()
        await self._ending(len(texts))
        return self._response

    async def _ending(self, tokens: int) -> None:
        if self._play in ("cut", "late_garbage"):
            await _pause(self._upstream.pace.interval_s)
        if self._play == "cut":
            _tear_down(self._request)
        elif self._play in ("garbage", "late_garbage"):
            await self._write(b"data: {not json" + self._end * 2)
        elif self._play == "error_event":
            await self._event({"error": {"message": "scripted", "type": "server_error"}})
        elif self._play != "no_done":
            await self._complete(tokens)

    async def _complete(self, tokens: int) -> None:
        await self._event(_chunk(self._body, {}, finish="stop"))
        options = self._body.get("stream_options") or {}
        if options.get("include_usage") and self._play != "no_usage":
            usage = {"prompt_tokens": 11, "completion_tokens": tokens, "total_tokens": 11 + tokens}
            await self._event({**_chunk(self._body, None), "usage": usage})
        if self._play == "crlf":
            await self._write(b": a comment\r\n")
        await self._write(b"data: [DONE]" + self._end * (1 if self._play == "crlf" else 2))
        if self._play == "late_end":
            await asyncio.sleep(0.005)
        if self._play == "no_end":
            await self._upstream.stall()
        await self._response.write_eof()

    async def _event(self, event: dict[str, Any]) -> None:
        await self._write(b"data: " + orjson.dumps(event) + self._end * 2)

    async def _write(self, data: bytes) -> None:
        if self._play != "split":
            await self._response.write(data)
            return
        for byte in data:
            await self._response.write(bytes([byte]))
            # Gives the reader its turn, so that each byte is a read of its own.
            await asyncio.sleep(0)


def _chunk(body: dict[str, Any], delta: dict[str, Any] | None, finish: str | None = None) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": body["model"], "choices": choices}


def _vector(text: str, length: int) -> list[float]:
    """Not of unit length, and different for different texts."""
    return [float(2 + (len(text) * 7 + position * 3) % 5) for position in range(length)]


def _tear_down(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _pause(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)


async def _main(pace: Pace, port: int, announce: Callable[[str], None]) -> None:
    async with ScriptedUpstream(pace, port) as upstream:
        upstream.record = False
        announce(json.dumps({"url": upstream.url}))
        await upstream.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="A scripted OpenAI-compatible server on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--first-ms", type=float, default=100.0)
    parser.add_argument("--interval-ms", type=float, default=20.0)
    parser.add_argument("--tokens", type=int, default=40)
    given = parser.parse_args()
    pace = Pace(given.first_ms / 1000, given.interval_ms / 1000, given.tokens)
    uvloop.run(_main(pace, given.port, lambda line: print(line, flush=True)))


if __name__ == "__main__":
    main()
