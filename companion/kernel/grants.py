"""What the application's roles may do to each table. Applied by `manage.py migrate` after the migrations.

A model narrows it with a class attribute `app_privileges` (the audit chain: "select").
"""

from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql

ALL = "select, insert, update, delete"


def prepare(alias: str) -> None:
    """Lets the roles use what is created from here on: a library's data migration reads through `default`."""
    with connections[alias].cursor() as cursor:
        for name in ("default", "system"):
            cursor.execute(
                sql.SQL(
                    "alter default privileges in schema public grant select, insert, update, delete on tables to {}"
                ).format(sql.Identifier(str(settings.DATABASES[name]["USER"])))
            )


def apply(alias: str) -> None:
    """Grants every model's table to the roles of DATABASE_URL and DATABASE_SYSTEM_URL. Repeatable."""
    app_role = str(settings.DATABASES["default"]["USER"])
    system_role = str(settings.DATABASES["system"]["USER"])
    with connections[alias].cursor() as cursor:
        for role in (app_role, system_role):
            cursor.execute(
                sql.SQL(
                    "grant usage on schema public to {role}; grant usage on all sequences in schema public to {role};"
                    "grant select on django_migrations to {role}"
                ).format(role=sql.Identifier(role))
            )
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.managed:
                continue
            table = sql.Identifier(model._meta.db_table)
            for role, attribute in ((app_role, "app_privileges"), (system_role, "system_privileges")):
                # The privileges are literals of our own models, never input.
                privileges = sql.SQL(getattr(model, attribute, ALL))
                cursor.execute(sql.SQL("revoke all on {} from {}").format(table, sql.Identifier(role)))
                cursor.execute(sql.SQL("grant {} on {} to {}").format(privileges, table, sql.Identifier(role)))
