"""What Django's models cannot say: the change feed's transaction ids and triggers, row security of the kernel's tables."""

from django.conf import settings
from django.db import migrations

ARTIST = "(select nullif(current_setting('app.artist_id', true), '')::uuid)"
SYSTEM = settings.DATABASES["system"]["USER"]

FEED = """
alter table kernel_change add column xid xid8 not null default pg_current_xact_id();
alter table kernel_change alter column at set default now();
create index kernel_change_xid on kernel_change (xid);
create function kernel_announce() returns trigger language plpgsql as $$
declare changed jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
begin
  insert into kernel_change (topic, key) values (tg_argv[0], coalesce(changed ->> tg_argv[1], ''));
  return null;
end $$;
"""
FEED_BACK = "drop function kernel_announce(); drop index kernel_change_xid; alter table kernel_change drop column xid;"


def wall(table, readable, writable):
    return migrations.RunSQL(
        f"alter table {table} enable row level security; alter table {table} force row level security;"
        f"create policy tenant on {table} using ({readable}) with check ({writable});"
        f"create policy system on {table} to {SYSTEM} using (true) with check (true);",
        f"drop policy tenant on {table}; drop policy system on {table};"
        f"alter table {table} no force row level security; alter table {table} disable row level security;",
    )


MINE = f"artist_id = {ARTIST}"
MINE_OR_NOBODYS = f"({MINE} or artist_id is null)"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(FEED, FEED_BACK),
        wall("kernel_outboxevent", MINE, MINE_OR_NOBODYS),
        wall("kernel_auditnote", "false", MINE_OR_NOBODYS),
        wall("kernel_auditentry", MINE, "false"),
        wall("kernel_auditcontent", MINE, "false"),
    ]
