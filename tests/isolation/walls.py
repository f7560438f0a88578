"""The second wall, asked of Postgres itself: what a table lets the application's role do to another tenant's rows.

Everything happens in one transaction of a superuser that takes the application's role and is rolled back at its end.
So a check may write, and a test may first break the wall: nothing of it is ever seen by anybody else.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import models
from psycopg import sql

from companion.kernel.ids import new_id
from tenancy.managers import SharedManager
from tenancy.models import Fan

Connection = psycopg.Connection[Any]
EVERY_FAN = "*"
FLAGS = "select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass"
POLICIES = "select policyname, permissive, cmd from pg_policies where tablename = %s"
PUT = "insert into {table} ({columns}) select {columns} from jsonb_populate_record(null::{table}, {where})"
# Those that Postgres computes cannot be written.
WRITTEN = """
select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''
"""
NOTHING = sql.SQL("")
# What a copied row has to differ in besides its key, so that no unique key of the table refuses it.
UNIQUE: dict[str, dict[str, Any]] = {
    "moderation_rule": {"phrase": "a rule of nobody"},
    "tenancy_killswitch": {"provider": "nobody's"},
}
SCOPE = (
    "select set_config('app.artist_id', %s, true), set_config('app.fan_id', %s, true),"
    " set_config('app.user_id', '', true)"
)


@dataclass(frozen=True, slots=True)
class Tenants:
    """`victim` has a row in every table, those of a fan being `fan`'s; `stranger` is another artist."""

    victim: UUID
    fan: UUID
    neighbour: UUID
    stranger: UUID


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the column artist_id. `shared`: rows of no artist are everybody's to read."""

    name: str
    fan_column: str | None
    shared: bool
    ownerless: bool


def tenant_models() -> list[type[models.Model]]:
    """Every model whose rows carry an artist, walked from the app registry."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if any(f.column == "artist_id" for f in model._meta.concrete_fields)]


def table_of(model: type[models.Model]) -> Table:
    fields = {field.column: field for field in model._meta.concrete_fields}
    fan_column = "id" if model is Fan else "fan_id" if "fan_id" in fields else None
    shared = isinstance(model._default_manager, SharedManager)
    return Table(model._meta.db_table, fan_column, shared, fields["artist_id"].null)


def app_role() -> str:
    return str(settings.DATABASES["default"]["USER"])


def may_select(connection: Connection, table: Table) -> bool:
    """Whether the application's role may read the table at all."""
    row = connection.execute("select has_table_privilege(%s, %s, 'select')", [app_role(), table.name]).fetchone()
    return bool(row and row[0])


@contextmanager
def undone(connection: Connection) -> Iterator[Connection]:
    """A transaction that leaves nothing behind, however it ends."""
    with connection.transaction(force_rollback=True):
        yield connection


def complaints(connection: Connection, table: Table, tenants: Tenants) -> list[str]:
    """What is wrong with the wall of a table, as sentences. Within `undone`."""
    theirs = sql.SQL("artist_id = {}").format(tenants.victim)
    if not _count(connection, table, theirs):
        return [f"{table.name}: has no row to try the wall with"]
    rows = _Rows(theirs, _row_of_nobody(connection, table, tenants))
    return [
        *_on_paper(connection, table),
        *_reads(connection, table, tenants, rows),
        *_writes(connection, table, tenants, rows),
    ]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Conditions that pick the rows that are tried: the victim's, and one of no artist where there can be one."""

    theirs: sql.Composable
    nobodys: sql.Composable | None


def _on_paper(connection: Connection, table: Table) -> Iterator[str]:
    enabled, forced = connection.execute(FLAGS, [table.name]).fetchone() or (False, False)
    policies = {name: kind for name, kind, _ in connection.execute(POLICIES, [table.name])}
    if not (enabled and forced):
        yield f"{table.name}: row security is not forced"
    if "PERMISSIVE" not in policies.values():
        yield f"{table.name}: there is no policy"
    if table.fan_column and policies.get("fan") != "RESTRICTIVE":
        yield f"{table.name}: no restrictive policy keeps fans apart"


def _reads(connection: Connection, table: Table, tenants: Tenants, rows: _Rows) -> Iterator[str]:
    if not may_select(connection, table):
        return
    with _as_app(connection, tenants.victim):
        if not _count(connection, table, rows.theirs):
            yield f"{table.name}: an artist cannot read her own rows"
    with _as_app(connection, tenants.stranger):
        if _count(connection, table, rows.theirs):
            yield f"{table.name}: another artist's rows can be read"
        if rows.nobodys and bool(_count(connection, table, rows.nobodys)) != table.shared:
            yield f"{table.name}: rows of no artist are {'hidden' if table.shared else 'readable'}"
    with _as_app(connection, None):
        if _count(connection, table, sql.SQL("artist_id is not null")):
            yield f"{table.name}: rows can be read without a tenant"
    if table.fan_column:
        yield from _reads_of_fans(connection, table, tenants)


