"""The ASGI application: HTTP to Django, sockets to the transports, and the process's start and stop (lifespan)."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "companion.settings")
django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 -- the settings come first
from django.conf import settings  # noqa: E402 -- the settings come first
from django.core.asgi import get_asgi_application  # noqa: E402 -- the settings come first
from django.urls import re_path  # noqa: E402 -- the settings come first

from companion import health  # noqa: E402 -- the settings come first
from companion.body_limit import limited  # noqa: E402 -- the settings come first
from companion.kernel.asgi import Receive, Scope, Send  # noqa: E402 -- the settings come first
from companion.kernel.lifecycle import lifecycle  # noqa: E402 -- the settings come first
from companion.static_files import with_static_files  # noqa: E402 -- the settings come first
from conversations import runtime  # noqa: E402 -- the models come first
from conversations.transports.routing import websocket_urlpatterns  # noqa: E402 -- the models come first
from personas.corpus.files import LARGEST  # noqa: E402 -- the settings come first


async def lifespan(_scope: Scope, receive: Receive, send: Send) -> None:
    """Starts the process's services before the first request and stops them after the last."""
    await receive()
    try:
        await lifecycle.start()
    except Exception as error:
        await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
        raise
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await lifecycle.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def no_such_socket(_scope: Scope, receive: Receive, send: Send) -> None:
    """A socket path that nobody serves; accepted first, or the client would never see the code."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": 4404, "reason": "not_found"})


# A file that is somewhat too large comes through, and is told so on the page; one that is far too large does not.
UPLOADS = {"/console/personas/document/upload/": LARGEST + 12 * 1024 * 1024}

runtime.register()
lifecycle.on_start(health.register_probes)

pages = limited(get_asgi_application(), settings.DATA_UPLOAD_MAX_MEMORY_SIZE, UPLOADS)
application = ProtocolTypeRouter(
    {
        "http": with_static_files(pages, settings.STATIC_ROOT, settings.STATIC_URL),
        "websocket": URLRouter(
            [
                *websocket_urlpatterns,
                re_path("", no_such_socket),  # type: ignore[arg-type]  # channels routes ASGI applications
            ]
        ),
        "lifespan": lifespan,
    }
)
