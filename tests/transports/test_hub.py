"""The process's hub: one client that does not read must not hold up the others."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from conversations.transports import hub
from conversations.transports.hub import Hub


class Stub:
    """A socket whose client reads, or does not."""

    def __init__(self, fan: UUID, *, reads: bool) -> None:
        self.id = str(uuid4())
        self.artist, self.fan, self.user, self.session = uuid4(), fan, uuid4(), "session"
        self.shown: list[dict[str, Any]] = []
        self.dismissals: list[tuple[int, str]] = []
        self._reads = reads

    async def show(self, message: dict[str, Any]) -> None:
        if not self._reads:
            await asyncio.Event().wait()
        self.shown.append(message)

    def dismiss(self, code: int, reason: str) -> None:
        self.dismissals.append((code, reason))

    def send_away(self) -> None:
        raise AssertionError("no drain here")

    def carries(self, turn: UUID) -> bool:
        return False

    async def renew(self) -> None:
        raise AssertionError("no sweep here")

    def is_silent(self) -> bool:
        return False


async def test_a_client_that_does_not_read_is_sent_away_and_the_next_one_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "SHOW_S", 0.01)
    fan = uuid4()
    stalled, reading = Stub(fan, reads=False), Stub(fan, reads=True)
    board = Hub("here", lambda turn: None)
    for socket in (stalled, reading):
        await board.add(socket, alone=False)
    message = {"turn": str(uuid4()), "text": "hello"}
    await board._handle({"type": "said", "fan": str(fan), "message": message, "origin": ""})
    assert stalled.dismissals == [(4408, "silent")]
    assert reading.shown == [message]
    assert reading.dismissals == []
