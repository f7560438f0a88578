"""Has a file read by a process of its own, under limits: whatever the file does, the worker goes on."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from personas.corpus.failures import Unreadable

ROOT = Path(__file__).resolve().parents[3]
WALL_CLOCK_S = 120.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, and the most memory that reading it took."""

    text: str
    peak_mb: float


def read_apart(file_type: str, content: bytes, *, within_s: float = WALL_CLOCK_S) -> Reading:
    """Takes up to `within_s` seconds. Raises Unreadable."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(content)
        given.seek(0)
        try:
            # It gets nothing of our environment: no address, no secret.
            subprocess.run(  # noqa: S603 -- our own module
                [sys.executable, "-m", "personas.corpus.parsing.child", file_type],
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env={"PATH": os.defpath, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
                timeout=within_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unreadable("too_slow") from error
        answer.seek(0)
        return _reading(list(_lines(answer.read())))


def _lines(answer: bytes) -> Iterator[dict[str, object]]:
    """Whole lines alone: a process that was stopped may leave half of one."""
    for line in answer.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return


def _reading(lines: list[dict[str, object]]) -> Reading:
    last = lines[-1] if lines else {}
    if "failed" in last:
        raise Unreadable(str(last["failed"]))
    if "peak_kb" not in last:  # stopped by a limit
        raise Unreadable("too_heavy")
    text = "\n\n".join(piece for line in lines[:-1] if (piece := str(line["text"]).strip()))
    if not any(map(str.isalnum, text)):
        raise Unreadable("no_text")
    return Reading(text.replace("\x00", ""), float(str(last["peak_kb"])) / 1024)
