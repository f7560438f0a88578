"""The persona: who speaks, in immutable versions; how she feels; where she will be. Her corpus: corpus/models.py."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from personas.corpus.models import Chunk, CorpusIndex, Document, Upload
from personas.recurrence import Repeats, Rule
from personas.release.contracts import LARGEST_SHARE, SMALLEST_SHARE
from personas.release.models import CheckRun, PersonaRelease, ReleaseApproval
from tenancy.models import TenantModel

__all__ = [
    "CheckRun",
    "Chunk",
    "CorpusIndex",
    "Document",
    "Mood",
    "Period",
    "Persona",
    "PersonaRelease",
    "PersonaVersion",
    "ReleaseApproval",
    "ScheduleEntry",
    "Upload",
]


class Persona(TenantModel):
    """The one persona of an artist, the version that speaks now, and the one that is tried out with some fans."""

    name = models.CharField(max_length=120)
    live_version = models.ForeignKey(
        "PersonaVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    canary_version = models.ForeignKey(
        "PersonaVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_constraint=False,
    )
    canary_share = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="percent of the fans; 0 without a version on trial"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist"], name="personas_persona_one_per_artist"),
            models.CheckConstraint(
                condition=models.Q(canary_version=None, canary_share=0)
                | models.Q(canary_version__isnull=False, canary_share__range=(SMALLEST_SHARE, LARGEST_SHARE)),
                name="personas_persona_share_of_a_trial",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonaVersion(TenantModel):
    """Everything that makes her sound like herself. Never updated: an edit is a new version (services.create_version).

    `sheet` holds the lines by kind; its shape is personas.contracts.PersonaSheet. `model` pins what answers: a model or
    an adapter by the id that the provider knows it under; empty for the provider's own.
    """

    app_privileges = "select, insert"

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="versions", db_constraint=False)
    number = models.PositiveIntegerField()
    sheet = models.JSONField()
    model = models.CharField(max_length=120, blank=True, db_default="", default="")
    note = models.CharField(max_length=300, blank=True, help_text="what changed, for the team")
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "number"], name="personas_personaversion_number"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Period(TenantModel):
    """Something that holds from one moment to another, once or again and again (personas/recurrence.py)."""

    class Repeating(models.TextChoices):
        NONE = Repeats.NONE.value, "only once"
        DAILY = Repeats.DAILY.value, "every day"
        WEEKLY = Repeats.WEEKLY.value, "every week"

    # Of the first occurrence.
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    repeats = models.CharField(max_length=6, choices=Repeating, default=Repeating.NONE, db_default="none")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), size=7, blank=True, default=list, db_default=[])
    repeats_until = models.DateField(null=True, blank=True)
    # Whose clock it repeats by; the days of `weekdays`, `repeats_until` and `skipped` are days there.
    zone = models.CharField(max_length=64, default="UTC", db_default="UTC")
    skipped = ArrayField(models.DateField(), blank=True, default=list, db_default=[])

    class Meta(TenantModel.Meta):
        abstract = True
        ordering = ["-starts_at"]

    @property
    def rule(self) -> Rule:
        return Rule(
            self.starts_at,
            self.ends_at,
            self.repeats,
            tuple(self.weekdays),
            self.repeats_until,
            self.zone,
            frozenset(self.skipped),
        )


class Mood(Period):
    """How she is for a while; the label colours replies and voice, the line is shown to fans."""

    label = models.CharField(max_length=40)
    line = models.CharField(max_length=200)

    class Meta(Period.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="personas_mood_ends_later", condition=models.Q(ends_at__gt=models.F("starts_at"))
            ),
        ]
        indexes = [models.Index(fields=["artist", "starts_at"])]

    def __str__(self) -> str:
        return self.label


class ScheduleEntry(Period):
    """What the artist does and when. The persona claims nothing about her whereabouts beyond these."""

    title = models.CharField(max_length=160)

    class Meta(Period.Meta):
        verbose_name_plural = "schedule entries"
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="personas_scheduleentry_ends_later", condition=models.Q(ends_at__gt=models.F("starts_at"))
            ),
        ]
        indexes = [models.Index(fields=["artist", "starts_at"])]

    def __str__(self) -> str:
        return self.title
