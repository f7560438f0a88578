"""Reads. Inside `tenant(…)` unless the name says otherwise."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from moderation.models import Case, Decision, Rule


def rules_in_force() -> QuerySet[Rule]:
    """The artist's rules and the global ones."""
    return Rule.objects.filter(retired_at__isnull=True)


def open_cases() -> QuerySet[Case]:
    return Case.objects.filter(status=Case.Status.OPEN)


def decisions_of(turn: UUID) -> Sequence[Decision]:
    """Both ends' verdicts on a turn, oldest first."""
    return list(Decision.objects.filter(turn_id=turn).order_by("created_at", "side"))


def every_rule_in_force() -> QuerySet[Rule]:
    """Of all artists, as the system role: for commands."""
    return Rule.objects.across_tenants().filter(retired_at__isnull=True).select_related("artist")


def any_rule(rule: UUID) -> Rule | None:
    """A rule of whichever artist, retired or not, as the system role: for commands."""
    return Rule.objects.across_tenants().filter(pk=rule).first()
