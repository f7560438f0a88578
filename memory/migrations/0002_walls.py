"""Row security and composite keys of memory. A fan's vectors lie in the row, where an exact search reads them."""

from django.db import migrations

from tenancy.operations import wall

FAN = ("fan_id", "tenancy_fan")
MEMORY = ("memory_id", "memory_memory")
PLAIN = "alter table {} alter column embedding set storage plain"
EXTERNAL = "alter table {} alter column embedding set storage external"
EMBEDDED = ("memory_memory", "memory_archiveline", "memory_tombstone")


class Migration(migrations.Migration):
    dependencies = [("memory", "0001_initial"), ("tenancy", "0002_walls")]

    operations = [
        wall("memory_memory", same_tenant=[FAN, ("superseded_by_id", "memory_memory")], fan_column="fan_id"),
        wall("memory_memorysource", same_tenant=[FAN, MEMORY], fan_column="fan_id"),
        wall("memory_archiveline", same_tenant=[FAN], fan_column="fan_id"),
        wall("memory_tombstone", same_tenant=[FAN], fan_column="fan_id"),
        wall("memory_memorysettings", same_tenant=[FAN], fan_column="fan_id"),
        wall("memory_sessionmark", same_tenant=[FAN], fan_column="fan_id"),
        *[migrations.RunSQL(PLAIN.format(table), EXTERNAL.format(table)) for table in EMBEDDED],
    ]
