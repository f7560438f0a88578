"""Usage by the hour, from which the first page of the console sums."""

import companion.kernel.ids
import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import wall


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0003_walls'),
        ('tenancy', '0005_fan_newest'),
    ]

    operations = [
        migrations.CreateModel(
            name='HourUsage',
            fields=[
                ('id', models.UUIDField(default=companion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("artist", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.artist')),
                ('hour', models.DateTimeField()),
                ('provider', models.CharField(max_length=40)),
                ('model', models.CharField(max_length=120)),
                ('input_tokens', models.BigIntegerField()),
                ('output_tokens', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='usagerecord',
            index=models.Index(fields=['artist', '-created_at', '-id'], name='billing_usagerecord_newest'),
        ),
        migrations.AddConstraint(
            model_name='hourusage',
            constraint=models.UniqueConstraint(fields=('artist', 'id'), name='billing_hourusage_artist_id_key'),
        ),
        migrations.AddConstraint(
            model_name='hourusage',
            constraint=models.UniqueConstraint(fields=('artist', 'hour', 'provider', 'model'), name='billing_hourusage_once'),
        ),
        wall("billing_hourusage"),
    ]
