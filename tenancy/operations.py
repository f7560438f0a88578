"""Migration operations that put a table behind the walls: forced row security and composite keys."""

from collections.abc import Sequence

from django.conf import settings
from django.db.migrations import RunSQL

ARTIST = "(select nullif(current_setting('app.artist_id', true), '')::uuid)"
# A fan's id is compared as what it is: made to text for each row, it took a tenth of a fan's memory search.
EVERY_FAN = "(select current_setting('app.fan_id', true) = '*')"
FAN = "(select nullif(nullif(current_setting('app.fan_id', true), '*'), '')::uuid)"
USER = "(select nullif(current_setting('app.user_id', true), '')::uuid)"


def wall(
    table: str,
    *,
    same_tenant: Sequence[tuple[str, str]] = (),
    fan_column: str | None = None,
    user_column: str | None = None,
    shared: bool = False,
) -> RunSQL:
    """Row security for a table with `artist_id`.

    same_tenant: (column, target table) pairs held by the composite key (artist_id, column). fan_column: code that
    speaks for a fan sees her rows alone. user_column: a person also sees her own rows across artists. shared: rows
    without an artist are readable by all and written by the system role alone.
    """
    mine = f"artist_id = {ARTIST}"
    system = settings.DATABASES["system"]["USER"]
    policies = {
        "tenant": f"using ({mine}) with check ({mine})",
        "system": f"to {system} using (true) with check (true)",
    }
    # For reading alone: writes are left to `tenant`, so a shared row can be neither taken nor deleted.
    if shared:
        policies["shared"] = "for select using (artist_id is null)"
    if user_column:
        policies["person"] = f"for select using ({user_column} = {USER})"
    if fan_column:
        policies["fan"] = f"as restrictive to {app_role()} using ({of_fan(fan_column)})"
    up = [f"alter table {table} enable row level security", f"alter table {table} force row level security"]
    up += [f"create policy {name} on {table} {policy}" for name, policy in policies.items()]
    up += [composite_key(table, column, target) for column, target in same_tenant]
    down = [f"drop policy {name} on {table}" for name in policies]
    down += [f"alter table {table} no force row level security", f"alter table {table} disable row level security"]
    down = [f"alter table {table} drop constraint {table}_{c}_same_tenant" for c, _ in same_tenant] + down
    return RunSQL(";\n".join(up), ";\n".join(down))


def of_fan(column: str) -> str:
    """The row is of the fan for whom the code speaks, or it speaks for every fan (`*`)."""
    return f"{EVERY_FAN} or {column} = {FAN}"


def composite_key(table: str, column: str, target: str) -> str:
    """A reference that cannot lead into another tenant; checked at commit, so pairs may be written in any order."""
    return (
        f"alter table {table} add constraint {table}_{column}_same_tenant foreign key (artist_id, {column}) "
        f"references {target} (artist_id, id) deferrable initially deferred"
    )


def app_role() -> str:
    return str(settings.DATABASES["default"]["USER"])


def announces(
    table: str, topic: str, key: str, *, when: str = "", events: str = "insert or update or delete"
) -> RunSQL:
    """A trigger that writes to the change feed whatever path changes the row: service, console, queryset, SQL.

    key: the column whose value the feed's row carries. when: columns for `update of`.
    """
    name = f"{table}_{topic}_change"
    fires = events.replace("update", f"update of {when}") if when else events
    return RunSQL(
        f"create trigger {name} after {fires} on {table} "
        f"for each row execute function kernel_announce('{topic}', '{key}')",
        f"drop trigger {name} on {table}",
    )
