"""A search goes by the index on (artist, fan): the one on the fan alone was taken instead, and is gone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('memory', '0007_tombstone_since'),
        ('tenancy', '0006_fan_by_uuid'),
    ]

    operations = [
        migrations.AlterField(
            model_name='archiveline',
            name='fan',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.fan'),
        ),
        migrations.AlterField(
            model_name='memory',
            name='fan',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.fan'),
        ),
        migrations.AlterField(
            model_name='tombstone',
            name='fan',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.fan'),
        ),
    ]
