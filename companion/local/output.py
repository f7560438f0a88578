"""What `make run` prints: lines of several programs, each behind its name, and the table of logins."""

import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

COLOURS = {"web": 36, "worker": 35, "scheduler": 34, "postgres": 32, "redis": 31}
WIDTH = 10
UNREAD = ("timestamp", "logger", "request_id", "user_agent")  # for machines that collect logs


class Output:
    """Colours only on a terminal. A terminal that went away ends the printing, not the product."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._colours = stream.isatty()
        self._open = True

    def line(self, name: str, text: str) -> None:
        label = f"{name:<{WIDTH}}│"
        if self._colours:
            label = f"\033[{COLOURS.get(name, 37)}m{label}\033[0m"
        self.say(f"{label} {readable(text)}")

    def say(self, text: str) -> None:
        if not self._open:
            return
        try:
            print(text, file=self._stream, flush=True)
        except (BrokenPipeError, OSError):
            self._open = False


def readable(text: str) -> str:
    """A JSON log line as `level event field=value …`; any other line as it is."""
    if not text.startswith("{"):
        return text
    try:
        fields: dict[str, Any] = json.loads(text)
    except ValueError:
        return text
    head = f"{fields.pop('level', 'info'):<7} {fields.pop('event', '')}"
    return " ".join([head, *(f"{name}={value}" for name, value in fields.items() if name not in UNREAD)])


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of equal length, the first one being the heads, in columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
