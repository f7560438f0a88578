"""What is written about rules, and cases as they open: check, do, audit. What a person does with a case: review.py.

`actor` is "staff:<user id>", "fan:<id>" or "command:<name>", as in companion.kernel.audit.record. Every process learns
of a changed rule through a trigger on its table (migrations/0002_walls.py).
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from companion.kernel import audit
from companion.kernel.errors import Conflict, ValidationFailed
from moderation.models import Case, Rule
from moderation.text.automaton import BadPhrase, check_phrase
from tenancy import audited
from tenancy.context import tenant
from tenancy.models import Fan

SYSTEM = "system"
NOTE_LIMIT = 2000


def add_rule(
    artist: UUID | None, phrase: str, action: str, *, side: str = Rule.Side.BOTH, category: str = "", actor: str
) -> Rule:
    """A new rule of the artist, or of everybody (None: as the system role).

    Raises ValidationFailed for a phrase that could match nothing or an unknown action or side, Conflict for a rule that
    is there already.
    """
    phrase = " ".join(phrase.split())
    check_rule(phrase, action, side)
    rule = Rule(artist_id=artist, phrase=phrase, action=action, side=side, category=category.strip(), created_by=actor)
    try:
        if artist is None:
            _add_for_everybody(rule, actor)
        else:
            with tenant(artist), transaction.atomic():
                audited.write(rule, actor=actor)
    except IntegrityError as error:
        raise Conflict(f"There is a rule for “{phrase}” on this side already: remove it first.") from error
    return rule


def check_rule(phrase: str, action: str, side: str) -> None:
    """Raises ValidationFailed, in a sentence, for what `add_rule` would refuse whatever rules there are."""
    try:
        check_phrase(phrase)
    except BadPhrase as error:
        raise ValidationFailed(str(error)) from error
    if action not in Rule.Action.values:
        raise ValidationFailed(f"A rule's action is one of {', '.join(Rule.Action.values)}.")
    if side not in Rule.Side.values:
        raise ValidationFailed(f"A rule's side is one of {', '.join(Rule.Side.values)}.")


def retire_rule(rule: Rule, *, actor: str) -> None:
    """Takes a rule out of force, in every process within 2 s. A retired one stays as it is."""
    if rule.artist_id is not None:
        with tenant(rule.artist_id):
            mine = Rule.objects.filter(pk=rule.pk, artist_id=rule.artist_id, retired_at__isnull=True)
            if mine.update(retired_at=timezone.now()):
                audited.note(rule, "retired", {"before": audited.snapshot(rule), "after": None}, actor=actor)
        return
    with transaction.atomic(using=SYSTEM):
        shared = Rule.objects.across_tenants().filter(pk=rule.pk, retired_at__isnull=True)
        if shared.update(retired_at=timezone.now()):
            _audit_for_everybody(rule, "rule.retired", {"before": audited.snapshot(rule), "after": None}, actor)


def open_case(fan: Fan, kind: str, *, turn: UUID | None = None, note: str = "", actor: str) -> Case:
    """A case about a fan, in the caller's tenant scope. The note may hold her words; the audit chain gets none."""
    if len(note) > NOTE_LIMIT:
        raise ValidationFailed(f"A note is at most {NOTE_LIMIT} characters long.")
    case = Case(artist_id=fan.artist_id, fan=fan, turn_id=turn, kind=kind, note=note)
    case.save(force_insert=True)
    content = {"kind": kind, "turn": str(turn) if turn else None}
    audited.note(case, "opened", content, actor=actor, subject=fan.user_id)
    return case


def _add_for_everybody(rule: Rule, actor: str) -> None:
    with transaction.atomic(using=SYSTEM):
        Rule.objects.across_tenants().bulk_create([rule])  # save() would ask for a tenant
        _audit_for_everybody(rule, "rule.created", {"before": None, "after": audited.snapshot(rule)}, actor)


def _audit_for_everybody(rule: Rule, action: str, content: dict[str, object], actor: str) -> None:
    audit.record(action, actor=actor, artist=None, object_type="rule", object_id=rule.pk, content=content, using=SYSTEM)
