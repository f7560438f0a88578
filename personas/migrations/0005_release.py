"""The release gate: its tables, the pinned model, the version on trial. What is live already counts as released."""

import companion.kernel.ids
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from tenancy.operations import composite_key, wall

VERSION = "personas_personaversion"
# Row security is forced upon the owner too, so it is lifted for one statement of this transaction. What the new rows
# refer to is checked at once, for a table with checks to come cannot be altered.
RELEASE_WHAT_IS_LIVE = """
alter table personas_persona no force row level security;
insert into personas_personarelease (id, artist_id, version_id, state, reason, changed_by, changed_at)
select gen_random_uuid(), artist_id, live_version_id, 'released', '', 'command:migrate', now()
from personas_persona where live_version_id is not null;
alter table personas_persona force row level security;
set constraints all immediate;
set constraints all deferred;
"""
# An approval names the version's own author, and a run of that very version. The index can refuse no row, for `id` is
# unique by itself: it is what the reference needs.
APPROVAL_KEYS = f"""
create unique index personas_personaversion_author on {VERSION} (artist_id, id, created_by);
alter table personas_releaseapproval add constraint personas_releaseapproval_of_the_author
  foreign key (artist_id, version_id, author) references {VERSION} (artist_id, id, created_by)
  deferrable initially deferred;
alter table personas_releaseapproval add constraint personas_releaseapproval_of_the_run
  foreign key (artist_id, run_id, version_id) references personas_checkrun (artist_id, id, version_id)
  deferrable initially deferred;
"""
NO_APPROVAL_KEYS = """
alter table personas_releaseapproval drop constraint personas_releaseapproval_of_the_author;
alter table personas_releaseapproval drop constraint personas_releaseapproval_of_the_run;
drop index personas_personaversion_author;
"""


def artist():
    return models.ForeignKey(
        editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.artist"
    )


def key():
    return models.UUIDField(
        default=companion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
    )


def version(related_name, on_delete=django.db.models.deletion.CASCADE, **options):
    return models.ForeignKey(
        db_constraint=False,
        on_delete=on_delete,
        related_name=related_name,
        to="personas.personaversion",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [("personas", "0004_corpus"), ("tenancy", "0002_walls")]

    operations = [
        migrations.AddField(
            "personaversion", "model", models.CharField(blank=True, db_default="", default="", max_length=120)
        ),
        migrations.AddField(
            "persona",
            "canary_version",
            version("+", django.db.models.deletion.PROTECT, blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            "persona",
            "canary_share",
            models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="percent of the fans; 0 without a version on trial",
            ),
        ),
        migrations.AddConstraint(
            "persona",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("canary_share", 0), ("canary_version", None)),
                    models.Q(("canary_share__range", (1, 99)), ("canary_version__isnull", False)),
                    _connector="OR",
                ),
                name="personas_persona_share_of_a_trial",
            ),
        ),
        migrations.CreateModel(
            name="PersonaRelease",
            fields=[
                ("id", key()),
                ("artist", artist()),
                ("version", version("+")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in_review"),
                            ("approved", "approved"),
                            ("released", "released"),
                            ("withdrawn", "withdrawn"),
                            ("rejected", "rejected"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="why it was rejected or withdrawn", max_length=300),
                ),
                ("replaced", version("+", django.db.models.deletion.PROTECT, null=True)),
                ("changed_by", models.CharField(max_length=200)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("artist", "id"), name="personas_personarelease_artist_id_key"),
                    models.UniqueConstraint(fields=("artist", "version"), name="personas_personarelease_of_version"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckRun",
            fields=[
                ("id", key()),
                ("artist", artist()),
                ("version", version("runs")),
                ("against", version("+", django.db.models.deletion.PROTECT, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "running"),
                            ("passed", "passed"),
                            ("failed", "failed"),
                            ("broken", "broken"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("findings", models.JSONField(default=list)),
                ("exchanges", models.JSONField(default=list)),
                (
                    "problem",
                    models.CharField(blank=True, help_text="why the checks could not be made", max_length=200),
                ),
                ("requested_by", models.CharField(max_length=200)),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("epoch", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-requested_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("artist", "id"), name="personas_checkrun_artist_id_key"),
                    models.UniqueConstraint(fields=("artist", "id", "version"), name="personas_checkrun_of_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=("artist", "version"),
                        name="personas_checkrun_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseApproval",
            fields=[
                ("id", key()),
                ("artist", artist()),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="personas.checkrun",
                    ),
                ),
                ("version", version("+")),
                ("author", models.CharField(max_length=200)),
                ("approver", models.CharField(max_length=200)),
                ("approved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["approved_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("artist", "id"), name="personas_releaseapproval_artist_id_key"),
                    models.UniqueConstraint(fields=("artist", "run", "approver"), name="personas_releaseapproval_once"),
                    models.CheckConstraint(
                        condition=models.Q(("approver", models.F("author")), _negated=True),
                        name="personas_releaseapproval_not_the_author",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approver__startswith", "staff:")),
                        name="personas_releaseapproval_by_a_person",
                    ),
                ],
            },
        ),
        migrations.RunSQL(RELEASE_WHAT_IS_LIVE, migrations.RunSQL.noop),
        wall("personas_personarelease", same_tenant=[("version_id", VERSION), ("replaced_id", VERSION)]),
        wall("personas_checkrun", same_tenant=[("version_id", VERSION), ("against_id", VERSION)]),
        wall("personas_releaseapproval", same_tenant=[("version_id", VERSION), ("run_id", "personas_checkrun")]),
        migrations.RunSQL(APPROVAL_KEYS, NO_APPROVAL_KEYS),
        migrations.RunSQL(
            composite_key("personas_persona", "canary_version_id", VERSION),
            "alter table personas_persona drop constraint personas_persona_canary_version_id_same_tenant",
        ),
    ]
