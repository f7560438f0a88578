"""The turns that run in this process: found by id, renewed, stopped by switches, handed over at the end."""

import asyncio
from uuid import UUID

import structlog

from conversations.turn.contracts import Interruption
from conversations.turn.control import TurnControl
from conversations.turn.engine import run_turn
from conversations.turn.errors import StoreAway
from conversations.turn.ports import TurnPorts
from conversations.turn.sql import RENEW_S

log = structlog.get_logger(__name__)


class TurnRegistry:
    def __init__(self, ports: TurnPorts) -> None:
        self._ports = ports
        self._running: dict[UUID, TurnControl] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def get(self, turn: UUID) -> TurnControl | None:
        return self._running.get(turn)

    def start(self, control: TurnControl) -> None:
        """Runs the turn as a task of its own: it outlives the socket that asked for it."""
        lost = self._running.get(control.request.turn)
        if lost is not None:
            lost.interrupt(Interruption.HANDED_OVER)  # we took over what we had let lapse ourselves
        self._running[control.request.turn] = control
        task = asyncio.create_task(self._run(control))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, control: TurnControl) -> None:
        try:
            await run_turn(control, self._ports)
        finally:
            # A turn that we lost and took over again has another control by now.
            if self._running.get(control.request.turn) is control:
                del self._running[control.request.turn]

    def apply_switches(self) -> None:
        """Stops what a kill switch concerns. Called after each change of the switches."""
        switches = self._ports.switches
        for control in self._running.values():
            if switches.text_paused(control.request.artist):
                control.interrupt(Interruption.PAUSED)
            elif control.speaker and switches.provider_killed(control.speaker):
                control.interrupt(Interruption.PROVIDER_KILLED)

    async def renew_for_ever(self) -> None:
        """From the second round on that a turn sees: the usual one ends before that, and costs no statement."""
        seen: set[TurnControl] = set()
        while True:
            await self._ports.sleep(RENEW_S)
            running = set(self._running.values())
            # All at once: one after the other, the last of many leases could lapse under load.
            await asyncio.gather(*(self._renew(control) for control in running & seen))
            seen = running

    async def _renew(self, control: TurnControl) -> None:
        try:
            ours = await self._ports.store.renew(control.request)
        except StoreAway:
            return  # tried again in RENEW_S; a lapsed lease can be taken, and then our epoch is refused
        if not ours and control.interruptible:
            log.warning("turn.lost_lease", turn=str(control.request.turn))
            control.interrupt(Interruption.HANDED_OVER)

    async def drain(self, seconds: float) -> None:
        """Waits for the running turns; those that take longer are handed over to another process."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for control in list(self._running.values()):
            control.interrupt(Interruption.HANDED_OVER)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)
