"""The release's static files, answered before Django: a page asks for a hundred, and each would go through every
middleware, and through a thread (0.12 of the 0.27 s of CPU that a fan's page of 108 files cost the web process).
"""

from collections.abc import Iterable
from pathlib import Path
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

from companion.kernel.asgi import Application, Receive, Scope, Send


def with_static_files(application: Application, folder: Path, prefix: str) -> Application:
    """The application, with the files of `folder` as they are now below `prefix`, an address that is one release's
    own. WhiteNoise knows them all: it chooses the encoding, answers ranges and conditions, and finds nothing else.
    """
    files = WhiteNoise(None, folder, prefix, immutable_file_test=".*", add_headers_function=_guard).files

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        file = files.get(scope["path"])
        if file is None:
            await application(scope, receive, send)
            return
        answer = file.get_response(scope["method"], _environ(scope["headers"]))
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
        body = b""
        if answer.file is not None:
            with answer.file as opened:  # local and small, so it is read at once
                body = opened.read()
        await send({"type": "http.response.body", "body": body})

    return serve


def _guard(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"


def _environ(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The request's headers by the names of WSGI, which WhiteNoise reads."""
    return {
        f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1") for name, value in headers
    }
