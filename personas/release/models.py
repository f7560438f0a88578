"""How far each version has come on its way to the fans, what its checks found, and who approved it."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from personas.release.contracts import RunState, State
from tenancy.models import TenantModel

VERSION = "personas.PersonaVersion"
# A run that nobody took up for so long counts as lost: a living worker takes one up within two minutes.
LOST_AFTER = timedelta(minutes=6)


class PersonaRelease(TenantModel):
    """One version's way through the gate; a version without a row is a draft that nobody has had checked.

    Written by personas/release/services.py and runs.py alone, under the lock of the Persona's row.
    """

    app_privileges = "select, insert, update"

    version = models.ForeignKey(VERSION, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State], default=State.DRAFT)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was rejected or withdrawn")
    # Who spoke before it went live: one step back.
    replaced = models.ForeignKey(VERSION, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "version"], name="personas_personarelease_of_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.state}"


class CheckRun(TenantModel):
    """One run of the checks over one version. `against` is the version that spoke when it was asked for.

    A run belongs to whoever holds `lease_until` under `epoch`: a worker that comes late writes nothing.
    """

    app_privileges = "select, insert, update"

    version = models.ForeignKey(VERSION, on_delete=models.CASCADE, related_name="runs", db_constraint=False)
    against = models.ForeignKey(VERSION, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in RunState], default=RunState.QUEUED)
    findings = models.JSONField(default=list)
    exchanges = models.JSONField(default=list)
    problem = models.CharField(max_length=200, blank=True, help_text="why the checks could not be made")
    requested_by = models.CharField(max_length=200)
    requested_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        ordering = ["-requested_at", "-id"]
        constraints = [
            *TenantModel.Meta.constraints,
            # What an approval's reference to a run of the same version needs.
            models.UniqueConstraint(fields=["artist", "id", "version"], name="personas_checkrun_of_version"),
            models.UniqueConstraint(
                fields=["artist", "version"],
                name="personas_checkrun_one_open",
                condition=models.Q(state__in=[RunState.QUEUED, RunState.RUNNING]),
            ),
        ]

    def __str__(self) -> str:
        return f"checks of {self.version_id}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Not ended, and not given up for lost."""
        return self.ended_at is None and self.lease_until + LOST_AFTER > timezone.now()

    @property
    def is_lost(self) -> bool:
        return self.ended_at is None and not self.is_under_way


class ReleaseApproval(TenantModel):
    """One person's yes to one run of the checks. Only ever added.

    `author` is held to be the version's own by a composite key (the table's migration), so that the constraint below
    means what it says whoever writes the row.
    """

    app_privileges = "select, insert"

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="approvals", db_constraint=False)
    version = models.ForeignKey(VERSION, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    author = models.CharField(max_length=200)
    approver = models.CharField(max_length=200)
    approved_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        ordering = ["approved_at", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "run", "approver"], name="personas_releaseapproval_once"),
            models.CheckConstraint(
                condition=~models.Q(approver=models.F("author")), name="personas_releaseapproval_not_the_author"
            ),
            models.CheckConstraint(
                condition=models.Q(approver__startswith="staff:"), name="personas_releaseapproval_by_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approver} approves {self.version_id}"
