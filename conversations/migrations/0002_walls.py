"""Row security and composite keys of turns, messages, traces, reports and feedback."""

from django.db import migrations

from tenancy.operations import wall

FAN = ("fan_id", "tenancy_fan")
TURN = ("turn_id", "conversations_turn")
MESSAGE = ("message_id", "conversations_message")


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial"), ("tenancy", "0002_walls")]

    operations = [
        wall("conversations_turn", same_tenant=[FAN], fan_column="fan_id"),
        wall("conversations_message", same_tenant=[FAN, TURN], fan_column="fan_id"),
        wall("conversations_turntrace", same_tenant=[FAN, TURN], fan_column="fan_id"),
        wall("conversations_report", same_tenant=[FAN, MESSAGE], fan_column="fan_id"),
        wall("conversations_feedback", same_tenant=[FAN, MESSAGE], fan_column="fan_id"),
    ]
