"""One program under the supervisor: a process of the product, or a step before them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import psutil

from companion.local.environment import ROOT
from companion.local.output import Output
from companion.local.processes import POLL_S, alive, dies_with_parent

LINE = 64 * 1024
LAST_WORDS_S = 1.0


@dataclass
class Child:
    """A program in a session of its own, so that Ctrl-C reaches the supervisor alone; its output is printed by lines.

    It is killed when the supervisor dies: turns survive that by their leases, and no orphan holds the port.
    captured: what it writes to stdout is kept in `answer` instead of printed.
    """

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    output: Output
    captured: bool = False
    answer: str = field(default="", init=False)
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process and self.process.returncode is None else None

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *dies_with_parent("KILL"),
            *self.command,
            cwd=ROOT,
            env=dict(self.environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LINE,
            start_new_session=True,
        )

    async def ended(self) -> int:
        """Prints what it says until it ends; the exit status, negative for a signal's number."""
        if self.process is None or self.process.stdout is None or self.process.stderr is None:
            raise RuntimeError(f"{self.name} was not started")
        answer = self._keep(self.process.stdout) if self.captured else self._print(self.process.stdout)
        reading = [asyncio.create_task(answer), asyncio.create_task(self._print(self.process.stderr))]
        try:
            status = await self.process.wait()
            # A grandchild may hold the pipes open: its words do not delay a new start.
            await asyncio.wait(reading, timeout=LAST_WORDS_S)
        finally:
            for task in reading:
                task.cancel()
        return status

    async def stop(self, *, within_s: float) -> None:
        """SIGTERM, time to drain, then SIGKILL to it and to whatever it started. `ended` goes on printing meanwhile."""
        if self.process is None:
            return
        family = _family(self.process.pid) if self.process.returncode is None else []
        if family:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), within_s)
            except TimeoutError:
                self.output.line(self.name, f"does not end within {within_s:.0f} s and is killed")
        for member in family:
            _kill(member)
        await self.process.wait()
        while any(alive(member) for member in family):  # noqa: ASYNC110  # a grandchild's end is no event of ours
            await asyncio.sleep(POLL_S)

    async def _print(self, stream: asyncio.StreamReader) -> None:
        while line := await _line(stream):
            self.output.line(self.name, line.decode(errors="replace").rstrip())

    async def _keep(self, stream: asyncio.StreamReader) -> None:
        self.answer = (await stream.read()).decode()


async def _line(stream: asyncio.StreamReader) -> bytes:
    """The next line, or a piece of a longer one; empty at the end."""
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as overrun:
        return await stream.read(overrun.consumed)


def _family(pid: int) -> list[psutil.Process]:
    """The process and all that it started, as far as they live."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _kill(process: psutil.Process) -> None:
    """psutil compares start times, so that a number that passed to another program is never hit."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
