"""Turns by the hour and active fans by the span, from which the first page of the console sums."""

import companion.kernel.ids
import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import wall


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0003_readinggrant'),
        ('tenancy', '0005_fan_newest'),
    ]

    operations = [
        migrations.CreateModel(
            name='ActiveFans',
            fields=[
                ('id', models.UUIDField(default=companion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("artist", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.artist')),
                ('days', models.PositiveSmallIntegerField()),
                ('until', models.DateTimeField()),
                ('fans', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name_plural': 'active fans',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='HourFigures',
            fields=[
                ('id', models.UUIDField(default=companion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("artist", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.artist')),
                ('hour', models.DateTimeField()),
                ('completed', models.PositiveIntegerField()),
                ('cancelled', models.PositiveIntegerField()),
                ('failed', models.PositiveIntegerField()),
                ('blocked', models.PositiveIntegerField()),
                ('held', models.PositiveIntegerField()),
                ('deflected', models.PositiveIntegerField()),
                ('crises', models.PositiveIntegerField()),
                ('first_token', models.JSONField(default=dict)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['artist', '-created_at', '-id'], name='conversations_report_newest'),
        ),
        migrations.AddIndex(
            model_name='turn',
            index=models.Index(fields=['artist', '-created_at', '-id'], name='conversations_turn_newest'),
        ),
        migrations.AddIndex(
            model_name='turn',
            index=models.Index(fields=['artist', 'ended_at'], include=('fan', 'status'), name='conversations_turn_ended'),
        ),
        migrations.AddConstraint(
            model_name='activefans',
            constraint=models.UniqueConstraint(fields=('artist', 'id'), name='conversations_activefans_artist_id_key'),
        ),
        migrations.AddConstraint(
            model_name='activefans',
            constraint=models.UniqueConstraint(fields=('artist', 'days', 'until'), name='conversations_activefans_once'),
        ),
        migrations.AddConstraint(
            model_name='hourfigures',
            constraint=models.UniqueConstraint(fields=('artist', 'id'), name='conversations_hourfigures_artist_id_key'),
        ),
        migrations.AddConstraint(
            model_name='hourfigures',
            constraint=models.UniqueConstraint(fields=('artist', 'hour'), name='conversations_hourfigures_once'),
        ),
        wall("conversations_hourfigures"),
        wall("conversations_activefans"),
    ]
