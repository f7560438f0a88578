"""The Dockerfile without an engine: what it copies and names is there, and what must not be in an image is not."""

import fnmatch
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from companion.local.environment import ROOT
from companion.local.processes import free_port
from tests.web import WebProcess

DOCKERFILE = (ROOT / "Dockerfile").read_text()
LINES = re.sub(r"\\\n\s*", "", DOCKERFILE).splitlines()
IGNORED = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
COPIED = [source for line in LINES if re.match(r"COPY (?!--from)", line) for source in line.split()[1:-1]]
FINAL = LINES[max(index for index, line in enumerate(LINES) if line.startswith("FROM ")) :]


def in_context(path: str) -> bool:
    """Whether docker sends it: the last pattern that fits decides."""
    sent = True
    for pattern in IGNORED:
        plain = pattern.removeprefix("!")
        if fnmatch.fnmatch(path, plain) or path.startswith(f"{plain}/") or plain == "*":
            sent = pattern.startswith("!")
    return sent


@pytest.mark.parametrize("source", COPIED)
def test_what_is_copied_exists_and_is_sent(source: str) -> None:
    assert (ROOT / source).exists()
    assert in_context(source)


def test_every_app_and_folder_that_the_settings_name_is_copied() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"companion"}
    assert packages <= set(COPIED)
    assert {"static", "templates", "locale", "manage.py", "requirements.txt"} <= set(COPIED)


@pytest.mark.parametrize(
    "path", [".data/secret_key", ".git/config", "tests/web.py", "node_modules/x", ".env", "docs/x"]
)
def test_nothing_else_is_sent(path: str) -> None:
    assert not in_context(path)


def test_the_base_is_one_version_in_all_stages() -> None:
    bases = {line.split()[1] for line in LINES if line.startswith("FROM ")}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.1[12]\.\d+-slim-\w+", bases.pop())


def test_the_final_image_runs_as_nobody_special_and_is_watched() -> None:
    users = [line.split()[1] for line in FINAL if line.startswith("USER ")]
    assert users == ["10001:10001"]
    assert any(line.startswith("HEALTHCHECK ") for line in FINAL)
    assert "STOPSIGNAL SIGTERM" in FINAL
    assert not [line for line in FINAL if re.search(r"(SECRET|PASSWORD|_KEY|_URL)\w*=", line)]


def test_the_installer_is_the_one_of_the_checkout() -> None:
    bootstrap = (ROOT / "companion" / "local" / "bootstrap.py").read_text()
    pinned = re.search(r'UV = "(uv==[\d.]+)"', bootstrap)
    assert pinned
    assert pinned[1] in DOCKERFILE


@pytest.mark.parametrize("module", re.findall(r"python -m (companion[\w.]+)", DOCKERFILE))
def test_a_module_that_is_run_exists(module: str) -> None:
    assert Path(ROOT, *module.split(".")).with_suffix(".py").exists()


@pytest.mark.parametrize("command", ["worker", "scheduler", "migrate", "collectstatic"])
def test_a_command_that_is_named_exists(command: str) -> None:
    assert command in DOCKERFILE
    subprocess.run([sys.executable, "manage.py", command, "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def healthcheck(**environ: str) -> int:
    left = {name: value for name, value in os.environ.items() if name not in ("PORT", "COMPANION_METRICS_PORT")}
    return subprocess.run([sys.executable, "ops/healthcheck.py"], cwd=ROOT, env=left | environ, check=False).returncode


def test_the_healthcheck_tells_a_process_that_answers_from_one_that_does_not() -> None:
    web = WebProcess().start()
    try:
        assert healthcheck(PORT=str(web.port)) == 0
    finally:
        web.stop()
    assert healthcheck(PORT=str(web.port)) == 1
    assert healthcheck(COMPANION_METRICS_PORT=str(free_port())) == 1
