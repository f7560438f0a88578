"""`make run` for tests: the supervisor as a process of its own, on a data directory and a port of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import psutil

from companion.local.environment import DATABASES, ROOT
from companion.local.files import read_json
from companion.local.processes import alive
from tests.models import share_models

START_S = 240.0
# What the tests' own servers put into the environment.
FOREIGN = {*DATABASES, "REDIS_URL", "DJANGO_SETTINGS_MODULE", "COMPANION_DATA_DIR", "PORT"}


def eventually(holds: Callable[[], bool], *, within_s: float = START_S) -> None:
    """Waits for what another process does; fails when it does not. By default as long as a start may take."""
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


class Product:
    """One data directory; it may be started again and again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        share_models(data)
        self.output = data.parent / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        environ = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.record.unlink(missing_ok=True)  # of a run that was killed
        environ |= {"COMPANION_DATA_DIR": str(self.data), "PORT": "0"}
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "companion.local", "run"], cwd=ROOT, env=environ, stdout=output, stderr=output
            )
        eventually(lambda: self.record.exists() or self._ended())
        assert not self._ended(), self.said()
        return self

    def send(self, number: signal.Signals) -> int:
        """Sends a signal to the supervisor and waits for its end; its exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(60)

    def stop(self) -> None:
        if not self._ended():
            self.send(signal.SIGTERM)

    @property
    def record(self) -> Path:
        return self.data / "run.json"

    def run(self) -> dict[str, Any]:
        return read_json(self.record)

    def pid(self, name: str) -> int:
        """Of one of the product's processes, as run.json has it; 0 while it is not there."""
        return int(self.run().get("pids", {}).get(name, 0))

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        assert self._process is not None
        supervisor = psutil.Process(self._process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """manage.py with nothing but the data directory, as an operator calls it."""
        environ = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return subprocess.run(
            [self.run()["python"], str(ROOT / "manage.py"), *arguments],
            env=environ | {"COMPANION_DATA_DIR": str(self.data)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None


def none_alive(processes: list[psutil.Process]) -> bool:
    return not any(alive(process) for process in processes)
