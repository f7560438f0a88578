"""Row security and composite keys of the persona's tables; vectors stored in the row (stack.md: TOAST costs four times)."""

from django.db import migrations

from tenancy.operations import wall


class Migration(migrations.Migration):
    dependencies = [("personas", "0002_initial"), ("tenancy", "0002_walls")]

    operations = [
        wall("personas_persona", same_tenant=[("live_version_id", "personas_personaversion")]),
        wall("personas_personaversion", same_tenant=[("persona_id", "personas_persona")]),
        wall("personas_mood"),
        wall("personas_scheduleentry"),
        wall("personas_corpuspassage"),
        migrations.RunSQL(
            "alter table personas_corpuspassage alter column embedding set storage plain",
            "alter table personas_corpuspassage alter column embedding set storage external",
        ),
    ]
