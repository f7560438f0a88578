"""The embedded servers: they keep their data, say what is wrong with it, and end with whoever started them."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis as Client

from companion.local.environment import ROOT
from companion.local.files import read_json
from companion.local.postgres import SUPERUSER, Postgres, program, server_uid
from companion.local.refusal import Refusal
from companion.local.servers import LocalServers
from tests.local.product import eventually, none_alive

Start = Callable[[], LocalServers]
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="what differs for root")

# A program that starts the servers, says their numbers and then waits to be killed.
HOLDER = """
import sys
from pathlib import Path
from companion.local.servers import LocalServers
servers = LocalServers(Path(sys.argv[1]), {}, durable=False)
servers.start()
print(*(server.pid for server in servers.all().values()), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers on one data directory; those before are forgotten, not stopped."""
    made: list[LocalServers] = []

    def begin() -> LocalServers:
        made.append(LocalServers(tmp_path / "data", {}))
        made[-1].start()
        return made[-1]

    yield begin
    for one in made:
        one.stop()


def write(servers: LocalServers) -> None:
    with psycopg.connect(servers.urls()["database_owner_url"]) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('still here')")
    with Client.from_url(servers.urls()["redis_url"]) as client:
        client.set("kept", "still here")


def read(servers: LocalServers) -> list[str]:
    with psycopg.connect(servers.urls()["database_owner_url"]) as connection:
        row = connection.execute("select word from kept").fetchone()
    with Client.from_url(servers.urls()["redis_url"], decode_responses=True) as client:
        return [*(row or ()), str(client.get("kept"))]


def test_data_survives_a_stop_and_a_start(start: Start) -> None:
    first = start()
    write(first)
    first.stop()

    assert read(start()) == ["still here", "still here"]


def test_servers_that_outlived_their_run_are_ended_and_their_data_is_kept(start: Start) -> None:
    forgotten = start()
    write(forgotten)

    assert read(start()) == ["still here", "still here"]
    assert not any(server.running() for server in forgotten.all().values())


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_a_killed_server_comes_back_on_its_port_with_what_it_had_acknowledged(start: Start, name: str) -> None:
    servers = start()
    write(servers)
    server, before = servers.all()[name], servers.urls()
    os.kill(server.pid or 0, signal.SIGKILL)
    server.start()

    assert servers.urls() == before
    assert read(servers)[0 if name == "postgres" else 1] == "still here"


def test_the_servers_die_with_the_process_that_started_them_even_of_sigkill(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "data")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        servers = [psutil.Process(int(pid)) for pid in holder.stdout.readline().split()]
        assert len(servers) == 2
        holder.kill()

    eventually(lambda: none_alive(servers), within_s=20)


def test_addresses_are_for_the_owner_of_the_data_alone_and_go_with_the_servers(start: Start, tmp_path: Path) -> None:
    servers = start()
    record = tmp_path / "data" / "servers.json"

    assert read_json(record) == servers.urls()
    assert record.stat().st_mode & 0o777 == 0o600

    servers.stop()
    assert not record.exists()


def test_the_application_is_neither_owner_nor_above_row_security(start: Start) -> None:
    with psycopg.connect(start().urls()["database_superuser_url"]) as connection:
        roles = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname like 'companion%'"
            " order by rolname"
        ).fetchall()

    assert roles == [
        ("companion_app", False, False, False),
        ("companion_owner", False, False, True),
        ("companion_system", False, False, False),
    ]


def test_an_interrupted_initdb_is_begun_anew(start: Start, tmp_path: Path) -> None:
    nursery = tmp_path / "data" / "postgres" / "nursery" / "data"
    nursery.mkdir(parents=True)
    (nursery / "PG_VERSION").write_text("18\n")

    write(start())

    assert not nursery.exists()


@pytest.mark.parametrize("lost", ["PG_VERSION", "global/pg_control"])
def test_half_a_data_directory_is_refused_with_what_to_do_and_left_as_it_is(
    start: Start, tmp_path: Path, lost: str
) -> None:
    start().stop()
    data = tmp_path / "data" / "postgres" / "data"
    (data / lost).unlink()
    before = sorted(data.rglob("*"))

    with pytest.raises(Refusal, match="only half of a Postgres data directory: delete it to begin anew"):
        start()
    assert sorted(data.rglob("*")) == before


def test_the_data_of_another_postgres_is_refused(start: Start, tmp_path: Path) -> None:
    start().stop()
    (tmp_path / "data" / "postgres" / "data" / "PG_VERSION").write_text("16\n")

    with pytest.raises(Refusal, match="was made by Postgres 16, this is 18"):
        start()


def test_a_server_that_does_not_start_says_its_own_reason_and_where_the_rest_is(start: Start, tmp_path: Path) -> None:
    start().stop()
    with (tmp_path / "data" / "postgres" / "data" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")

    with pytest.raises(Refusal, match=r"Postgres does not start: .*(no_such_setting|errors).*server\.log"):
        start()


def test_an_external_postgres_and_redis_leave_nothing_to_start(tmp_path: Path) -> None:
    external = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SYSTEM_URL", "REDIS_URL"), "elsewhere")

    assert LocalServers(tmp_path, external).all() == {}


@only_root
def test_root_runs_postgres_as_nobody_though_nobody_may_enter_the_folder(start: Start, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    postgres = start().all()["postgres"]

    assert psutil.Process(postgres.pid).uids().effective == server_uid() != 0


@only_root
def test_root_runs_programs_that_lie_below_a_closed_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = program("postgres").parent.parent.parent
    closed = tmp_path / "closed"
    shutil.copytree(program("postgres").parent.parent, closed / wheel.name / "pginstall18")
    shutil.copytree(f"{wheel}.libs", closed / f"{wheel.name}.libs")
    closed.chmod(0o700)
    copied = closed / wheel.name / "pginstall18" / "bin"
    monkeypatch.setattr("companion.local.postgres.program", lambda name: copied / name)
    postgres = Postgres(closed / "postgres", durable=False)

    try:
        postgres.start()
        with psycopg.connect(postgres.url(SUPERUSER, "postgres")) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        postgres.stop()
