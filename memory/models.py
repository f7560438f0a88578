"""What is remembered of a fan, what was said, what she has had forgotten, and how far extraction has come."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from pgvector.django import HalfVectorField

from companion.providers.embeddings.base import STORED_DIMENSIONS
from tenancy.models import Fan, FanOwned, TenantModel


class Embedded(FanOwned):
    """With a vector of its text. Only vectors of one `embedding_model` can be compared.

    Each table has an index on (artist, fan). One on the fan alone would be taken instead, and the artist be compared
    for each row.
    """

    fan = models.ForeignKey(Fan, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    embedding = HalfVectorField(dimensions=STORED_DIMENSIONS, null=True, editable=False)
    embedding_model = models.CharField(max_length=120, blank=True, editable=False)

    class Meta(FanOwned.Meta):
        abstract = True


class Memory(Embedded):
    """Something the fan said of herself. A newer word on the same matter supersedes it; it stays as history."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUPERSEDED = "superseded"
        FADED = "faded"

    kind = models.CharField(max_length=12)
    text = models.CharField(max_length=1000)
    subject = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=40, blank=True, help_text="a special category, kept by consent")
    confidence = models.FloatField(default=1.0)
    salience = models.FloatField(default=0.5, help_text="0 to 1; each time it is said again it rises")
    pinned = models.BooleanField(default=False, help_text="never fades")
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False
    )
    said_at = models.DateTimeField(help_text="when it was last said")
    corrected_at = models.DateTimeField(null=True, help_text="the fan put it right herself")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Embedded.Meta):
        verbose_name_plural = "memories"
        indexes = [
            models.Index(fields=["artist", "fan", "status"], name="memory_of_fan"),
            models.Index(fields=["artist", "embedding_model"], name="memory_by_model"),
        ]

    def __str__(self) -> str:
        return f"memory {self.id}"


class MemorySource(FanOwned):
    """A message that a memory rests on. Messages lie in a layer above, so the id is kept without a key."""

    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="sources", db_constraint=False)
    message_id = models.UUIDField()
    quote = models.CharField(max_length=500)
    said_at = models.DateTimeField()

    class Meta(FanOwned.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "memory", "message_id"], name="memory_source_once"),
        ]

    def __str__(self) -> str:
        return f"source of {self.memory_id}"


class ArchiveLine(Embedded):
    """What the fan or the persona said, for recall."""

    message_id = models.UUIDField()
    role = models.CharField(max_length=8)
    text = models.TextField()
    said_at = models.DateTimeField()

    class Meta(Embedded.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "fan", "message_id"], name="memory_archiveline_once"),
        ]
        indexes = [
            models.Index(fields=["artist", "fan", "said_at"], name="memory_archive_of_fan"),
            models.Index(fields=["artist", "embedding_model"], name="memory_archive_by_model"),
        ]

    def __str__(self) -> str:
        return f"line {self.message_id}"


class Tombstone(Embedded):
    """Something forgotten or put right: what was said of it up to `until` never comes back (tombstones.py).

    `words` and `names` are keyed hashes, so that the row does not tell what was forgotten. `everything`: all of it;
    `special`: all that is of a special category, for which consent was withdrawn. With `since` it is a pause
    that is over.
    """

    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    everything = models.BooleanField(default=False)
    special = models.BooleanField(default=False, db_default=False)
    messages = ArrayField(models.UUIDField(), default=list)
    words = ArrayField(models.CharField(max_length=16), default=list)
    names = ArrayField(models.CharField(max_length=16), default=list)
    settled_at = models.DateTimeField(null=True, help_text="when it had left the traces of the fan's turns too")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Embedded.Meta):
        indexes = [
            models.Index(fields=["artist", "fan"], name="memory_tombstone_of_fan"),
            models.Index(fields=["created_at"], name="memory_unsettled", condition=models.Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return f"tombstone {self.id}"


class MemorySettings(FanOwned):
    """What the fan allows. `pauses` are [since, until or null] in RFC 3339: what is said in one is never kept."""

    paused = models.BooleanField(default=False)
    special_categories = models.BooleanField(default=False)
    special_since = models.DateTimeField(null=True, help_text="consent counts for what is said from then on")
    pauses = models.JSONField(default=list)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(FanOwned.Meta):
        verbose_name_plural = "memory settings"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "fan"], name="memory_settings_one_each"),
        ]

    def __str__(self) -> str:
        return f"settings of {self.fan_id}"


class SessionMark(FanOwned):
    """How far a fan's talk has been read by extraction. Its row lock orders all writes of her memory.

    `epoch` and `lease_until` say who is at it: whoever takes a lapsed lease raises the epoch, and a result of a lower
    one is thrown away.
    """

    last_said_at = models.DateTimeField(null=True)
    extracted_upto = models.UUIDField(null=True, help_text="the last message that was read")
    extracted_said_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True, help_text="when the end of the session was last told")
    epoch = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    failed_code = models.CharField(max_length=40, blank=True, db_default="", help_text="why, without a fan's words")
    failed_text = models.TextField(blank=True, help_text="the model's answer that could not be read")
    failed_after = models.UUIDField(null=True, help_text="the last message before the talk that could not be read")

    class Meta(FanOwned.Meta):
        verbose_name = verbose_name_plural = "talk that could not be read"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "fan"], name="memory_sessionmark_one_each"),
        ]
        indexes = [models.Index(fields=["last_said_at"], name="memory_sessions_idle")]

    @property
    def passed_over(self) -> bool:
        """Reading has gone on behind the talk that could not be read: it is read only if somebody asks."""
        return self.failed_at is not None and self.extracted_upto != self.failed_after

    def __str__(self) -> str:
        return f"talk of {self.fan_id}"
