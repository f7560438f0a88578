"""Several processes, the two servers that they share, one fan with a few devices, and what befalls them."""

import asyncio
import contextvars
import random
from collections import Counter
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from memory.contracts import Recalled
from tests.simulation.device import Device
from tests.simulation.faults import Fault, Happened, Mix
from tests.simulation.postgres import Postgres
from tests.simulation.process import Process
from tests.simulation.redis import Redis
from tests.simulation.switches import Panel
from tests.simulation.upstream import KINDS, NAMES, Script, write_script
from tests.simulation.virtual import VirtualClock, VirtualLoop

TEXTS = ("hello there", "how are you", "sing for me") * 3 + ("deflect me", "block me", "hold me", "crisis now")
OF_A_PROCESS = (Fault.CRASH, Fault.STALL, Fault.DRAIN, Fault.PARTED, Fault.REDIS_PARTED, Fault.STALE)
# By then everything has ended, or something is wrong.
PATIENCE_S = 240.0
# Longer than a stall: whatever a process taken for dead still wants to do, it has tried by then.
QUIET_S = 10.0


class World:
    """`postgres` and `redis` may be broken ones: the checks must notice."""

    def __init__(self, seed: int, loop: VirtualLoop, mix: Mix, postgres: Postgres, redis: Redis) -> None:
        self.rng = random.Random(seed)
        self.clock = VirtualClock(loop)
        self.mix = mix
        self.plan = mix.plan(self.rng)
        self.postgres, self.redis, self.panel = postgres, redis, Panel()
        self.artist, self.fan = UUID(int=1), UUID(int=2)
        self.turn_timeout_s = self.rng.choice((8.0, 60.0, 60.0))
        self.happened: Happened = Counter()
        self.history: list[str] = []
        self.violations: list[str] = []
        self.calls: Counter[tuple[str, int]] = Counter()
        self.struck: Counter[Fault] = Counter()
        self.open_streams = 0
        self.turns: dict[str, UUID] = {}
        self.asked_at: dict[str, float] = {}
        self.admitted_at: dict[str, float] = {}
        self.texts: dict[str, str] = {}
        self.processes: list[Process] = []
        self.devices: list[Device] = []
        self.scripts: list[Script] = []  # what the upstreams do next, where a test says so
        self.recalled = Recalled()
        self.expected: list[str] = []  # messages whose recall was prepared
        self._scripts = 0
        self._awaits = 0
        self._ids = 1000
        self._redis_away_until = self._postgres_away_until = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    # -- a run -----------------------------------------------------------------------------------------------------

    async def play(self) -> None:
        for _ in range(self.rng.choice((1, 2, 2, 3))):
            self.start_process()
        self._add_device()
        self._add_device()
        for _ in range(self.rng.randint(1, 2)):
            self._spawn(self._say_something(self.devices[0]))
            await self._until_quiet()

    async def _until_quiet(self) -> None:
        """Faults may add work while we wait, and also in the quiet after it."""
        while waiting := [task for task in self._tasks if not task.done()]:
            await asyncio.wait(waiting)
            await self._until_all_ended()
            await asyncio.sleep(QUIET_S)
        for task in self._tasks:
            task.result()

    async def _until_all_ended(self) -> None:
        while any(row.status == "running" for row in self.postgres.turns.values()):
            await asyncio.sleep(0.5)
            if self.clock.monotonic() > PATIENCE_S:
                self.violations.append("a turn has no ending")
                return

    def end(self) -> None:
        for process in self.processes:
            process.die()

    # -- what the others ask ---------------------------------------------------------------------------------------

    def new_id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)

    def trip_s(self) -> float:
        return self.rng.choice((0.0, 0.001, self.mix.slowest_trip_s))

    def redis_reachable(self) -> bool:
        return self.clock.monotonic() >= self._redis_away_until

    def postgres_reachable(self) -> bool:
        return self.clock.monotonic() >= self._postgres_away_until

    def next_script(self, provider: str) -> Script:
        self._scripts += 1
        script = self.scripts.pop(0) if self.scripts else write_script(self.rng, provider, self._scripts, KINDS)
        self.happened[f"upstream {script.kind}"] += 1
        return script

    def count_call(self, process: Process) -> None:
        self.calls[process.name, int(self.clock.monotonic())] += 1

    def pick(self) -> Process:
        """A balancer's choice: it knows who died, and who drains, but not who stands still."""
        alive = [process for process in self.processes if process.alive]
        ready = [process for process in alive if not process.lifecycle.draining]
        return self.rng.choice(ready if ready and self.rng.random() < 0.9 else alive)

    def note_turn(self, client_message_id: str, turn: UUID) -> None:
        if self.turns.setdefault(client_message_id, turn) != turn:
            self.violations.append(f"{client_message_id} has two turns")
        self.admitted_at.setdefault(client_message_id, self.clock.monotonic())

    def newest_turn(self) -> UUID | None:
        return next(reversed(self.postgres.turns), None)

    # -- faults ----------------------------------------------------------------------------------------------------

    def strike(self, process: Process, what: str) -> Fault | None:
        """Called at every await. Returns what concerns this one call alone."""
        number, self._awaits = self._awaits, self._awaits + 1
        fault = self.plan.strikes.get(number)
        if fault is None or not process.alive:
            return None
        self.struck[fault] += 1
        self.history.append(f"{self.clock.monotonic():8.3f} s  await {number}, {process.name} {what}: {fault}")
        self._cause(fault, process)
        return fault

    def _cause(self, fault: Fault, process: Process) -> None:
        if fault in OF_A_PROCESS:
            self._befall(fault, process)
        elif fault in (Fault.KILL_TEXT, Fault.KILL_PROVIDER):
            self._throw_switch(fault)
        elif fault in (Fault.REDIS_AWAY, Fault.REDIS_EMPTIED, Fault.POSTGRES_AWAY):
            self._take_away(fault)
        else:
            self._fan_does(fault)

    def _befall(self, fault: Fault, process: Process) -> None:
        match fault:
            case Fault.CRASH:
                process.die()
                self.replace_soon(process)
            case Fault.STALL:
                process.stall(self.rng.uniform(5, 9))
            case Fault.DRAIN:
                process.drain()
            case Fault.PARTED:
                process.part(self.rng.uniform(1, 12))
            case Fault.REDIS_PARTED:
                process.part_from_redis(self.rng.choice((0.5, 1.8, 2.3, 8)))
            case Fault.STALE:
                process.switches.blind(self.rng.choice((0.4, 0.8, 2, 7)))

    def _take_away(self, fault: Fault) -> None:
        now = self.clock.monotonic()
        if fault is Fault.REDIS_EMPTIED:
            self.redis.empty()
        elif fault is Fault.REDIS_AWAY:
            self._redis_away_until = now + self.rng.choice((0.3, 1.5, 3, 9))
        else:
            seconds = self.rng.choice((0.3, 3, 14))
            self._postgres_away_until = now + seconds
            for process in self.processes:
                process.switches.blind(seconds)

    def _throw_switch(self, fault: Fault) -> None:
        now = self.clock.monotonic()
        if fault is Fault.KILL_TEXT:
            self.panel.set(now, paused=True)
        else:
            self.panel.set(now, killed=self.panel.now.killed | {self.rng.choice(NAMES)})
        self._tell_processes()
        asyncio.get_running_loop().call_later(self.rng.uniform(0.5, 5), self._lift_switches)

    def _lift_switches(self) -> None:
        self.panel.set(self.clock.monotonic(), paused=False, killed=frozenset())
        self._tell_processes()

    def _tell_processes(self) -> None:
        for process in self.processes:
            process.notice_switches(self.clock.monotonic())

    def _fan_does(self, fault: Fault) -> None:
        device = self.rng.choice(self.devices)
        known = self.rng.choice(list(self.texts))
        match fault:
            case Fault.SECOND_MESSAGE:
                self._spawn(self._say_something(device))
            case Fault.REPEAT:
                self._spawn(self._add_device().say(known, self.texts[known]))
            case Fault.OTHER_TEXT if known in self.turns:
                self._spawn(device.say_otherwise(known))
            case Fault.CANCEL:
                self._spawn(device.cancel())
            case Fault.CUT:
                device.drop()

    def replace_soon(self, process: Process) -> None:
        """The supervisor starts another in the place of one that died or has drained."""
        process.die()
        asyncio.get_running_loop().call_later(self.rng.uniform(0.2, 3), self.start_process)
        if not any(other.alive for other in self.processes):
            self.start_process()

    def start_process(self) -> Process:
        self.processes.append(Process(self, f"process {len(self.processes)}"))
        return self.processes[-1]

    def _add_device(self) -> Device:
        self.devices.append(Device(self, f"device {len(self.devices)}"))
        return self.devices[-1]

    def _say_something(self, device: Device) -> Coroutine[Any, Any, None]:
        client_message_id = f"message {len(self.texts)}"
        self.asked_at[client_message_id] = self.clock.monotonic()
        self.texts[client_message_id] = text = self.rng.choice(TEXTS)
        return device.say(client_message_id, text)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Work of nobody's process."""
        context = contextvars.Context()
        self._tasks.append(context.run(asyncio.get_running_loop().create_task, work))
