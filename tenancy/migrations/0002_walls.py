"""Row security of the tenancy tables, and the triggers that tell every process of switches, logins and sanctions."""

from django.db import migrations

from tenancy.operations import announces, app_role, wall

ARTIST_ID = "(select nullif(current_setting('app.artist_id', true), '')::uuid)"
OWN_ARTIST = f"""
alter table tenancy_artist enable row level security;
alter table tenancy_artist force row level security;
create policy face on tenancy_artist for select using (true);
create policy own on tenancy_artist for update to {app_role()} using (id = {ARTIST_ID}) with check (id = {ARTIST_ID});
"""
BACK = """
drop policy own on tenancy_artist; drop policy face on tenancy_artist; drop policy system on tenancy_artist;
alter table tenancy_artist no force row level security; alter table tenancy_artist disable row level security;
"""


def system_policy():
    from django.conf import settings

    return f"create policy system on tenancy_artist to {settings.DATABASES['system']['USER']} using (true) with check (true);"


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0001_initial"),
        ("kernel", "0002_walls"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(OWN_ARTIST + system_policy(), BACK),
        wall("tenancy_fan", fan_column="id", user_column="user_id"),
        wall("tenancy_staffrole", user_column="user_id"),
        wall("tenancy_acknowledgement", same_tenant=[("fan_id", "tenancy_fan")], fan_column="fan_id"),
        wall("tenancy_killswitch", shared=True),
        announces("tenancy_killswitch", "switches", "id"),
        announces("tenancy_artist", "switches", "id", when="status"),
        announces("tenancy_artist", "artists", "id"),
        announces("tenancy_user", "users", "id", when="password, is_active", events="update or delete"),
        announces("tenancy_fan", "fans", "id", when="sanction, sanction_until", events="update or delete"),
        announces("django_session", "sessions", "session_key", events="delete"),
    ]
