"""What is banned, what was decided, and what people have to look at."""

from django.db import models

from companion.kernel.ids import new_id
from moderation import contracts
from moderation.text.automaton import PHRASE_LIMIT
from tenancy.managers import SharedManager
from tenancy.models import Artist, Fan, TenantModel


class Rule(models.Model):
    """A banned phrase: an artist's, or everybody's when it has no artist. Retired, not deleted: decisions name it."""

    class Action(models.TextChoices):
        BLOCK = contracts.Action.BLOCK.value
        DEFLECT = contracts.Action.DEFLECT.value
        HOLD = contracts.Action.HOLD.value

    class Side(models.TextChoices):
        INPUT = contracts.Side.INPUT.value
        OUTPUT = contracts.Side.OUTPUT.value
        BOTH = contracts.Side.BOTH.value

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    artist = models.ForeignKey(
        Artist, on_delete=models.CASCADE, null=True, blank=True, related_name="+", editable=False
    )
    phrase = models.CharField(
        max_length=PHRASE_LIMIT, help_text="whole words; a star at its end takes longer words too"
    )
    action = models.CharField(max_length=8, choices=Action)
    side = models.CharField(max_length=8, choices=Side, default=Side.BOTH)
    category = models.CharField(max_length=40, blank=True)
    created_by = models.CharField(max_length=200, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SharedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["artist", "phrase", "side"],
                name="moderation_rule_once",
                condition=models.Q(retired_at__isnull=True),
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.phrase} → {self.action}"


class Decision(TenantModel):
    """One verdict on one end of a turn, allowed ones included; only ever added."""

    app_privileges = "select, insert"

    fan = models.ForeignKey(Fan, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    turn_id = models.UUIDField(db_index=True)
    side = models.CharField(max_length=8)
    action = models.CharField(max_length=8)
    rule_ids = models.JSONField(default=list)
    categories = models.JSONField(default=list)
    scores = models.JSONField(default=dict)
    provider = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.side} {self.action}"


class Case(TenantModel):
    """Something that a person of the team has to look at (review.py), and what she found.

    `note` is what opened it, and may hold the fan's words; `finding` is what the person noted who decided. `claimed_by`
    and `decided_by` are actors ("staff:<user id>"); a claim counts until `claimed_until`.
    """

    class Kind(models.TextChoices):
        HELD = contracts.CaseKind.HELD.value
        CRISIS = contracts.CaseKind.CRISIS.value
        REPORT = contracts.CaseKind.REPORT.value

    class Status(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    class Outcome(models.TextChoices):
        """What the person who looked found: nothing wrong, or that the product or the fan was right to bring it up."""

        ALLOWED = "allowed"
        UPHELD = "upheld"

    fan = models.ForeignKey(Fan, on_delete=models.CASCADE, related_name="+", db_constraint=False, editable=False)
    turn_id = models.UUIDField(null=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, editable=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    note = models.TextField(blank=True, max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    # The turn's one statement opens cases without naming these columns: their defaults are the database's.
    outcome = models.CharField(
        max_length=8, choices=Outcome, blank=True, default="", db_default="", editable=False, help_text="empty: open"
    )
    finding = models.TextField(blank=True, default="", db_default="", max_length=2000, editable=False)
    decided_by = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    claimed_by = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["artist", "status", "created_at"], name="moderation_case_queue"),
            models.Index(fields=["artist", "closed_at"], include=["kind", "outcome"], name="moderation_case_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} case"
