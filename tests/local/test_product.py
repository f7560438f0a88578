"""`make run` from outside: it tells where it is, mends itself, keeps its data and leaves nothing behind."""

import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator

import psutil
import psycopg
import pytest

from tests.local.product import Product, eventually, none_alive

pytestmark = pytest.mark.product
PROCESSES = {"web", "worker", "scheduler", "postgres", "redis"}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for the tests of this file, in their order; each but the last leaves it ready."""
    started = Product(tmp_path_factory.mktemp("product") / "data").start()
    yield started
    started.stop()


def ready(product: Product) -> bool:
    try:
        with urllib.request.urlopen(f"{product.run().get('url')}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):  # refused, not ready, or run.json is not there just now
        return False


def test_run_json_tells_programs_everything_and_nobody_else_reads_it(product: Product) -> None:
    run = product.run()

    assert product.record.stat().st_mode & 0o777 == 0o600
    assert run["console_url"] == f"{run['url']}/console/"
    assert set(run["pids"]) == PROCESSES
    assert all(psutil.pid_exists(pid) for pid in run["pids"].values())
    assert {login["role"] for login in run["logins"]} >= {"viewer", "moderator", "editor", "manager", "owner"}
    assert set(run["fan"]) == {"email", "password"}
    assert run["joined"] is True
    assert ready(product)


def test_jobs_yield_to_turns(product: Product) -> None:
    pids = product.run()["pids"]

    assert psutil.Process(pids["worker"]).nice() > psutil.Process(pids["web"]).nice()


def test_the_owners_address_is_above_row_security_and_the_applications_is_not(product: Product) -> None:
    query = "select rolbypassrls or rolsuper from pg_roles where rolname = current_user"
    above = {}
    for name in ("database_url", "database_owner_url"):
        with psycopg.connect(product.run()[name]) as connection:
            above[name] = connection.execute(query).fetchone()

    assert above == {"database_url": (False,), "database_owner_url": (True,)}


def test_the_terminal_shows_addresses_and_logins(product: Product) -> None:
    said, run = product.said(), product.run()

    for text in (f"{run['url']}/", run["console_url"], run["fan"]["email"], *(row["email"] for row in run["logins"])):
        assert text in said


@pytest.mark.parametrize("name", ["web", "worker", "scheduler", "redis", "postgres"])
def test_a_killed_process_is_started_again_in_the_same_place(product: Product, name: str) -> None:
    before = product.run()

    os.kill(product.pid(name), signal.SIGKILL)

    eventually(lambda: product.pid(name) not in (0, before["pids"][name]), within_s=30)
    eventually(lambda: ready(product))
    after = product.run()
    assert {key: after[key] for key in after if key != "pids"} == {key: before[key] for key in before if key != "pids"}
    assert {key: pid for key, pid in after["pids"].items() if key != name} == {
        key: pid for key, pid in before["pids"].items() if key != name
    }


def test_commands_work_on_the_running_servers_without_more_variables(product: Product) -> None:
    done = product.manage("create_artist", "second-artist", "--name", "Second")

    assert done.returncode == 0, done.stderr
    with urllib.request.urlopen(f"{product.run()['url']}/api/v1/artists/second-artist", timeout=5) as answer:
        assert answer.status == 200


def test_ctrl_c_stops_everything_and_a_second_start_keeps_the_data(product: Product) -> None:
    assert product.manage("create_artist", "kept-artist", "--name", "Kept").returncode == 0
    assert_stops(product, signal.SIGINT)

    product.start()

    with urllib.request.urlopen(f"{product.run()['url']}/api/v1/artists/kept-artist", timeout=5) as answer:
        assert answer.status == 200


def test_a_supervisor_that_is_killed_takes_all_with_it_and_the_next_start_finds_its_data(product: Product) -> None:
    assert product.manage("create_artist", "survivor", "--name", "Survivor").returncode == 0
    processes = product.processes()

    product.send(signal.SIGKILL)

    eventually(lambda: none_alive(processes), within_s=20)
    product.start()
    with urllib.request.urlopen(f"{product.run()['url']}/api/v1/artists/survivor", timeout=5) as answer:
        assert answer.status == 200


def test_sigterm_stops_everything_too(product: Product) -> None:
    assert_stops(product, signal.SIGTERM)


def assert_stops(product: Product, number: signal.Signals) -> None:
    processes, url = product.processes(), product.run()["url"]
    assert len(processes) > len(PROCESSES)

    assert product.send(number) == 0

    assert none_alive(processes)
    assert not product.record.exists()
    assert not (product.data / "servers.json").exists()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=5)
