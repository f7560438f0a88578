"""Bodies are bounded before Django sees them: it would spool one without a declared length to disk, however long."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from companion.kernel.errors import TooLarge
from companion.kernel.problems import CONTENT_TYPE

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
# A client that is cut off while it sends sees a broken connection and not the answer, so a little more is read away.
READ_AWAY = 16 * 1024 * 1024


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
    """Reads the rest away, as far as that is bearable, answers as the API does, and closes."""
    left = READ_AWAY
    more = True
    while more and left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        more = bool(message.get("more_body"))
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"cache-control", b"no-store"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": TooLarge.status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(TooLarge().problem())})
