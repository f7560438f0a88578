"""The fan's wall compares ids as ids, in tables that stand already; those that come later have it from `wall`."""

from django.db import migrations

from tenancy.operations import of_fan

AS_TEXT = "(select current_setting('app.fan_id', true)) in ('*', {column}::text)"


def walls(*, uuid: bool) -> str:
    """Changes each table's policy `fan`. All have `fan_id`, but for the fans themselves."""
    tables = {"= 'tenancy_fan'": "id", "<> 'tenancy_fan'": "fan_id"}
    return "\n".join(
        f"""do $$ declare each name; begin
        for each in select tablename from pg_policies where policyname = 'fan' and tablename {which} loop
            execute format($policy$alter policy fan on %I using ({of_fan(column) if uuid else AS_TEXT.format(column=column)})$policy$, each);
        end loop; end $$;"""
        for which, column in tables.items()
    )


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0005_fan_newest")]

    operations = [migrations.RunSQL(walls(uuid=True), walls(uuid=False))]
