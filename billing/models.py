"""What was used. Plans and prices come later; every quota is keyed on (artist, fan) from the start."""

from django.db import models

from tenancy.models import Fan, TenantModel


class UsageRecord(TenantModel):
    """The charge of one turn: at most one row a turn, which the key proves. Only ever added."""

    app_privileges = "select, insert"

    fan = models.ForeignKey(Fan, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    turn_id = models.UUIDField()
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=120)
    input_tokens = models.PositiveIntegerField()
    output_tokens = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "turn_id"], name="billing_usagerecord_once"),
        ]
        indexes = [models.Index(fields=["artist", "-created_at", "-id"], name="billing_usagerecord_newest")]

    def __str__(self) -> str:
        return f"usage of {self.turn_id}"


class QuotaCounter(TenantModel):
    """How much of a quota a fan has used in a period; kept beside the records so that reading it is one row."""

    fan = models.ForeignKey(Fan, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    name = models.CharField(max_length=40)
    period_start = models.DateField()
    used = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "fan", "name", "period_start"], name="billing_quotacounter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.used}"


class HourUsage(TenantModel):
    """What an artist's turns used of one model in an hour that is over (billing/rollup.py)."""

    app_privileges = "select"

    hour = models.DateTimeField()
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=120)
    input_tokens = models.BigIntegerField()
    output_tokens = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "hour", "provider", "model"], name="billing_hourusage_once"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.hour:%Y-%m-%d %H}:00"
