"""The kill switches: when they were thrown, and what a process that polls them knows of it (tenancy/switches.py)."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tests.simulation.process import Process

POLL_S = 0.15
# tenancy/switches.py has the same two; it cannot be loaded without Django's settings, and a simulation has none.
STALE_S = 0.5
GIVE_UP_S = 5.0


@dataclass(frozen=True, slots=True)
class SwitchState:
    since: float
    paused: bool = False
    killed: frozenset[str] = frozenset()


class Panel:
    """The rows in Postgres, with their history."""

    def __init__(self) -> None:
        self.history = [SwitchState(0.0)]

    def set(self, now: float, *, paused: bool | None = None, killed: frozenset[str] | None = None) -> None:
        last = self.history[-1]
        self.history.append(
            SwitchState(now, last.paused if paused is None else paused, last.killed if killed is None else killed)
        )

    @property
    def now(self) -> SwitchState:
        return self.history[-1]

    def at(self, moment: float) -> SwitchState:
        return next(state for state in reversed(self.history) if state.since <= moment)


class PolledSwitches:
    """One process's snapshot: that of its last good poll. Polls are computed when asked for, which costs no timers."""

    def __init__(self, panel: Panel, process: "Process", phase: float) -> None:
        self._panel = panel
        self._process = process
        self._phase = phase
        self._began = self._now()
        self._blind: list[tuple[float, float]] = []

    def blind(self, seconds: float) -> None:
        """No poll succeeds for so long."""
        self._blind.append((self._now(), self._now() + seconds))

    def read_at(self) -> float:
        """When the last good poll was."""
        moment = self._last_poll(self._now())
        for begin, end in sorted(self._blind, reverse=True):
            if begin <= moment < end:
                moment = self._last_poll(begin)
        return max(moment, self._began)

    def text_paused(self, _artist: UUID) -> bool:
        return self._panel.at(self.read_at()).paused

    def provider_killed(self, name: str) -> bool:
        return name in self._panel.at(self.read_at()).killed

    def fresh(self) -> bool:
        return self._now() - self.read_at() <= STALE_S

    async def wait_until_fresh(self) -> bool:
        give_up_at = self._now() + GIVE_UP_S
        while not self.fresh():
            if self._now() >= give_up_at:
                return False
            await asyncio.sleep(POLL_S)
            await self._process.going()
        return True

    def _last_poll(self, moment: float) -> float:
        return (moment - self._phase) // POLL_S * POLL_S + self._phase

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
