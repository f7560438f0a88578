"""What a test needs of another process: to start it, and to see what it has done."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class Start(Protocol):
    """Of the fixture `start`."""

    def __call__(self, *arguments: str, log: Path | None = None) -> subprocess.Popen[bytes]: ...


def until(true: Callable[[], bool], within_s: float = 90.0) -> None:
    """Waits for what another process writes: Postgres and Redis tell no one of it."""
    give_up_at = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
