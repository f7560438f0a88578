"""Who may read which fan's conversation, and until when."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import companion.kernel.ids
from tenancy.operations import wall


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0002_walls"),
        ("tenancy", "0004_savedfilter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadingGrant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=companion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("opened_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "artist",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.artist",
                    ),
                ),
                (
                    "fan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.fan",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["artist", "fan", "user", "-expires_at"], name="readinggrant_latest")],
                "constraints": [
                    models.UniqueConstraint(fields=("artist", "id"), name="conversations_readinggrant_artist_id_key")
                ],
            },
        ),
        wall("conversations_readinggrant", same_tenant=[("fan_id", "tenancy_fan")], fan_column="fan_id"),
    ]
