"""Everything of this process that turns and sockets need, started once: pools, Redis, feed, switches, hub, service.

All of it is process-local; what must be shared between processes lies in Postgres and Redis (docs/adr/0004).
"""

import asyncio
import os
import signal
import socket
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
import structlog
from django.conf import settings
from psycopg_pool import PoolTimeout
from redis.exceptions import RedisError

from companion.kernel import breaker, presence
from companion.kernel.changes import ChangeFeed
from companion.kernel.errors import CompanionError, Unavailable
from companion.kernel.lifecycle import lifecycle
from companion.kernel.metrics import OPEN_SOCKETS
from companion.kernel.postgres import Pool, open_pool
from companion.kernel.redis import connect
from companion.providers.embeddings import configured
from conversations.transports.hub import Hub, Socket
from conversations.transports.limits import FanLimits
from conversations.transports.revocations import Revocations
from conversations.turn.contracts import Interruption, TurnEvent
from conversations.turn.registry import TurnRegistry
from conversations.turn.service import TurnService
from conversations.turn.store import lapsed_turns
from conversations.turn.wiring import Process, Providers, build_ports
from moderation.moderator import Moderator
from moderation.rulebook import RuleBook
from personas.honesty import Meaning
from tenancy.switches import SwitchBoard

log = structlog.get_logger(__name__)
# The client's longest blocking read (service.LOG_WAIT_S) and some room.
BLOCKING_S = 5.0
SWEEP_S = 3.0


class Runtime:
    """One a process. `start` before the first request, `stop` after the drain."""

    def __init__(self) -> None:
        self.process = f"{socket.gethostname()}:{os.getpid()}"
        self.redis = connect(settings.REDIS_URL)
        self._blocking = connect(settings.REDIS_URL, answer_s=BLOCKING_S)
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    async def start(self) -> None:
        """Opens the pools, reads switches and rules for the first time, and begins to follow changes."""
        self.pool: Pool = await open_pool(settings.DATABASE_URL, size=16, name="turns", vectors=True)
        self._control_pool: Pool = await open_pool(settings.DATABASE_SYSTEM_URL, size=3, name="control")
        self.feed = ChangeFeed(self._control_pool)
        self.switches = SwitchBoard(self._control_pool, self.feed)
        self.hub = Hub(self.process, self._cancel_turn)
        self.limiter = FanLimits(self.redis)
        self.providers = Providers.from_settings()
        meaning = Meaning()
        await meaning.learn(configured.minilm, configured.models_folder())
        rules = RuleBook(self._control_pool, self.feed)
        self.moderator = Moderator(rules, self.providers.classifier, self.switches.provider_killed)
        self.ports = build_ports(
            Process(
                name=self.process,
                redis=self.redis,
                blocking_redis=self._blocking,
                pool=self.pool,
                providers=self.providers,
                switches=self.switches,
                moderator=self.moderator,
                limiter=self.limiter,
                peers=self.hub,
                meaning=meaning,
            )
        )
        self.registry = TurnRegistry(self.ports)
        self.service = TurnService(self.ports, self.registry)
        self.switches.on_change(self._apply_switches)
        Revocations(self._control_pool, self.hub).subscribe(self.feed)
        # A restarted Postgres leaves dead connections in the pools; each would cost one turn.
        self.feed.on_recovery(self.pool.check)
        self.feed.on_recovery(self._control_pool.check)
        await self.feed.start()
        for work in (
            self.feed.run(),
            self.hub.run(),
            self.hub.sweep(),
            self.registry.renew_for_ever(),
            self._finish_lapsed_turns(),
            self._tell_presence(),
        ):
            self._keep(work)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(RedisError, OSError):
            await presence.leave(self.redis, self.process)
        await self.providers.aclose()
        for closing in (self.redis.aclose(), self._blocking.aclose(), self.pool.close(), self._control_pool.close()):
            await closing

    async def drain(self, seconds: float) -> None:
        """Idle sockets are sent away at once, the others after their ending event; long turns are handed over."""
        for open_socket in self.hub:
            open_socket.send_away()
        await self.registry.drain(seconds)

    async def add_socket(self, opened: Socket, *, alone: bool) -> None:
        """`alone`: the fan has no other socket anywhere. Raises Unavailable when Redis is away; the socket is removed
        by `remove_socket` then as well.
        """
        OPEN_SOCKETS.inc()
        try:
            await self.hub.add(opened, alone=alone)
        except (RedisError, OSError) as away:
            raise Unavailable from away

    async def remove_socket(self, closed: Socket) -> None:
        OPEN_SOCKETS.dec()
        await self.hub.remove(closed)
        await self.limiter.forget_socket(closed.fan, closed.id)

    async def may_write(self, artist: UUID, event: TurnEvent) -> bool:
        """The last gate before a socket: the persona's words wait for fresh switches and stop at a kill."""
        if not event.carries_words:
            return True
        while not self.switches.fresh():
            if not await self.switches.wait_until_fresh():
                return False
        return not self.switches.text_paused(artist)

    async def _finish_lapsed_turns(self) -> None:
        """Ends the turns of dead processes that no client asks for. Several processes may: the epoch picks one."""
        while True:
            await asyncio.sleep(SWEEP_S)
            if lifecycle.draining:
                return
            try:
                snapshots = await lapsed_turns(self._control_pool)
                await asyncio.gather(*(self.service.finish_lapsed(snapshot) for snapshot in snapshots))
            except (psycopg.Error, PoolTimeout, CompanionError) as error:
                log.warning("runtime.sweep_failed", error=type(error).__name__)

    async def _tell_presence(self) -> None:
        """Each second, and at once after a change of the switches; a Redis that is away is told the next time."""
        while True:
            self._changed.clear()
            board = self.switches
            with suppress(RedisError, OSError):
                await presence.tell(
                    self.redis, self.process, board.state.fingerprint, board.applied_at, breaker.states()
                )
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), presence.EVERY_S)

    def _apply_switches(self) -> None:
        self.registry.apply_switches()
        self._changed.set()
        for open_socket in self.hub:
            if self.switches.text_paused(open_socket.artist):
                open_socket.dismiss(4403, "paused")

    def _cancel_turn(self, turn: UUID) -> None:
        control = self.registry.get(turn)
        if control is not None:
            control.interrupt(Interruption.CANCELLED)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.critical("runtime.task_died", exc_info=task.exception())
            signal.raise_signal(signal.SIGTERM)  # drains and ends; the supervisor or the cluster starts another


_runtime: Runtime | None = None


def runtime() -> Runtime:
    """This process's runtime. It is made at the first call and started by the process's lifecycle."""
    global _runtime
    if _runtime is None:
        _runtime = Runtime()
    return _runtime


def register() -> None:
    """Ties the runtime to the process's life; called once by companion/asgi.py."""
    lifecycle.on_start(runtime().start)
    lifecycle.on_drain(runtime().drain)
    lifecycle.on_stop(runtime().stop)
