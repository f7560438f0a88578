"""An environment of its own for each peer, made once of its pinned file and kept until that changes."""

import hashlib
import subprocess
import sys
from pathlib import Path

from companion.local.environment import ROOT

HERE = Path(__file__).resolve().parent
KEPT = ROOT / ".data" / "peers"
UV = Path(sys.executable).parent / "uv"
PYTHON = "3.11"
INSTALL_S = 1200
REASON_LENGTH = 160


class NotInstalled(Exception):
    """A peer that cannot be measured here; the message says why."""


def ensure(name: str) -> Path:
    """The folder of the peer's programs. Raises NotInstalled."""
    pinned = HERE / name / "requirements.txt"
    place = KEPT / name
    stamp = place / "installed.txt"
    wanted = hashlib.sha256(pinned.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        print(f"installing {name} into {place} …", file=sys.stderr, flush=True)
        _run(["venv", "--quiet", "--clear", "--python", PYTHON, str(place)])
        _run(["pip", "sync", "--quiet", "--python", str(place / "bin" / "python"), str(pinned)])
        stamp.write_text(wanted)
    return place / "bin"


def _run(arguments: list[str]) -> None:
    try:
        done = subprocess.run(
            [str(UV), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=INSTALL_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(type(error).__name__) from error
    if done.returncode != 0:
        raise NotInstalled(" ".join(done.stdout.split())[-REASON_LENGTH:] or f"uv ended with {done.returncode}")
