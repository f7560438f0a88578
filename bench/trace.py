"""Chromium's own trace (the Tracing domain), and what it tells of a page's main thread."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession

CATEGORIES = ("toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline")
Event = dict[str, Any]


@contextmanager
def recorded(session: CDPSession) -> Iterator[list[Event]]:
    """The list fills when the block ends."""
    events: list[Event] = []
    session.send("Tracing.start", {"transferMode": "ReturnAsStream", "categories": ",".join(CATEGORIES)})
    yield events
    done: list[dict[str, Any]] = []
    session.on("Tracing.tracingComplete", lambda event: done.append(event))
    session.send("Tracing.end")
    while not done:
        session.send("Browser.getVersion")  # an answer lets the events that came before it through
    events += json.loads(_read(session, done[0]["stream"]))["traceEvents"]


@dataclass(frozen=True, slots=True)
class Task:
    """How long the main thread worked at it, and how long it lasted with others in the way."""

    cpu_ms: float
    wall_ms: float


def longest_task(events: list[Event]) -> Task:
    """The task of a page's main thread that worked longest: as long as it did, no frame could be drawn."""
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"].get("name") == "CrRendererMain"
    }
    tasks = [
        Task(event["tdur"] / 1000, event["dur"] / 1000)
        for event in events
        if event["name"] == "RunTask" and "tdur" in event and (event["pid"], event["tid"]) in mains
    ]
    if not tasks:
        raise ValueError("the trace has no task of a page's main thread")
    return max(tasks, key=lambda task: task.cpu_ms)


def _read(session: CDPSession, stream: str) -> str:
    parts: list[str] = []
    while True:
        part = session.send("IO.read", {"handle": stream, "size": 4_000_000})
        parts.append(part["data"])
        if part["eof"]:
            session.send("IO.close", {"handle": stream})
            return "".join(parts)
