"""`make run` stops when make is told to, however it is told."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from companion.local.environment import ROOT
from companion.local.processes import alive
from tests.local.product import eventually

WAITER = f"""
import asyncio, sys
sys.path.insert(0, {str(ROOT)!r})
from companion.local import parent

async def main():
    waiting = asyncio.create_task(parent.ended())
    await asyncio.sleep(0)
    print("listening", flush=True)
    await waiting

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_signal_to_make_alone_reaches_what_it_runs(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "waiter.py").write_text(WAITER)
    (tmp_path / "Makefile").write_text(f"run:\n\t@exec {sys.executable} waiter.py\n")
    # A background job of a shell inherits an ignored SIGINT, and CI may be one: make has to be able to hear it.
    command = ["env", "--default-signal=INT", "make", "--no-print-directory", "run"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, start_new_session=True) as make:
        try:
            assert make.stdout is not None
            assert make.stdout.readline() == b"listening\n"
            (waiter,) = psutil.Process(make.pid).children()

            make.send_signal(number)

            make.wait(10)
            eventually(lambda: not alive(waiter), within_s=10)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(make.pid, signal.SIGKILL)  # a failure must not wait for them
