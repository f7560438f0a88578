"""A web process before the scripted upstream, and counts of what a turn left behind."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from bench.upstream import Pace, ScriptedUpstream
from tests.upstream import upstream_thread
from tests.web import WebProcess

LEFT_BEHIND = {
    "messages": "conversations_message",
    "traces": "conversations_turntrace",
    "charges": "billing_usagerecord",
    "decisions": "moderation_decision",
}


@pytest.fixture(scope="session")
def shared_upstream() -> Iterator[ScriptedUpstream]:
    with upstream_thread() as upstream:
        yield upstream


@pytest.fixture
def upstream(shared_upstream: ScriptedUpstream) -> ScriptedUpstream:
    """The upstream with nothing left over from another test."""
    shared_upstream.forget()
    return shared_upstream


@pytest.fixture
def paced_upstream(upstream: ScriptedUpstream) -> Iterator[ScriptedUpstream]:
    """Each token in a packet of its own: one that comes together with a failure is lost with it."""
    usual, upstream.pace = upstream.pace, Pace(interval_s=0.2, words=upstream.pace.words)
    yield upstream
    upstream.pace = usual


@pytest.fixture
def slow_upstream(upstream: ScriptedUpstream) -> Iterator[ScriptedUpstream]:
    """Replies that would run for longer than any test."""
    usual, upstream.pace = upstream.pace, Pace(interval_s=0.01, tokens=5000)
    yield upstream
    upstream.pace = usual


@pytest.fixture(scope="session")
def environment(shared_upstream: ScriptedUpstream) -> dict[str, str]:
    return {
        "COMPANION_LLM": "openai",
        "COMPANION_LLM_BASE_URL": shared_upstream.url,
        "COMPANION_LLM_MODEL": "scripted",
        "COMPANION_BREAKER_FAILURES": "1000000",
        "COMPANION_DRAIN_S": "2",
    }


@pytest.fixture(scope="session")
def web(environment: dict[str, str]) -> Iterator[WebProcess]:
    process = WebProcess(**environment).start()
    yield process
    process.stop()


@pytest.fixture
def left_behind(superuser_db: psycopg.Connection[Any]) -> Callable[[str], dict[str, int]]:
    """How many rows of each kind a turn has."""

    def count(turn: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for name, table in LEFT_BEHIND.items():
            row = superuser_db.execute(f"select count(*) from {table} where turn_id = %s", [turn]).fetchone()
            counts[name] = row[0] if row else 0
        row = superuser_db.execute(
            "select count(*) from kernel_outboxevent where payload ->> 'turn' = %s", [turn]
        ).fetchone()
        return counts | {"outbox": row[0] if row else 0}

    return count


@pytest.fixture
def written(superuser_db: psycopg.Connection[Any]) -> Callable[[object], int]:
    """How many turns a fan has: a refused message leaves none."""

    def count(fan: object) -> int:
        row = superuser_db.execute("select count(*) from conversations_turn where fan_id = %s", [fan]).fetchone()
        return int(row[0]) if row else 0

    return count
