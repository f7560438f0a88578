"""Who a login session belongs to and on which device it is: columns of Django's session table, all of them optional.

The release before this one goes on writing the table; its sessions get their person when they are next saved. Those
that stand get theirs here.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations, models

UP = """
alter table django_session
    add column user_id uuid references tenancy_user on delete cascade deferrable initially deferred,
    add column browser varchar(20) default '',
    add column system varchar(20) default '',
    add column created_at timestamptz default now(),
    add column last_seen_at timestamptz default now();
create index django_session_user on django_session (user_id);
"""
DOWN = """
alter table django_session
    drop column user_id, drop column browser, drop column system, drop column created_at, drop column last_seen_at
"""
OWNED = """
update django_session set user_id = %s::uuid
where session_key = %s and exists (select 1 from tenancy_user where id = %s::uuid)
"""
BATCH = 500


def name_people(apps, schema_editor):
    """The session's data is signed and compressed, so only Python can read whose it is."""
    connection = schema_editor.connection
    rows = apps.get_model("sessions", "Session").objects.using(connection.alias).values_list("session_key", "session_data")
    store = SessionStore()
    owned = [(user, key, user) for key, data in rows.iterator(BATCH) if (user := store.decode(data).get(SESSION_KEY))]
    with connection.cursor() as cursor:
        cursor.executemany(OWNED, owned)


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_walls"), ("sessions", "0001_initial")]

    operations = [
        migrations.RunSQL(UP, DOWN),
        migrations.RunPython(name_people, migrations.RunPython.noop),
        migrations.CreateModel(
            name="UserSession",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("browser", models.CharField(default="", max_length=20)),
                ("system", models.CharField(default="", max_length=20)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_seen_at", models.DateTimeField(auto_now=True, help_text="an app renews its access each quarter of an hour")),
                ("user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"db_table": "django_session", "managed": False},
        ),
    ]
