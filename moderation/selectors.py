"""Reads. Inside `tenant(…)` unless the name says otherwise."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from moderation.contracts import Action, RuleSpec, Side
from moderation.crisis import floor_rules
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


def specs_of(rules: Iterable[str]) -> list[RuleSpec]:
    """Rules by id, retired ones and those of the crisis floor too: for what a decision of another time names."""
    wanted = set(rules)
    built_in = [spec for spec in floor_rules() if spec.id in wanted]
    rows = wanted - {spec.id for spec in built_in}
    columns = ("pk", "phrase", "action", "side", "category")
    found = Rule.objects.filter(pk__in=[key for key in rows if _is_key(key)]).values_list(*columns) if rows else ()
    own = [RuleSpec(str(key), phrase, Action(does), Side(side), of) for key, phrase, does, side, of in found]
    return built_in + own


def _is_key(rule: str) -> bool:
    """Whether this is the id of a row: a built-in rule that is gone is none."""
    try:
        return bool(UUID(rule))
    except ValueError:
        return False


def open_cases_of(fan: UUID) -> Sequence[tuple[UUID, str, datetime]]:
    """(id, kind, since) of what waits for a person about this fan, newest first."""
    found = open_cases().filter(fan_id=fan).order_by("-created_at")
    return list(found.values_list("pk", "kind", "created_at")[:10])
