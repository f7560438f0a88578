"""Starting and ending programs so that none outlives the one that started it."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from companion.local.refusal import Refusal

LOOPBACK = "127.0.0.1"
POLL_S = 0.02


def dies_with_parent(signal_name: str) -> list[str]:
    """A command prefix: the kernel sends the signal when the process that started it dies, even of SIGKILL.

    The signal follows the thread that starts the program, so programs are started from the main thread.
    """
    setpriv = shutil.which("setpriv") or shutil.which("setpriv", path="/usr/bin:/bin")
    if setpriv is None:
        raise Refusal("The program setpriv is missing: install util-linux (Debian: apt-get install util-linux).")
    return [setpriv, "--pdeathsig", signal_name]


def launch(command: Sequence[str], *, log: Path, environ: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Starts a program in a session of its own, so that Ctrl-C reaches only us; its output is added to the log."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=None if environ is None else dict(environ),
        )


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def listening(host: str, port: int) -> bool:
    """Whether the port cannot be had. A socket that lingers from an earlier run does not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def stop(process: subprocess.Popen[bytes], number: signal.Signals, *, within_s: float) -> None:
    """Sends the signal, waits, and kills what has not ended by then."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop_stranger(pid: int, name: str, directory: Path, number: signal.Signals, *, within_s: float) -> None:
    """Ends a server of an earlier run. Raises Refusal when it does not end.

    A process number may have passed to another program: only one of that name that works in that directory counts.
    """
    try:
        process = psutil.Process(pid)
        if process.name() != name or Path(process.cwd()) != directory.resolve():
            return
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied:
        raise Refusal(
            f"{name} (process {pid}) of an earlier run belongs to another user: end it, then run again."
        ) from None
    until = time.monotonic() + within_s
    while alive(process):
        if time.monotonic() > until:
            raise Refusal(f"{name} (process {pid}) of an earlier run does not stop: end it, then run again.")
        time.sleep(POLL_S)


def alive(process: psutil.Process) -> bool:
    """Whether it still runs. What only waits for its parent to notice (in a container, perhaps for ever) does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def last_line(log: Path, marks: Sequence[str]) -> str:
    """The last line of a log that has one of the marks, for a sentence about what went wrong."""
    if not log.exists():
        return ""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-200:]
    return next((line for line in reversed(lines) if any(mark in line for mark in marks)), lines[-1] if lines else "")
