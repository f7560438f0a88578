"""Reads. Inside `tenant(…)` unless the name says otherwise."""

from collections.abc import Iterable, Sequence
from datetime import datetime
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


def phrases_of(rules: Iterable[str]) -> dict[str, str]:
    """The phrases of rules by id, retired ones too: for what a decision of another time names."""
    wanted = [UUID(rule) for rule in rules]
    found = Rule.objects.filter(pk__in=wanted).values_list("pk", "phrase") if wanted else ()
    return {str(key): phrase for key, phrase in found}


def open_cases_of(fan: UUID) -> Sequence[tuple[UUID, str, datetime]]:
    """(id, kind, since) of what waits for a person about this fan, newest first."""
    found = open_cases().filter(fan_id=fan).order_by("-created_at")
    return list(found.values_list("pk", "kind", "created_at")[:10])
