"""Bodies are bounded before Django sees them: it would spool one without a declared length to disk, however long."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import orjson

from companion.kernel.asgi import Application, Receive, Scope, Send
from companion.kernel.errors import TooLarge
from companion.kernel.problems import CONTENT_TYPE

# A client that is cut off while it sends sees a broken connection and not the answer: so long it may go on sending.
LINGER_S = 30.0


class BodyTooLarge(Exception):
    """More bytes came than a request may have."""


def limited(application: Application, most: int, uploads: Mapping[str, int] = MappingProxyType({})) -> Application:
    """The application, with 413 for a body of more than `most` bytes, declared or not; `uploads` are paths that take
    more.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        received, allowed = 0, uploads.get(scope["path"], most)

        async def count() -> Mapping[str, Any]:
            nonlocal received
            message: Mapping[str, Any] = await receive()
            received += len(message.get("body", b""))
            if received > allowed:
                raise BodyTooLarge
            return message

        if declared_length(scope) > allowed:
            await refuse(receive, send)
            return
        try:
            await application(scope, count, send)
        except BodyTooLarge:
            await refuse(receive, send)

    return serve


def declared_length(scope: Scope) -> int:
    """The Content-Length, or 0 where there is none; the server has refused one that is no number."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)


async def refuse(receive: Receive, send: Send) -> None:
    """Answers as the API does, reads away what is still being sent, and closes."""
    body = orjson.dumps(TooLarge().problem())
    headers = {"content-type": CONTENT_TYPE, "content-length": str(len(body)), "cache-control": "no-store"}
    told = [(name.encode(), value.encode()) for name, value in {**headers, "connection": "close"}.items()]
    await send({"type": "http.response.start", "status": TooLarge.status, "headers": told})
    await send({"type": "http.response.body", "body": body, "more_body": True})  # whole, but the connection stays open
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_S):
            while (await receive()).get("more_body"):
                continue
    await send({"type": "http.response.body"})
