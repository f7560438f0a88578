"""Fans by the day they joined, newest first, without a sort."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenancy', '0004_savedfilter'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='fan',
            index=models.Index(fields=['artist', '-joined_at', '-id'], name='tenancy_fan_newest'),
        ),
    ]
