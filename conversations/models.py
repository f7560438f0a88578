"""Threads, turns and messages, and the trace that explains each reply."""

from django.db import models
from django.db.models import Q

from tenancy.models import FanOwned, TenantModel, User


class Turn(FanOwned):
    """One thing said by the fan and what came of it. owner, lease_until and epoch say which process runs it.

    Every write of a running turn is conditional on its epoch; whoever takes a lapsed lease raises the epoch first.
    """

    class Status(models.TextChoices):
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    client_message_id = models.CharField(max_length=100)
    body_hash = models.BinaryField(max_length=32)
    transport = models.CharField(max_length=12)
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    owner = models.CharField(max_length=80)
    lease_until = models.DateTimeField()
    epoch = models.PositiveIntegerField(default=1)
    ending = models.TextField(null=True, help_text="the ending event's frame, for resumes when Redis has none")  # noqa: DJ001 -- null: still running
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(FanOwned.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["artist", "fan", "client_message_id"], name="conversations_turn_idempotency"
            ),
            models.UniqueConstraint(
                fields=["artist", "fan"], name="conversations_turn_one_running", condition=Q(status="running")
            ),
        ]
        indexes = [
            models.Index(fields=["lease_until"], name="conversations_turn_lapsing", condition=Q(status="running")),
            models.Index(fields=["artist", "fan", "-created_at"]),
            models.Index(fields=["artist", "-created_at", "-id"], name="conversations_turn_newest"),
            models.Index(fields=["artist", "ended_at"], include=["fan", "status"], name="conversations_turn_ended"),
        ]

    def __str__(self) -> str:
        return f"turn {self.id}"


class Message(FanOwned):
    """What was said, by whom, and what became of it (contract.md, Message)."""

    class Role(models.TextChoices):
        FAN = "fan"
        PERSONA = "persona"

    class Status(models.TextChoices):
        COMPLETE = "complete"
        CANCELLED = "cancelled"
        FAILED = "failed"
        BLOCKED = "blocked"
        HELD = "held"

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="messages", db_constraint=False)
    role = models.CharField(max_length=8, choices=Role)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=Status)
    source = models.CharField(max_length=10, default="text")
    emotion = models.CharField(max_length=20, blank=True)
    degraded = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta(FanOwned.Meta):
        ordering = ["-id"]
        indexes = [models.Index(fields=["artist", "fan", "-id"])]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "turn", "role"], name="conversations_message_one_each"),
        ]

    def __str__(self) -> str:
        return f"{self.role} message {self.id}"


class TurnTrace(FanOwned):
    """Why a reply is what it is: prompt, versions, context, provider, usage, timings, verdicts. Only ever added to,
    but for what the fan has had forgotten (forgetting.py)."""

    app_privileges = "select, insert, update (prompt, context)"

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="traces", db_constraint=False)
    persona_version_id = models.UUIDField(null=True)
    prompt = models.JSONField(help_text="the exact messages")
    context = models.JSONField(help_text="ids of memories and passages, mood, schedule, the rules' version")
    provider = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=120, blank=True)
    usage = models.JSONField()
    timings_ms = models.JSONField()
    verdicts = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(FanOwned.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "turn"], name="conversations_turntrace_once"),
        ]

    def __str__(self) -> str:
        return f"trace of {self.turn_id}"


class Report(FanOwned):
    """A fan's report of a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports", db_constraint=False)
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(FanOwned.Meta):
        indexes = [models.Index(fields=["artist", "-created_at", "-id"], name="conversations_report_newest")]

    def __str__(self) -> str:
        return f"report {self.id}"


class Feedback(FanOwned):
    """A thumb up or down; the last one counts."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="feedback", db_constraint=False)
    value = models.CharField(max_length=4, choices=[("up", "up"), ("down", "down")])
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(FanOwned.Meta):
        verbose_name_plural = "feedback"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "fan", "message"], name="conversations_feedback_once"),
        ]

    def __str__(self) -> str:
        return f"{self.value} on {self.message_id}"


class ReadingGrant(FanOwned):
    """A member of the team may read one fan's conversation, for a reason and for a while (console/grants.py)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(FanOwned.Meta):
        indexes = [models.Index(fields=["artist", "fan", "user", "-expires_at"], name="readinggrant_latest")]

    def __str__(self) -> str:
        return f"reading of {self.fan_id} by {self.user_id}"


class HourFigures(TenantModel):
    """One hour's turns of an artist, counted once the hour is over (conversations/rollup.py): what spans add up.

    first_token holds {bucket: turns}, the buckets of conversations/figures.py: percentiles of any span are their sum's.
    """

    app_privileges = "select"

    hour = models.DateTimeField()
    completed = models.PositiveIntegerField()
    cancelled = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    blocked = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    deflected = models.PositiveIntegerField()
    crises = models.PositiveIntegerField()
    first_token = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "hour"], name="conversations_hourfigures_once"),
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}:00"


class ActiveFans(TenantModel):
    """How many fans said something in the `days` days before `until`, a whole hour. Such counts cannot be added up,
    and a sketch would be off by a percent where the real figure is one scan an hour away."""

    app_privileges = "select"

    days = models.PositiveSmallIntegerField()
    until = models.DateTimeField()
    fans = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        verbose_name_plural = "active fans"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "days", "until"], name="conversations_activefans_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fans} in {self.days} days"
