"""The persona: who speaks, in immutable versions; how she feels; where she will be. Her corpus: corpus/models.py."""

from django.db import models

from personas.corpus.models import Chunk, CorpusIndex, Document, Upload
from tenancy.models import TenantModel

__all__ = [
    "Chunk",
    "CorpusIndex",
    "Document",
    "Mood",
    "Period",
    "Persona",
    "PersonaVersion",
    "ScheduleEntry",
    "Upload",
]


class Persona(TenantModel):
    """The one persona of an artist and the version that speaks now."""

    name = models.CharField(max_length=120)
    live_version = models.ForeignKey(
        "PersonaVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist"], name="personas_persona_one_per_artist"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonaVersion(TenantModel):
    """Everything that makes her sound like herself. Never updated: an edit is a new version (services/versions.py).

    `sheet` holds the lines by kind; its shape is personas.contracts.PersonaSheet.
    """

    app_privileges = "select, insert"

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="versions", db_constraint=False)
    number = models.PositiveIntegerField()
    sheet = models.JSONField()
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
    """Something that holds from one moment to another."""

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        abstract = True
        ordering = ["-starts_at"]


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
