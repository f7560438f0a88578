"""What the two embedded servers have in common: one program on one folder, on a loopback port of its own."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from companion.local.processes import POLL_S, free_port, last_line, launch, stop, stop_stranger
from companion.local.refusal import Refusal

START_S = 60.0
STOP_S = 30.0
PORTS_TRIED = 3


class EmbeddedServer(ABC):
    """Started and stopped from the main thread (processes.dies_with_parent says why)."""

    title: ClassVar[str]
    program_name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]
    complaints: ClassVar[tuple[str, ...]]
    passing: ClassVar[tuple[str, ...]] = ()  # of the complaints, those that end by themselves

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        """home: its folder, made when absent. durable=False gives up what a power cut would need: for tests."""
        self.home = home
        self.log = home / "server.log"
        self.port = 0
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it takes connections. Raises Refusal. A second start keeps the port."""
        self.stop()
        self.home.mkdir(parents=True, exist_ok=True)
        self._end_earlier_run()
        self._prepare()
        until = time.monotonic() + START_S
        tries = 1 if self.port else PORTS_TRIED
        while tries:
            port = self.port or free_port()
            self._process = launch(self._command(port), log=self.log, environ=self._environ())
            if self._comes_up(port):
                self.port = port
                return
            reason = last_line(self.log, (*self.complaints, "setpriv")) or "no reason given"
            if not any(words in reason for words in self.passing) or time.monotonic() > until:
                tries -= 1
        raise Refusal(f"{self.title} does not start: {reason} (the whole story is in {self.log}).")

    def stop(self) -> None:
        """Ends it as its own manual asks: everything acknowledged is on disk."""
        if self._process is not None:
            stop(self._process, self.stop_signal, within_s=STOP_S)
            self._process = None

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _comes_up(self, port: int) -> bool:
        """Whether it answered before it ended or the time was up."""
        until = time.monotonic() + START_S
        while self.running() and time.monotonic() < until:
            if self._answers(port):
                return True
            time.sleep(POLL_S)
        self.stop()
        return False

    def _end_earlier_run(self) -> None:
        """A server that outlived its run still holds the folder: it is shut down, which loses nothing."""
        if not self._pid_file().exists():
            return
        pid = self._pid_file().read_text().partition("\n")[0].strip()
        if pid.isdigit():
            stop_stranger(int(pid), self.program_name, self._pid_file().parent, self.stop_signal, within_s=STOP_S)

    def _environ(self) -> Mapping[str, str] | None:
        return None

    @abstractmethod
    def _prepare(self) -> None:
        """Makes or checks the data. Raises Refusal."""

    @abstractmethod
    def _pid_file(self) -> Path:
        """Where the server writes its number; its parent is the server's working directory."""

    @abstractmethod
    def _command(self, port: int) -> list[str]: ...

    @abstractmethod
    def _answers(self, port: int) -> bool: ...
