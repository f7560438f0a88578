"""Lists' queries under a name, and whether an artist's team needs a second step to log in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import companion.kernel.ids
from tenancy.operations import app_role, wall

PRIVATE = f"""
create policy private on tenancy_savedfilter as restrictive to {app_role()}
using (team or user_id::text = (select current_setting('app.staff_id', true)))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0003_usersession"),
    ]

    operations = [
        migrations.AddField(
            model_name="artist",
            name="staff_totp_required",
            field=models.BooleanField(
                db_default=False, default=False, help_text="her team opens the console with a code as well"
            ),
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=companion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("page", models.CharField(help_text="the list's model: app.model", max_length=80)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("team", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField(auto_now=True)),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("artist", "id"), name="tenancy_savedfilter_artist_id_key"),
                    models.UniqueConstraint(
                        fields=("artist", "user", "page", "name"), name="tenancy_savedfilter_one_name"
                    ),
                ],
            },
        ),
        wall("tenancy_savedfilter"),
        migrations.RunSQL(PRIVATE, "drop policy private on tenancy_savedfilter"),
    ]
