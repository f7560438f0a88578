"""One embedded Postgres and Redis for each process that tests; every test commits for real, as the application's role.

`make test` runs several such processes (pytest-xdist); the one that hands out the tests runs none itself.
Nothing is truncated between tests: each makes an artist of its own, so that tests are tenants of one database, and
async code, other threads and other processes see what it wrote.
"""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import django
import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.db import connections
from psycopg.rows import TupleRow
from pytest_django.plugin import DjangoDbBlocker

from companion.local.catalogs import compile_catalogs
from companion.local.environment import DATABASES
from companion.local.servers import LocalServers
from tests import counts
from tests.models import share_models

# Settings want the servers' addresses, so these start first. That is why pyproject.toml does not name
# DJANGO_SETTINGS_MODULE: pytest-django would load settings before this file is read. The servers end with this process,
# even when it is killed.
_FOLDER = tempfile.TemporaryDirectory(prefix="companion-tests-")
_SERVERS = LocalServers(Path(_FOLDER.name), {}, durable=False)
_sizes = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: the tests bring servers of their own")
    compile_catalogs()
    if _hands_out(config):
        return
    _SERVERS.start()
    for name in (*DATABASES, "REDIS_URL", "SECRET_KEY", "COMPANION_ENV"):
        os.environ.pop(name, None)
    (Path(_FOLDER.name) / "static").mkdir()  # whitenoise warns about a missing folder, and warnings are errors
    share_models(Path(_FOLDER.name))
    os.environ["COMPANION_DATA_DIR"] = _FOLDER.name
    os.environ["COMPANION_OFFLINE_TOKEN_MS"] = "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "companion.settings"
    django.setup()
    _make_log_ins_cheap()
    _embed_once()
    config.stash[_sizes] = counts.sizes()


def _make_log_ins_cheap() -> None:
    """A password's hash is slow on purpose, a fifth of a second each time; that of these tests' people need not be."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1


def _embed_once() -> None:
    """Dozens of tests read the same lines, and what comes of a text depends on that text alone."""
    from companion.providers.embeddings.offline import MiniLMEmbedder

    MiniLMEmbedder._run = cache(MiniLMEmbedder._run)  # type: ignore[method-assign]  # the same, remembered


def _hands_out(config: pytest.Config) -> bool:
    return config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")


def pytest_unconfigure() -> None:
    _SERVERS.stop()
    _FOLDER.cleanup()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["sizes"] = session.config.stash[_sizes]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process has run its share; any one of them knows the sizes."""
    node.config.stash[_sizes] = getattr(node, "workeroutput", {}).get("sizes", "")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tests = sum(len(terminalreporter.getreports(outcome)) for outcome in ("passed", "failed", "skipped"))
    terminalreporter.write_line(f"{config.stash.get(_sizes, '')}, {tests} tests")


@pytest.fixture(scope="session")
def servers() -> Mapping[str, str]:
    """The servers' addresses, by the keys of servers.json."""
    return _SERVERS.urls()


@pytest.fixture(autouse=True, scope="session")
def _migrated_database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The owner migrates once; from then on any test may use the database, as the application's role."""
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        connections["owner"].close()
        yield
        for connection in connections.all(initialized_only=True):
            connection.close()


@pytest.fixture(autouse=True)
async def _no_connection_outlives_its_test() -> AsyncIterator[None]:
    """sync_to_async keeps a connection in a thread of its own, out of the reach of Django's own cleaning."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def superuser_db(servers: Mapping[str, str]) -> Iterator[psycopg.Connection[TupleRow]]:
    """A connection that row security does not bind, in autocommit: to look at, or prepare, what no role may."""
    with psycopg.connect(servers["database_superuser_url"], autocommit=True) as connection:
        yield connection
