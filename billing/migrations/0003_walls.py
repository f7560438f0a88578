"""Row security and composite keys of usage and quotas."""

from django.db import migrations

from tenancy.operations import wall

FAN = [("fan_id", "tenancy_fan")]


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_initial"), ("tenancy", "0002_walls")]

    operations = [
        wall("billing_usagerecord", same_tenant=FAN, fan_column="fan_id"),
        wall("billing_quotacounter", same_tenant=FAN, fan_column="fan_id"),
    ]
