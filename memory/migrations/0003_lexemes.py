"""The words of each row as Postgres stems them, for recall (memory/recall); made by the database with each write."""

from django.db import migrations

COLUMN = "lexemes tsvector not null generated always as (to_tsvector('english'::regconfig, text)) stored"
TABLES = ("memory_memory", "memory_archiveline")


class Migration(migrations.Migration):
    dependencies = [("memory", "0002_walls")]

    operations = [
        migrations.RunSQL(
            [f"alter table {table} add column {COLUMN}" for table in TABLES],
            [f"alter table {table} drop column lexemes" for table in TABLES],
        ),
    ]
