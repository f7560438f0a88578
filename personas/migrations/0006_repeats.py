"""Moods and schedule entries that repeat: the rule stands on the row."""

import django.contrib.postgres.fields
import django.db.models
from django.db import migrations, models


def columns(model: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(
            model,
            "repeats",
            models.CharField(
                choices=[("none", "only once"), ("daily", "every day"), ("weekly", "every week")],
                default="none",
                db_default="none",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model,
            "weekdays",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), blank=True, default=list, db_default=[], size=7
            ),
        ),
        migrations.AddField(model, "repeats_until", models.DateField(blank=True, null=True)),
        migrations.AddField(model, "zone", models.CharField(default="UTC", db_default="UTC", max_length=64)),
        migrations.AddField(
            model,
            "skipped",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.DateField(), blank=True, default=list, db_default=[]
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("personas", "0005_release")]

    operations = [*columns("mood"), *columns("scheduleentry")]
