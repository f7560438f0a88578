"""What a start brings up to date: tables, static files, the offline embeddings' graph, the demo artist."""

import asyncio
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from companion.local.catalogs import compile_catalogs
from companion.local.child import Child
from companion.local.environment import ROOT
from companion.local.files import read_json, write_json
from companion.local.output import Output
from companion.local.refusal import Refusal

MANAGE = (sys.executable, str(ROOT / "manage.py"))
MIGRATE, DEMO = ("migrate", "--verbosity", "0"), ("demo", "--json")
STOP_S = 5.0


async def prepare(data: Path, environ: Mapping[str, str], output: Output) -> dict[str, Any]:
    """Brings tables, the demo's rows and files up to date, quickly when they are. Raises Refusal.

    The answer is what run.json says of the demo's logins (contract.md, Operations).
    """
    compile_catalogs()  # first: the release that every step computes of static/ counts them in
    rows = asyncio.create_task(_step("rows", [*MANAGE, *MIGRATE, "--then", *DEMO], environ, output))
    graph = _step("models", [sys.executable, "-m", "companion.local.models", str(data)], environ, output)
    tasks = [rows, asyncio.create_task(graph), asyncio.create_task(_static_files(data, environ, output))]
    try:
        await asyncio.gather(*tasks)
    finally:  # one failed, or we were told to stop: the others end before the servers do
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    logins: dict[str, Any] = json.loads(rows.result())
    return logins


async def _static_files(data: Path, environ: Mapping[str, str], output: Output) -> None:
    """collectstatic, unless our files and the packages are those of the last time."""
    stamp, collected = data / "static.json", data / "static"
    state = {"fingerprint": _fingerprint()}
    if collected.is_dir() and read_json(stamp) == state:
        return
    await _step("static", [*MANAGE, "collectstatic", "--noinput", "--verbosity", "0"], environ, output)
    write_json(stamp, state)


def _fingerprint() -> str:
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


async def _step(name: str, command: list[str], environ: Mapping[str, str], output: Output) -> str:
    """Runs a command to its end; what it wrote to stdout. Its other words are printed. Raises Refusal when it fails."""
    child = Child(name, command, environ, output, captured=True)
    await child.start()
    try:
        status = await child.ended()
    finally:
        await child.stop(within_s=STOP_S)
    if status != 0:
        raise Refusal(f"The step `{name}` failed (status {status}): its output above says why.")
    return child.answer
