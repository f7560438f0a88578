"""What a process refuses to start with, each as a sentence that says what to do (docs/adr/0004).

Turns, sockets and caches are local to a process. That is right as long as everything that processes share lies in one
Postgres and one Redis, and each process has the whole of its local state: so no channel layer or cache in memory, no
layer on another Redis, no server that forks workers, no second process beside servers that only this machine has.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import connections

from companion.local.refusal import Refusal

MEMORY = ("InMemoryChannelLayer", "LocMemCache", "DummyCache")
OWNED = """
select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
and pg_has_role(current_user, c.relowner, 'USAGE') order by 1 limit 1
"""
POWERS = "select rolsuper, rolbypassrls, rolname from pg_roles where rolname = current_user"
UNWALLED = """
select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'artist_id'
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not a.attisdropped
and not (c.relrowsecurity and c.relforcerowsecurity) order by 1 limit 1
"""


def check() -> None:
    """Raises Refusal with the first thing that is wrong. Talks to Postgres as both of the product's roles."""
    for complaint in complaints(settings, os.environ):
        raise Refusal(complaint)


def complaints(configured: Any, environ: Mapping[str, str]) -> Iterator[str]:
    """Everything that is wrong, in the order of what to mend first."""
    yield from process_complaints(configured, environ)
    if configured.PRODUCTION:
        yield from production_complaints(configured, environ)
    for alias, variable in (("default", "DATABASE_URL"), ("system", "DATABASE_SYSTEM_URL")):
        yield from role_complaints(alias, variable)


def process_complaints(configured: Any, environ: Mapping[str, str]) -> Iterator[str]:
    """State that would be split between processes."""
    layer = configured.CHANNEL_LAYERS["default"]
    cache = configured.CACHES["default"]
    if layer["BACKEND"].endswith(MEMORY):
        yield "CHANNEL_LAYERS is in memory: a message for a socket of another process would be lost. Use Redis."
    elif layer["CONFIG"]["hosts"] != [configured.REDIS_URL]:
        yield "CHANNEL_LAYERS is on another Redis than REDIS_URL: sockets and turns would not meet. Use one."
    if cache["BACKEND"].endswith(MEMORY):
        yield "CACHES is in memory: each process would count throttles for itself. Use Redis."
    if environ.get("WEB_CONCURRENCY", "1") not in ("", "1"):
        yield (
            "WEB_CONCURRENCY asks the server to fork workers behind one port; a resume would reach any of them and a"
            " signal all. Run one web process a container or unit, and as many of these as you like."
        )
    if configured.WEB_PROCESSES > 1 and not (environ.get("REDIS_URL") and environ.get("DATABASE_URL")):
        yield (
            "COMPANION_WEB_PROCESSES is above 1, but the servers are this machine's own: another process elsewhere"
            " would have turns and switches of its own. Set REDIS_URL and the DATABASE_ variables to shared servers."
        )


def production_complaints(configured: Any, environ: Mapping[str, str]) -> Iterator[str]:
    """Settings without which production is not safe, or half of it does not work."""
    needed: dict[str, tuple[Callable[[], bool], str]] = {
        "COMPANION_ALLOWED_HOSTS": (
            lambda: bool(configured.ALLOWED_HOSTS) and not {"*", ""} & set(configured.ALLOWED_HOSTS),
            "name the hosts that the product answers for, separated by commas",
        ),
        "COMPANION_AUDIT_KEY": (
            lambda: bool(environ.get("COMPANION_AUDIT_KEY")),
            "give a key of its own, or a new SECRET_KEY would break the audit chain",
        ),
        "COMPANION_SMTP_URL": (
            lambda: bool(configured.EMAIL_HOST) or configured.ACCOUNT_EMAIL_VERIFICATION != "mandatory",
            "nobody could confirm an e-mail address: smtp://user:password@host:port",
        ),
    }
    for name, (is_given, why) in needed.items():
        if not is_given():
            yield f"{name} is missing for COMPANION_ENV=production: {why}."
    if len(configured.SECRET_KEY) < 50:
        yield "SECRET_KEY is too short for COMPANION_ENV=production: 50 characters at least."


def role_complaints(alias: str, variable: str) -> Iterator[str]:
    """A role that row security does not bind, and tables that it does not guard."""
    with connections[alias].cursor() as cursor:
        cursor.execute(POWERS)
        superuser, bypasses, role = cursor.fetchone() or (False, False, "")
        cursor.execute(OWNED)
        owned = cursor.fetchone()
        cursor.execute(UNWALLED)
        unwalled = cursor.fetchone()
    if superuser or bypasses:
        yield f"{variable} logs in as {role}, whom row security does not bind. Use a role without those powers."
    elif owned:
        yield f"{variable} logs in as {role}, who owns tables ({owned[0]}) and could drop their row security."
    if unwalled:
        yield f"The table {unwalled[0]} has no forced row security: run `manage.py migrate`."
