"""The sockets of this process, and the control messages that reach them from other processes.

One channel a process, not one a socket: it is subscribed to the group of each fan who has a socket here. Tokens never
travel this way; they go from the turn's task straight to its socket.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Protocol
from uuid import UUID

import structlog
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from conversations.turn.contracts import SpokenMessage

log = structlog.get_logger(__name__)
SWEEP_S = 30.0
RETRY_S = 0.5
SHOW_S = 0.5


class Socket(Protocol):
    """What the hub needs of an open socket."""

    id: str
    artist: UUID
    fan: UUID
    user: UUID
    session: str

    async def show(self, message: dict[str, Any]) -> None:
        """Sends `message.created`, unless the socket has been dismissed."""

    def dismiss(self, code: int, reason: str) -> None:
        """Closes soon: after the ending event of a turn that is just ending."""

    def send_away(self) -> None:
        """The process drains: closes with 1012 and a hint when to come back; now, or after the turn's ending event."""

    def carries(self, turn: UUID) -> bool:
        """Whether this socket gets, or just got, the turn's own events."""

    async def renew(self) -> None:
        """Keeps this socket in the fan's count."""

    def is_silent(self) -> bool:
        """No frame from the client for three heartbeats."""


class Hub:
    def __init__(self, process: str, cancel_turn: Callable[[UUID], None]) -> None:
        self._process = process
        self._cancel_turn = cancel_turn
        self._layer = get_channel_layer()
        self._channel = ""
        self._by_fan: dict[UUID, set[Socket]] = {}
        # Fans of ours who have, or had a while ago, another socket somewhere.
        self._in_company: set[UUID] = set()

    def __len__(self) -> int:
        return sum(map(len, self._by_fan.values()))

    def __iter__(self) -> Iterator[Socket]:
        return (socket for sockets in list(self._by_fan.values()) for socket in list(sockets))

    async def add(self, socket: Socket, *, alone: bool) -> None:
        """Raises RedisError or OSError when the fan's group cannot be joined.

        Where a fan is not `alone` with this socket, the processes of her other sockets are told.
        """
        first = socket.fan not in self._by_fan
        self._by_fan.setdefault(socket.fan, set()).add(socket)
        if first and self._channel:
            await self._layer.group_add(_fan_group(socket.fan), self._channel)
        if not alone:
            self._in_company.add(socket.fan)
            await self._send(_fan_group(socket.fan), {"type": "company", "fan": str(socket.fan)})

    async def remove(self, socket: Socket) -> None:
        sockets = self._by_fan.get(socket.fan, set())
        sockets.discard(socket)
        if not sockets:
            self._in_company.discard(socket.fan)
        if not sockets and self._by_fan.pop(socket.fan, None) is not None and self._channel:
            try:
                await self._layer.group_discard(_fan_group(socket.fan), self._channel)
            except (RedisError, OSError) as error:
                log.warning("hub.leave_failed", error=type(error).__name__)  # a spare subscription does no harm

    def of_fan(self, fan: UUID) -> list[Socket]:
        return list(self._by_fan.get(fan, ()))

    # -- to other processes --------------------------------------------------------------------------------------

    async def said(self, artist: UUID, fan: UUID, message: SpokenMessage, origin: str) -> None:
        if self._only_hears_itself(fan, origin):
            return  # the usual case, and two messages a turn through Redis and back
        await self._send(
            _fan_group(fan), {"type": "said", "fan": str(fan), "message": message.as_json(), "origin": origin}
        )

    def _only_hears_itself(self, fan: UUID, origin: str) -> bool:
        sockets = self._by_fan.get(fan, set())
        return fan not in self._in_company and {socket.id for socket in sockets} == {origin}

    async def cancel(self, owner: str, turn: UUID) -> None:
        await self._send(_process_group(owner), {"type": "cancel", "turn": str(turn)})

    async def _send(self, group: str, message: dict[str, Any]) -> None:
        try:
            await self._layer.group_send(group, message)
        except (RedisError, OSError) as error:
            log.warning("hub.send_failed", error=type(error).__name__)

    # -- from other processes ------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Receives control messages for ever; joins its groups anew when Redis was away."""
        while True:
            try:
                await self._join()
                while True:
                    await self._handle(await self._layer.receive(self._channel))
            except (RedisError, OSError) as error:
                log.warning("hub.receive_failed", error=type(error).__name__)
                await asyncio.sleep(RETRY_S)

    async def sweep(self) -> None:
        """Closes sockets whose client has gone silent, and keeps the others in their fans' counts."""
        while True:
            await asyncio.sleep(SWEEP_S)
            for socket in self:
                if socket.is_silent():
                    socket.dismiss(4408, "silent")
                else:
                    await socket.renew()

    async def _join(self) -> None:
        self._channel = self._channel or await self._layer.new_channel("process")
        await self._layer.group_add(_process_group(self._process), self._channel)
        for fan in list(self._by_fan):
            await self._layer.group_add(_fan_group(fan), self._channel)

    async def _handle(self, message: dict[str, Any]) -> None:
        if message["type"] == "cancel":
            self._cancel_turn(UUID(message["turn"]))
        elif message["type"] == "company":
            if UUID(message["fan"]) in self._by_fan:
                self._in_company.add(UUID(message["fan"]))
        elif message["type"] == "said":
            for socket in self.of_fan(UUID(message["fan"])):
                if socket.id != message["origin"] and not socket.carries(UUID(message["message"]["turn"])):
                    await self._show(socket, message["message"])

    @staticmethod
    async def _show(socket: Socket, message: dict[str, Any]) -> None:
        """A client that has stopped reading is sent away: every other fan's control messages wait behind this one."""
        try:
            async with asyncio.timeout(SHOW_S):
                await socket.show(message)
        except TimeoutError:
            socket.dismiss(4408, "silent")


def _fan_group(fan: UUID) -> str:
    return f"fan.{fan}"


def _process_group(process: str) -> str:
    return f"process.{process}"
