"""Processes of the product, for tests that end or kill them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.local.environment import ROOT
from tests.ops.processes import Start


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `manage.py …`; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str, log: Path | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", *arguments]
        with (log or Path(os.devnull)).open("wb") as errors:
            started.append(subprocess.Popen(command, cwd=ROOT, stderr=errors if log else None))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait(10)
