"""Listening to `make`, which started us: it does not pass on everything that it is told."""

import asyncio
import os
import signal
from pathlib import Path

import psutil

WATCH_S = 0.25
NAMES = ("make", "gmake")


async def ended() -> None:
    """Returns when the make that started us is gone or was interrupted; without a make, never.

    Ctrl-C in a terminal reaches us too. But `kill -INT` on make alone does not: GNU make then waits for its recipe
    without a word, in its signal handler, where SIGINT is blocked; so that is what we look at.
    """
    parent = os.getppid()
    if not _is_make(parent):
        await asyncio.Event().wait()
    while os.getppid() == parent and not _interrupted(parent):  # noqa: ASYNC110  # another program's state has no event
        await asyncio.sleep(WATCH_S)


def _is_make(pid: int) -> bool:
    try:
        return psutil.Process(pid).name() in NAMES
    except psutil.NoSuchProcess:
        return False


def _interrupted(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True
    blocked = next(line.split()[1] for line in status.splitlines() if line.startswith("SigBlk:"))
    return bool(int(blocked, 16) & 1 << (signal.SIGINT - 1))
