"""/livez, /readyz and /metrics of a real process, with servers of its own that can be stopped."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from companion.kernel.lifecycle import lifecycle
from companion.local.environment import ROOT
from companion.local.servers import SYSTEM, LocalServers
from tests.models import share_models
from tests.web import WebProcess

Rows = dict[str, bool]
NOTICED_S = 20.0


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalServers, Path]]:
    """A Postgres and a Redis that only this module's process uses."""
    data = tmp_path_factory.mktemp("health")
    share_models(data)
    servers = LocalServers(data, {}, durable=False)
    servers.start()
    environment = os.environ | {"COMPANION_DATA_DIR": str(data)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    yield servers, data
    servers.stop()


@pytest.fixture(scope="module")
def web(own_servers: tuple[LocalServers, Path]) -> Iterator[WebProcess]:
    metrics = own_servers[1] / "metrics"
    metrics.mkdir()
    (own_servers[1] / "static").mkdir()
    environment = {"COMPANION_DATA_DIR": str(own_servers[1]), "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    process = WebProcess(**environment).start()
    yield process
    process.stop()


@pytest.fixture
def wait_for_rows(web: WebProcess) -> Callable[[Rows], dict[str, Any]]:
    """Asks until the dependencies' rows say this; the whole body then."""

    def wait(expected: Rows) -> dict[str, Any]:
        give_up_at = time.monotonic() + NOTICED_S
        while True:
            status, content = get(f"{web.url}/readyz")
            body: dict[str, Any] = json.loads(content)
            seen = {name: row["ok"] for name, row in body["dependencies"].items()}
            if seen == expected:
                assert status == (200 if all(expected.values()) else 503)
                return body
            assert time.monotonic() < give_up_at, body

    return wait


def test_a_ready_process_names_each_dependency_and_how_long_it_took(web: WebProcess) -> None:
    status, content = get(f"{web.url}/readyz")
    body = json.loads(content)
    assert (status, body["status"]) == (200, "ready")
    assert body["dependencies"].keys() == {"postgres", "redis", "changes"}
    for row in body["dependencies"].values():
        assert row["ok"] is True
        assert isinstance(row["ms"], int)


def test_a_redis_that_is_stopped_turns_its_row_false_and_the_process_lives_on(
    web: WebProcess, own_servers: tuple[LocalServers, Path], wait_for_rows: Callable[[Rows], dict[str, Any]]
) -> None:
    redis = own_servers[0].redis
    assert redis is not None
    redis.stop()
    body = wait_for_rows({"postgres": True, "redis": False, "changes": True})
    assert body["status"] == "unavailable"
    assert body["dependencies"]["redis"]["detail"]
    assert get(f"{web.url}/livez")[0] == 200
    redis.start()
    wait_for_rows({"postgres": True, "redis": True, "changes": True})


def test_a_postgres_that_is_stopped_turns_its_rows_false_and_back(
    own_servers: tuple[LocalServers, Path], wait_for_rows: Callable[[Rows], dict[str, Any]]
) -> None:
    postgres = own_servers[0].postgres
    assert postgres is not None
    postgres.stop()
    body = wait_for_rows({"postgres": False, "redis": True, "changes": False})
    assert "127.0.0.1" not in json.dumps(body)
    postgres.start()
    wait_for_rows({"postgres": True, "redis": True, "changes": True})


def test_a_change_feed_that_cannot_read_turns_its_row_false_alone(
    own_servers: tuple[LocalServers, Path], wait_for_rows: Callable[[Rows], dict[str, Any]]
) -> None:
    urls = own_servers[0].urls()
    with psycopg.connect(urls["database_superuser_url"], autocommit=True) as superuser:
        superuser.execute(f"alter role {SYSTEM} nologin")
        superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [SYSTEM])
        assert wait_for_rows({"postgres": True, "redis": True, "changes": False})["status"] == "unavailable"
        superuser.execute(f"alter role {SYSTEM} login")
    assert wait_for_rows({"postgres": True, "redis": True, "changes": True})["status"] == "ready"


def test_metrics_have_the_contracts_names(web: WebProcess) -> None:
    status, content = get(f"{web.url}/metrics")
    assert status == 200
    for name in (
        "lay_circuit_breaker_state",
        "companion_turn_stage_seconds",
        "companion_turn_first_token_seconds",
        "companion_turns_total",
        "companion_open_sockets",
    ):
        assert f"# TYPE {name} " in content.decode(), name


def test_a_draining_process_is_not_ready_though_all_is_well(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "draining", True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "draining")
    assert client.get("/livez").status_code == 200
