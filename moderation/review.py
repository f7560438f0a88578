"""What a person of the team does with a case: take it, decide it, take the decision back. Check, do, audit.

Two at one case meet in one conditional UPDATE: whoever comes second gets Conflict, and nothing of hers is written. No
entry of the audit chain holds a word of the fan, nor the finding, which may quote her.
"""

from datetime import datetime, timedelta
from typing import NoReturn

from django.db.models import Q, QuerySet
from django.utils import timezone

from companion.kernel.errors import Conflict, ValidationFailed
from moderation.models import Case
from moderation.queue import held_by, nobodys
from moderation.selectors import open_cases
from tenancy import audited
from tenancy.context import tenant

CLAIM_LASTS = timedelta(minutes=10)
# Five seconds to press it, and as many for the page to come and the answer to go.
UNDO_WITHIN = timedelta(seconds=10)
FINDING_LIMIT = 2000
FREED = {"claimed_by": "", "claimed_until": None}


def claim(case: Case, *, actor: str, over: bool = False) -> None:
    """Takes an open case for CLAIM_LASTS, or takes it longer; `over` takes it from whoever has it.

    Raises Conflict when it is decided, or another's and not `over`.
    """
    with tenant(case.artist_id):
        now = timezone.now()
        taken = {"claimed_by": actor, "claimed_until": now + CLAIM_LASTS}
        if _open(case).filter(held_by(actor, now)).update(**taken):
            return
        wanted = _open(case) if over else _free(case, actor, now)
        if not wanted.update(**taken):
            _refuse(case)
        _note(case, "claimed", {"over": over}, actor)


def give_back(case: Case, *, actor: str) -> None:
    """Frees what this member has taken; what is not hers stays as it is."""
    with tenant(case.artist_id):
        if _open(case).filter(held_by(actor, timezone.now())).update(**FREED):
            _note(case, "returned", {}, actor)


def decide(case: Case, outcome: str, finding: str = "", *, actor: str) -> None:
    """Closes a case with what was found.

    Raises ValidationFailed for an unknown outcome or a finding that is too long, Conflict when another has or had it.
    """
    finding = finding.strip()
    if outcome not in Case.Outcome.values:
        raise ValidationFailed(f"A case's outcome is one of {', '.join(Case.Outcome.values)}.")
    if len(finding) > FINDING_LIMIT:
        raise ValidationFailed(f"A note is at most {FINDING_LIMIT:,} characters long; this one has {len(finding):,}.")
    with tenant(case.artist_id):
        now = timezone.now()
        closed = {"status": Case.Status.CLOSED, "closed_at": now, "outcome": outcome, "decided_by": actor}
        if not _free(case, actor, now).update(**closed, **FREED, finding=finding):
            _refuse(case)
        _note(case, "decided", {"outcome": outcome}, actor)


def undo(case: Case, *, actor: str) -> None:
    """Opens again, and keeps for this member, what she decided less than UNDO_WITHIN ago. Raises Conflict later on."""
    with tenant(case.artist_id):
        now = timezone.now()
        opened = {"status": Case.Status.OPEN, "closed_at": None, "outcome": "", "decided_by": ""}
        taken = {"claimed_by": actor, "claimed_until": now + CLAIM_LASTS}
        if not undoable(actor, now).filter(pk=case.pk).update(**opened, **taken):
            raise Conflict("It is too late to undo this: the decision stands.")
        _note(case, "reopened", {}, actor)


def undoable(actor: str, now: datetime) -> QuerySet[Case]:
    """The decisions that this member may still take back. Within the tenant's scope."""
    return Case.objects.filter(status=Case.Status.CLOSED, decided_by=actor, closed_at__gt=now - UNDO_WITHIN)


def _open(case: Case) -> QuerySet[Case]:
    return open_cases().filter(pk=case.pk)


def _free(case: Case, actor: str, now: datetime) -> QuerySet[Case]:
    """The case, while it is open and nobody else's."""
    return _open(case).filter(nobodys(now) | Q(claimed_by=actor))


def _refuse(case: Case) -> NoReturn:
    case.refresh_from_db()
    if case.status == Case.Status.CLOSED:
        raise Conflict("Yours was not saved: another decided this case first.")
    raise Conflict("Yours was not saved: another has taken this case.")


def _note(case: Case, verb: str, content: dict[str, object], actor: str) -> None:
    audited.note(case, verb, {"kind": case.kind, **content}, actor=actor, subject=case.fan.user_id)
