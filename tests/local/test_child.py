"""A process under the supervisor: its words are printed whole, and nothing of it is left when it is stopped."""

import asyncio
import io
import os
import sys
from collections.abc import Sequence

import psutil

from companion.local.child import LINE, Child
from companion.local.output import Output, readable
from companion.local.processes import alive

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(other.pid, flush=True)
time.sleep(600)
"""


class Screen(io.StringIO):
    """Tells when something was printed."""

    def __init__(self) -> None:
        super().__init__()
        self.printed = asyncio.Event()

    def flush(self) -> None:
        self.printed.set()


def child(screen: io.StringIO, command: Sequence[str], *, captured: bool = False) -> Child:
    return Child("web", [sys.executable, *command], os.environ, Output(screen), captured=captured)


async def test_a_child_that_does_not_listen_is_killed_with_all_that_it_started() -> None:
    screen = Screen()
    stubborn = child(screen, ["-c", STUBBORN])
    await stubborn.start()
    printing = asyncio.create_task(stubborn.ended())
    await screen.printed.wait()
    family = [psutil.Process(stubborn.pid), psutil.Process(int(screen.getvalue().split("│")[1]))]

    await stubborn.stop(within_s=0.2)

    assert await printing == -9
    assert not any(alive(member) for member in family)
    assert "does not end within 0 s and is killed" in screen.getvalue()


async def test_lines_of_any_length_are_printed_behind_the_name() -> None:
    screen = io.StringIO()
    talker = child(screen, ["-c", f"print('x' * {LINE * 2 + 10}); print('a short one')"])
    await talker.start()

    assert await talker.ended() == 0

    lines = [line.partition("│ ")[2] for line in screen.getvalue().splitlines()]
    assert "".join(lines[:-1]) == "x" * (LINE * 2 + 10)
    assert lines[-1] == "a short one"


async def test_a_captured_answer_is_kept_and_only_the_complaints_are_printed() -> None:
    screen = io.StringIO()
    step = child(screen, ["-c", "import sys; print('answer'); print('complaint', file=sys.stderr)"], captured=True)
    await step.start()

    assert await step.ended() == 0

    assert step.answer == "answer\n"
    assert screen.getvalue() == "web       │ complaint\n"


def test_json_log_lines_are_printed_for_people() -> None:
    line = '{"event": "turn.ended", "level": "info", "timestamp": "2026-11-24T10:00:00Z", "outcome": "completed"}'

    assert readable(line) == "info    turn.ended outcome=completed"
    assert readable("{not json") == "{not json"
