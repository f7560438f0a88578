"""A web process refuses a role that row security does not bind, or that could take it down."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.db import connections
from psycopg import sql

from companion.kernel import boot
from companion.local.refusal import REFUSED
from tests.isolation.walls import Connection

BYPASSER = "tests_bypasser"


@contextmanager
def logged_in_as(role: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`default` logs in as another role, as a wrong DATABASE_URL would have it."""
    wrong = connections["default"].copy("default")
    wrong.settings_dict = wrong.settings_dict | {"USER": role, "OPTIONS": {}}
    with monkeypatch.context() as patch:
        patch.setattr(boot, "connections", {"default": wrong})
        yield
    wrong.close()


@pytest.fixture
def bypasser(superuser_db: Connection) -> Iterator[str]:
    """A role that owns nothing and may pass row security by."""
    role = sql.Identifier(BYPASSER)
    superuser_db.execute(sql.SQL("create role {} login bypassrls").format(role))
    yield BYPASSER
    superuser_db.execute(sql.SQL("drop role {}").format(role))


def test_a_start_as_the_role_that_owns_the_tables_ends_with_a_sentence(servers: Mapping[str, str]) -> None:
    addresses = {name.upper(): url for name, url in servers.items() if name.startswith("database_")}
    wrong = {"DATABASE_URL": servers["database_owner_url"], "REDIS_URL": servers["redis_url"], "PORT": "0"}
    ended = subprocess.run(
        [sys.executable, "-m", "companion.serve"],
        env={**os.environ, **addresses, **wrong},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == REFUSED
    assert ended.stderr.startswith("DATABASE_URL logs in as companion_owner, who owns tables")


def test_the_right_roles_are_taken() -> None:
    assert list(boot.role_complaints("default", "DATABASE_URL")) == []
    assert list(boot.role_complaints("system", "DATABASE_SYSTEM_URL")) == []


@pytest.mark.parametrize("role", [BYPASSER, "postgres"])
def test_a_role_that_row_security_does_not_bind_is_refused(
    monkeypatch: pytest.MonkeyPatch, bypasser: str, role: str
) -> None:
    with logged_in_as(role, monkeypatch):
        found = list(boot.role_complaints("default", "DATABASE_URL"))
    assert found == [
        f"DATABASE_URL logs in as {role}, whom row security does not bind. Use a role without those powers."
    ]


def test_a_role_that_is_a_member_of_the_owner_is_refused(
    monkeypatch: pytest.MonkeyPatch, superuser_db: Connection, bypasser: str
) -> None:
    superuser_db.execute(sql.SQL("alter role {} nobypassrls").format(sql.Identifier(bypasser)))
    superuser_db.execute(sql.SQL("grant companion_owner to {}").format(sql.Identifier(bypasser)))
    with logged_in_as(bypasser, monkeypatch):
        found = list(boot.role_complaints("default", "DATABASE_URL"))
    assert [complaint.split(" (")[0] for complaint in found] == [f"DATABASE_URL logs in as {bypasser}, who owns tables"]
