"""The server's refusals, put between it and the page: of a message, of a socket, of a request."""

import json
from collections.abc import Callable
from typing import Any

from playwright.async_api import Route, WebSocketRoute

from tests.browser.fan_page import FanPage

SOCKET = "**/ws/v1/artists/*/chat?*"


async def refuse_sends(fan: FanPage, problem: dict[str, Any]) -> None:
    """From the next connection on the server's answer to a message is this refusal; all else is the real server's."""

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def send(raw: str | bytes) -> None:
            frame = json.loads(raw)
            if frame["type"] == "message.send":
                told = {"type": "error", "client_message_id": frame["client_message_id"], **problem}
                socket.send(json.dumps(told))
            else:
                server.send(raw)

        socket.on_message(send)

    await fan.page.route_web_socket(SOCKET, between)
    await fan.page.reload()
    await fan.is_open()


async def close_sockets(fan: FanPage, code: int, reason: str = "") -> None:
    """From now on every socket is closed with this code."""

    async def shut(socket: WebSocketRoute) -> None:
        await socket.close(code=code, reason=reason)

    await fan.page.route_web_socket(SOCKET, shut)
    await fan.page.reload()


def refusing(status: int, code: str) -> Callable[[Route], Any]:
    problem = {"status": status, "code": code, "title": code, "detail": "", "retry_after_s": 60}

    async def refuse(route: Route) -> None:
        await route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(problem))

    return refuse
