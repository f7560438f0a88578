"""What a process refuses to start with, and production settings."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg.rows import TupleRow

from companion.kernel import boot
from companion.local.environment import ROOT
from companion.local.refusal import REFUSED, Refusal

SHARED = {"REDIS_URL": "redis://shared", "DATABASE_URL": "postgresql://shared"}
PRODUCTION_KEY = "k" * 60
NAMES = (
    *("CHANNEL_LAYERS", "CACHES", "REDIS_URL", "WEB_PROCESSES", "PRODUCTION"),
    *("ALLOWED_HOSTS", "SECRET_KEY", "EMAIL_HOST", "ACCOUNT_EMAIL_VERIFICATION"),
)


def configured(**changes: Any) -> SimpleNamespace:
    """The settings as they are, with some replaced."""
    return SimpleNamespace(**({name: getattr(settings, name) for name in NAMES} | changes))


def test_the_settings_of_make_run_are_accepted() -> None:
    boot.check()


@pytest.mark.parametrize(
    ("changes", "environ", "named"),
    [
        ({"CHANNEL_LAYERS": {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}}, {}, "CHANNEL_LAYERS"),
        (
            {"CHANNEL_LAYERS": {"default": {"BACKEND": "x.Redis", "CONFIG": {"hosts": ["redis://elsewhere"]}}}},
            {},
            "CHANNEL_LAYERS",
        ),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}, {}, "CACHES"),
        ({}, {"WEB_CONCURRENCY": "2"}, "WEB_CONCURRENCY"),
        ({"WEB_PROCESSES": 2}, {}, "COMPANION_WEB_PROCESSES"),
        ({"WEB_PROCESSES": 2}, {"REDIS_URL": "redis://shared"}, "COMPANION_WEB_PROCESSES"),
    ],
)
def test_state_that_would_be_split_between_processes_is_refused(
    changes: dict[str, Any], environ: dict[str, str], named: str
) -> None:
    complaints = list(boot.process_complaints(configured(**changes), environ))
    assert len(complaints) == 1
    assert named in complaints[0]


def test_many_processes_on_shared_servers_are_fine() -> None:
    assert list(boot.process_complaints(configured(WEB_PROCESSES=8), SHARED)) == []


@pytest.mark.parametrize(
    ("changes", "environ", "named"),
    [
        ({"ALLOWED_HOSTS": ["*"]}, {}, "COMPANION_ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": [""]}, {}, "COMPANION_ALLOWED_HOSTS"),
        ({}, {"COMPANION_AUDIT_KEY": ""}, "COMPANION_AUDIT_KEY"),
        ({"EMAIL_HOST": ""}, {}, "COMPANION_SMTP_URL"),
        ({"SECRET_KEY": "short"}, {}, "SECRET_KEY"),
    ],
)
def test_production_names_each_setting_that_is_missing(
    changes: dict[str, Any], environ: dict[str, str], named: str
) -> None:
    whole = {
        "ALLOWED_HOSTS": ["fans.example"],
        "EMAIL_HOST": "mail",
        "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
        "SECRET_KEY": PRODUCTION_KEY,
    }
    given = {"COMPANION_AUDIT_KEY": "a"}
    assert list(boot.production_complaints(configured(**whole), given)) == []
    complaints = list(boot.production_complaints(configured(**(whole | changes)), given | environ))
    assert len(complaints) == 1
    assert named in complaints[0]


@pytest.fixture
def as_role(superuser_db: psycopg.Connection[TupleRow]) -> Iterator[Any]:
    """Lets `default` log in as another role; the application's own afterwards."""
    original = connections["default"].settings_dict["USER"]

    def switch(statement: str, role: str) -> None:
        superuser_db.execute(f"drop role if exists {role}")
        superuser_db.execute(statement)
        _log_in_as(role)

    yield switch
    _log_in_as(original)


def _log_in_as(role: str) -> None:
    connection: Any = connections["default"]  # the PostgreSQL one, which has a pool
    connection.close()
    connection.close_pool()
    connection.settings_dict["USER"] = role


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("create role boot_test login superuser", "row security does not bind"),
        ("create role boot_test login bypassrls", "row security does not bind"),
        ("create role boot_test login in role companion_owner", "owns tables"),
    ],
)
def test_a_role_that_row_security_does_not_bind_is_refused(as_role: Any, statement: str, said: str) -> None:
    as_role(statement, "boot_test")
    with pytest.raises(Refusal, match=said) as refused:
        boot.check()
    assert "DATABASE_URL" in str(refused.value)


def test_a_table_without_its_wall_is_refused_by_name(superuser_db: psycopg.Connection[TupleRow]) -> None:
    superuser_db.execute("create table boot_test (id int, artist_id uuid)")
    try:
        with pytest.raises(Refusal, match="boot_test has no forced row security"):
            boot.check()
    finally:
        superuser_db.execute("drop table boot_test")


def run(command: list[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment.update(environ)
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_web_process_says_the_refusal_as_a_sentence_and_ends_with_2() -> None:
    ended = run(["-m", "companion.serve"], {"WEB_CONCURRENCY": "4", "PORT": "0"})
    assert ended.returncode == REFUSED
    assert "WEB_CONCURRENCY" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.fixture
def production(servers: Mapping[str, str]) -> dict[str, str]:
    return {
        "COMPANION_ENV": "production",
        "SECRET_KEY": "q8Xv-Zr41bT_5mWc9yKe0pLh7sNd3uGf6jRa2iOk-unique-and-long",
        "DATABASE_URL": servers["database_url"],
        "DATABASE_OWNER_URL": servers["database_owner_url"],
        "DATABASE_SYSTEM_URL": servers["database_system_url"],
        "REDIS_URL": servers["redis_url"],
        "COMPANION_ALLOWED_HOSTS": "fans.example",
        "COMPANION_AUDIT_KEY": "another-key",
        "COMPANION_SMTP_URL": "smtp://mail.example:587",
    }


def test_check_deploy_is_clean_in_production(production: dict[str, str]) -> None:
    ended = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], production)
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SYSTEM_URL", "REDIS_URL"]
)
def test_production_without_a_setting_names_it(production: dict[str, str], missing: str) -> None:
    ended = run(["manage.py", "check"], production | {missing: ""})
    assert ended.returncode == REFUSED
    assert missing in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("COMPANION_RATE_LIMITS", "off"), ("COMPANION_DRAIN_S", "soon"), ("COMPANION_LOG_LEVEL", "LOUD")],
)
def test_a_setting_that_cannot_be_is_refused_by_name(production: dict[str, str], name: str, value: str) -> None:
    ended = run(["-m", "companion.serve"], production | {name: value})
    assert ended.returncode != 0
    assert name in ended.stderr