def _reads_of_fans(connection: Connection, table: Table, tenants: Tenants) -> Iterator[str]:
    of_the_fan = sql.SQL("{} = {}").format(sql.Identifier(table.fan_column or ""), tenants.fan)
    with _as_app(connection, tenants.victim, tenants.fan):
        if not _count(connection, table, of_the_fan):
            yield f"{table.name}: a fan cannot read her own rows"
    with _as_app(connection, tenants.victim, tenants.neighbour):
        if _count(connection, table, of_the_fan):
            yield f"{table.name}: another fan's rows can be read"


def _writes(connection: Connection, table: Table, tenants: Tenants, rows: _Rows) -> Iterator[str]:
    foreign = _copy(connection, table, tenants)
    with _as_app(connection, tenants.stranger):
        for verb, touch in (("changed", _update), ("deleted", _delete)):
            if touch(connection, table, rows.theirs, tenants.stranger):
                yield f"{table.name}: another artist's rows can be {verb}"
            if rows.nobodys and touch(connection, table, rows.nobodys, tenants.stranger):
                yield f"{table.name}: rows of no artist can be {verb}"
        if _insert(connection, table, foreign):
            yield f"{table.name}: a row can be put into another artist's data"
    if table.fan_column:
        with _as_app(connection, tenants.victim, tenants.neighbour):
            if _insert(connection, table, foreign):
                yield f"{table.name}: a row can be put into another fan's data"


def _update(connection: Connection, table: Table, where: sql.Composable, taker: UUID) -> int:
    """Takes the rows over: the worst that an update could do."""
    return _attempt(connection, _on("update {table} set artist_id = {taker} where {where}", table, where, taker))


def _delete(connection: Connection, table: Table, where: sql.Composable, taker: UUID) -> int:
    return _attempt(connection, _on("delete from {table} where {where}", table, where, taker))


def _insert(connection: Connection, table: Table, row: str) -> int:
    return _attempt(connection, _put(connection, table, row))


def _put(connection: Connection, table: Table, row: str) -> sql.Composed:
    names = [sql.Identifier(name) for (name,) in connection.execute(WRITTEN, [table.name])]
    return sql.SQL(PUT).format(
        table=sql.Identifier(table.name), columns=sql.SQL(", ").join(names), where=sql.Literal(row)
    )


def _attempt(connection: Connection, statement: sql.Composed) -> int:
    """How many rows a statement touched; it is taken back. Refused by privilege or policy: none."""
    try:
        with connection.transaction(force_rollback=True):
            return int(connection.execute(statement).rowcount)
    except psycopg.errors.InsufficientPrivilege:
        return 0
    except psycopg.errors.IntegrityError:
        return 1  # the wall let it through; only a key of the table stopped it


def _on(text: str, table: Table, where: sql.Composable, taker: UUID | None) -> sql.Composed:
    return sql.SQL(text).format(table=sql.Identifier(table.name), where=where, taker=taker)


def _count(connection: Connection, table: Table, where: sql.Composable) -> int:
    found = connection.execute(_on("select count(*) from {table} where {where}", table, where, None)).fetchone()
    return int(found[0]) if found else 0


def _copy(connection: Connection, table: Table, tenants: Tenants) -> str:
    """A row of the victim's, her fan's where it is a fan's, as JSON under a key of its own."""
    fans = sql.SQL("and {} = {}").format(sql.Identifier(table.fan_column), tenants.fan) if table.fan_column else NOTHING
    found = connection.execute(
        _on("select to_jsonb(t) from {table} t where artist_id = {taker} {where} limit 1", table, fans, tenants.victim)
    ).fetchone()
    row: dict[str, Any] = found[0] if found else {}
    return json.dumps(row | ({"id": str(new_id())} if "id" in row else {"seq": -1}))


def _row_of_nobody(connection: Connection, table: Table, tenants: Tenants) -> sql.Composable | None:
    """Adds a row without an artist, where the table takes such; answers the condition that finds it."""
    if not table.ownerless:
        return None
    row = json.loads(_copy(connection, table, tenants)) | {"artist_id": None} | UNIQUE.get(table.name, {})
    connection.execute(_put(connection, table, json.dumps(row)))
    key = "id" if "id" in row else "seq"
    return sql.SQL("{} = {}").format(sql.Identifier(key), row[key])


@contextmanager
def _as_app(connection: Connection, artist: UUID | None, fan: UUID | str = EVERY_FAN) -> Iterator[None]:
    """The application's role in a scope, as tenancy.context would set it; both end with the block."""
    with connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(app_role())))
        connection.execute(SCOPE, [str(artist or ""), str(fan)])
        yield
