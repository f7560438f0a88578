"""The handle of a turn that runs in this process: what stops it, and who listens."""

import asyncio
from collections.abc import AsyncIterator

from conversations.turn.contracts import Interruption, TurnEvent, TurnRequest


class Signal:
    """Wakes one waiter, with a timeout. Lighter than asyncio.wait_for over an Event: this runs for every batch."""

    def __init__(self) -> None:
        self._set = False
        self._urgent = False
        self._waiter: asyncio.Future[None] | None = None
        self._only_urgent = False

    def set(self, *, urgent: bool = False) -> None:
        self._set = True
        self._urgent = self._urgent or urgent
        if urgent or not self._only_urgent:
            self._release()

    async def wait(self, seconds: float, *, only_urgent: bool = False) -> bool:
        """True when the signal was set (or, if only_urgent, set urgently); False after `seconds`."""
        if self._is_set(only_urgent):
            self._set = False
            return True
        loop = asyncio.get_running_loop()
        self._waiter, self._only_urgent = loop.create_future(), only_urgent
        timer = loop.call_later(seconds, self._release)
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter, self._only_urgent = None, False
        woken = self._is_set(only_urgent)
        if not only_urgent:
            self._set = False
        return woken

    def _is_set(self, only_urgent: bool) -> bool:
        return self._urgent or (self._set and not only_urgent)

    def _release(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class TurnControl:
    """One running turn. The engine publishes into it; transports follow it; anyone may interrupt it."""

    def __init__(self, request: TurnRequest, *, origin: str = "") -> None:
        self.request = request
        self.origin = origin
        self.signal = Signal()
        self.interruption: Interruption | None = None
        self.interruptible = True
        self.events: list[TurnEvent] = []
        self.seq = request.next_seq - 1
        self.speaker = ""  # the provider whose words are being sent
        self.finished = asyncio.Event()
        self._followers: dict[asyncio.Future[None], None] = {}  # in the order in which they came

    def interrupt(self, why: Interruption) -> None:
        """Asks the turn to stop. The first reason counts; a turn that is already being settled goes on to its end."""
        if self.interruption is None and self.interruptible:
            self.interruption = why
            self.signal.set(urgent=True)

    def publish(self, event: TurnEvent) -> None:
        """Makes an event visible to the followers in this process. It lies in the log by now."""
        self.events.append(event)
        self._wake()

    def close(self) -> None:
        """Nothing more will come from this process, whether or not the turn has ended."""
        self.finished.set()
        self._wake()

    async def follow(self, after: int) -> AsyncIterator[TurnEvent]:
        """This process's events with a higher seq than `after`, as they come, until the turn leaves this process."""
        index = 0
        while True:
            while index < len(self.events):
                event = self.events[index]
                index += 1
                if event.seq > after:
                    yield event
            if self.finished.is_set():
                return
            woken = asyncio.get_running_loop().create_future()
            self._followers[woken] = None
            try:
                await woken
            finally:
                self._followers.pop(woken, None)

    def _wake(self) -> None:
        for woken in self._followers:
            if not woken.done():
                woken.set_result(None)
