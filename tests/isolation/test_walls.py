"""The second wall, table by table: as it stands it holds, and each way to breach it is noticed."""

from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models
from psycopg import sql

from companion.kernel import audit
from tenancy.context import tenant
from tests.factories import ACTOR
from tests.isolation.walls import Connection, Table, app_role, complaints, may_select, table_of, tenant_models, undone
from tests.isolation.world import World

TABLES = [table_of(model) for model in tenant_models()]
BREACHES = {
    "row security off": "alter table {table} disable row level security",
    "row security not forced": "alter table {table} no force row level security",
    "no policy": "drop policy tenant on {table}; drop policy system on {table}",
    "an open policy beside the right one": "create policy everybody on {table} using (true) with check (true)",
}
FAN_BREACHES = {"fans not kept apart": "drop policy fan on {table}"}


@pytest.fixture(autouse=True, scope="module")
def _a_note_waits(world: World) -> None:
    """Notes leave their table whenever somebody appends to the chain."""
    victim = world.tenants.victim
    with tenant(victim):
        audit.record("test.noted", actor=ACTOR, artist=victim, object_type="test", object_id=1, content={})


def test_every_app_with_a_tenants_rows_is_looked_at() -> None:
    labels = {model._meta.app_label for model in tenant_models()}
    assert labels >= {"tenancy", "personas", "conversations", "moderation", "billing", "kernel"}
    assert len(TABLES) >= 20


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_keeps_tenants_and_fans_apart(superuser_db: Connection, world: World, table: Table) -> None:
    with undone(superuser_db):
        assert complaints(superuser_db, table, world.tenants) == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_way_to_breach_a_wall_is_noticed(superuser_db: Connection, world: World, table: Table) -> None:
    for how, breach in (BREACHES | (FAN_BREACHES if table.fan_column else {})).items():
        with undone(superuser_db):
            superuser_db.execute(sql.SQL(breach).format(table=sql.Identifier(table.name)))
            found = complaints(superuser_db, table, world.tenants)
        assert found, how
        assert {complaint.split(":")[0] for complaint in found} == {table.name}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_without_row_security_another_artists_rows_lie_open_and_that_is_seen(
    superuser_db: Connection, world: World, table: Table
) -> None:
    """That the wall is down is not only read from the catalogue: the foreign row is read, or where the role may not
    read at all, put."""
    with undone(superuser_db):
        superuser_db.execute(sql.SQL("alter table {} disable row level security").format(sql.Identifier(table.name)))
        found = complaints(superuser_db, table, world.tenants)
        readable = may_select(superuser_db, table)
    deed = "another artist's rows can be read" if readable else "a row can be put into another artist's data"
    assert f"{table.name}: {deed}" in found


def test_the_artist_herself_is_everybodys_to_read_and_only_hers_to_change(
    superuser_db: Connection, world: World
) -> None:
    tenants = world.tenants
    change = "update tenancy_artist set name = 'changed' where id = %s"
    with undone(superuser_db):
        superuser_db.execute(sql.SQL("set local role {}").format(sql.Identifier(app_role())))
        superuser_db.execute("select set_config('app.artist_id', %s, true)", [str(tenants.stranger)])
        for artist in (tenants.victim, tenants.stranger):
            assert superuser_db.execute("select 1 from tenancy_artist where id = %s", [artist]).fetchone()
        assert superuser_db.execute(change, [tenants.stranger]).rowcount == 1
        assert superuser_db.execute(change, [tenants.victim]).rowcount == 0
        assert superuser_db.execute("delete from tenancy_artist where id = %s", [tenants.victim]).rowcount == 0


# -- references that cannot lead into another tenant ----------------------------------------------------------------

# Columns that name a row of the same tenant without being a foreign key: the row's app lies above theirs.
LOOSE = {
    "moderation_decision.turn_id",
    "moderation_case.turn_id",
    "billing_usagerecord.turn_id",
    "conversations_turntrace.persona_version_id",
    "memory_memorysource.message_id",
    "memory_archiveline.message_id",
    "memory_sessionmark.extracted_upto",
    "memory_sessionmark.failed_after",
}
COMPOSITE = """
select conrelid::regclass::text || '.' || a.attname, conname
from pg_constraint c
join lateral (select attname from pg_attribute where attrelid = c.conrelid and attnum = any(c.conkey)
              and attname <> 'artist_id') a on true
where contype = 'f' and cardinality(conkey) = 2 and convalidated and conparentid = 0 -- a partition has its table's
  and 'artist_id' in (select attname from pg_attribute where attrelid = c.conrelid and attnum = any(c.conkey))
"""


def references() -> dict[str, type[models.Model]]:
    """`table.column` of every foreign key from one tenant's table to another, with its target."""
    tenants = set(tenant_models())
    return {
        f"{model._meta.db_table}.{field.column}": field.related_model
        for model in tenants
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in tenants
    }


def test_every_reference_inside_a_tenant_is_held_by_a_composite_key(superuser_db: Connection) -> None:
    held = {column for column, _ in superuser_db.execute(COMPOSITE)}
    assert held == set(references())


def test_a_reference_without_a_key_is_known_by_name() -> None:
    named = {
        f"{model._meta.db_table}.{field.column}"
        for model in tenant_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.UUIDField)
        and not field.primary_key
        and field.column != "artist_id"
        and model._meta.app_label != "kernel"
    }
    assert named == LOOSE
    assert all(not model._meta.many_to_many for model in apps.get_models() if model in set(tenant_models()))


@pytest.mark.parametrize("reference", sorted(references()))
def test_a_row_cannot_be_made_to_point_into_another_tenant(
    superuser_db: psycopg.Connection[Any], world: World, reference: str
) -> None:
    table, column = reference.split(".")
    target = references()[reference]._meta.db_table
    statement = sql.SQL(
        "update {table} set {column} = (select id from {target} where artist_id = {stranger} limit 1)"
        # Of one partition too: a ctid is unique within it alone, and another's row may have a key in the way.
        " where (tableoid, ctid) = (select tableoid, ctid from {table} where artist_id = {victim} limit 1)"
    ).format(
        table=sql.Identifier(table),
        column=sql.Identifier(column),
        target=sql.Identifier(target),
        stranger=world.tenants.stranger,
        victim=world.tenants.victim,
    )
    with undone(superuser_db):
        superuser_db.execute("set constraints all immediate")
        with pytest.raises(psycopg.errors.ForeignKeyViolation, match=f"{table}_{column}_same_tenant"):
            superuser_db.execute(statement)
