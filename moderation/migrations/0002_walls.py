"""Row security of rules, decisions and cases, and the trigger that tells every process of a changed rule."""

from django.db import migrations

from tenancy.operations import ARTIST, announces, app_role, wall

# A global rule is readable by all, and "readable" is what Postgres asks before an update or a delete as well: without
# these two an artist's team could delete a rule that binds everybody, or make it its own.
MINE = f"as restrictive for {{verb}} to {app_role()} using (artist_id = {ARTIST})"
OWN = "".join(f"create policy own_{verb} on moderation_rule {MINE.format(verb=verb)};" for verb in ("update", "delete"))
OWN_BACK = "drop policy own_update on moderation_rule; drop policy own_delete on moderation_rule;"

FAN = ("fan_id", "tenancy_fan")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial"), ("tenancy", "0002_walls"), ("kernel", "0002_walls")]

    operations = [
        wall("moderation_rule", shared=True),
        migrations.RunSQL(OWN, OWN_BACK),
        wall("moderation_decision", same_tenant=[FAN], fan_column="fan_id"),
        wall("moderation_case", same_tenant=[FAN], fan_column="fan_id"),
        announces("moderation_rule", "rules", "artist_id"),
    ]
