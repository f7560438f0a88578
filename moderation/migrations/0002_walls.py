"""Row security of rules, decisions and cases, and the trigger that tells every process of a changed rule."""

from django.db import migrations

from tenancy.operations import announces, wall

FAN = ("fan_id", "tenancy_fan")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial"), ("tenancy", "0002_walls"), ("kernel", "0002_walls")]

    operations = [
        wall("moderation_rule", shared=True),
        wall("moderation_decision", same_tenant=[FAN], fan_column="fan_id"),
        wall("moderation_case", same_tenant=[FAN], fan_column="fan_id"),
        announces("moderation_rule", "rules", "artist_id"),
    ]
