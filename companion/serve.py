"""The web process: `python -m companion.serve`. uvicorn carries the load (stack.md, "server for sockets").

On SIGTERM it drains first: the listening socket stays open, so that /readyz can say 503, and no socket is closed by
uvicorn, which would cut running turns; our own code closes each when it may (companion/kernel/lifecycle.py).
"""

import gc
import os
import socket
import sys

import django
import uvicorn
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from companion.kernel import boot
from companion.kernel.lifecycle import lifecycle
from companion.local.refusal import REFUSED, Refusal

MAX_FRAME = 64 * 1024  # contract.md: a longer one closes the socket with 1009
AFTER_DRAIN_S = 2  # for the answers that are being written when the drain ends


class DrainingServer(uvicorn.Server):
    """uvicorn that lets running turns end before it closes anything."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what the boot left lives as long as the process: the collector need not walk it ever again

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        lifecycle.begin_drain()
        await lifecycle.drained(settings.DRAIN_S)
        await super().shutdown(sockets)


def configuration(host: str, port: int) -> uvicorn.Config:
    """What is off costs time or memory for nothing, or (proxy_headers) believes whoever sends X-Forwarded-For."""
    return uvicorn.Config(
        "companion.asgi:application",
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=MAX_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # the contract's own ping carries liveness
        lifespan="on",
        interface="asgi3",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=AFTER_DRAIN_S,
    )


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "companion.settings")
    try:
        django.setup()
        boot.check()
    except (Refusal, ImproperlyConfigured) as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(REFUSED)
    host, port = os.environ.get("COMPANION_HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    DrainingServer(configuration(host, port)).run()


if __name__ == "__main__":
    main()
