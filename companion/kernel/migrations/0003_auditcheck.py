"""How far the audit chain has been verified, and an index for each filter of its page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditCheck",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
                ("hash", models.BinaryField(max_length=32)),
                ("began_at", models.DateTimeField(null=True)),
                ("whole_at", models.DateTimeField(null=True)),
                ("took_ms", models.BigIntegerField(default=0)),
                ("broken", models.CharField(blank=True, max_length=200)),
                ("broken_seq", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="artist_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["artist_id", "-seq"], name="auditentry_newest"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["artist_id", "actor", "-seq"], name="auditentry_by_actor"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["artist_id", "action", "-seq"], name="auditentry_by_action"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["artist_id", "object_type", "-seq"], name="auditentry_by_type"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["artist_id", "object_id", "-seq"], name="auditentry_by_object"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["artist_id", "at"], name="auditentry_by_time"),
        ),
    ]
