"""A kill switch that binds everybody is the platform's alone to change.

Such a row is readable by all, and "readable" is what Postgres asks before an update or a delete as well: without these
two policies an artist's session could delete a global switch, or make it its own (moderation/0002_walls has the same).
"""

from django.db import migrations

from tenancy.operations import ARTIST, app_role

OWN = "".join(
    f"create policy own_{verb} on tenancy_killswitch as restrictive for {verb} to {app_role()} using (artist_id = {ARTIST});"
    for verb in ("update", "delete")
)
BACK = "drop policy own_update on tenancy_killswitch; drop policy own_delete on tenancy_killswitch;"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_walls")]

    operations = [migrations.RunSQL(OWN, BACK)]
