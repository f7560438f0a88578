"""`make run` says in one sentence what stands in its way, and leaves nothing behind."""

import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from companion.local import bootstrap
from companion.local.environment import ROOT


def run(data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    own = ("DJANGO_SETTINGS_MODULE", "COMPANION_DATA_DIR", "PORT")
    inherited: Mapping[str, str] = {name: value for name, value in os.environ.items() if name not in own}
    return subprocess.run(
        [sys.executable, "-m", "companion.local", "run"],
        cwd=ROOT,
        env={**inherited, "COMPANION_DATA_DIR": str(data), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_is_named_with_another_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(tmp_path, PORT=str(port))

    assert done.returncode == 2
    assert done.stderr.startswith(f"Port {port} is taken: end the program that listens there, or choose another port")
    assert not (tmp_path / "postgres").exists()


def test_a_second_run_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(tmp_path, PORT="0")

    assert done.returncode == 2
    assert done.stderr.startswith(f"Another `make run` works on {tmp_path}: stop it")
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "eight"}, "PORT must be a number, not 'eight'."),
        ({"PORT": "70000"}, "PORT must be between 0 and 65535, not 70000."),
        (
            {"PORT": "0", "DATABASE_URL": "postgresql://db/companion"},
            "DATABASE_OWNER_URL is not set, but DATABASE_URL is",
        ),
        ({"PORT": "0", "COMPANION_ENV": "production"}, "`make run` is for one person's machine"),
    ],
)
def test_settings_that_cannot_work_are_named(tmp_path: Path, variables: dict[str, str], sentence: str) -> None:
    done = run(tmp_path, **variables)

    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "servers.json").exists()


def test_half_a_data_directory_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data" / "base").mkdir(parents=True)

    done = run(tmp_path, PORT="0")

    assert done.returncode == 2
    assert "is only half of a Postgres data directory: delete it to begin anew" in done.stderr
    assert (tmp_path / "postgres" / "data" / "base").is_dir()


def test_an_old_python_is_told_which_one_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\necho 3.9\n")
    old.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(old))
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "nothing-installed-yet")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "venv")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(bootstrap.Missing, match=r"Python 3\.11 or 3\.12 is needed, this is 3\.\d+: install one"):
        bootstrap.ensure_environment("run")
    assert not (tmp_path / "venv").exists()


def test_a_missing_browser_is_named_where_it_cannot_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(bootstrap.Missing, match="Chromium is missing: install it"):
        bootstrap.ensure_chromium()
