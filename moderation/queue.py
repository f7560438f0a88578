"""The review queue as its page reads it: what waits, by when, and what was decided. Inside `tenant(…)`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, ExpressionWrapper, F, Q, QuerySet, Value, When

from moderation.models import Case
from moderation.selectors import open_cases

# Within what time somebody should have looked, by kind: a fan in danger first, a reply that is held while she waits
# next, what a fan reported within the day.
LOOK_WITHIN: Mapping[Case.Kind, timedelta] = {
    Case.Kind.CRISIS: timedelta(minutes=15),
    Case.Kind.HELD: timedelta(hours=4),
    Case.Kind.REPORT: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases are open: of each kind, `mine` (taken by whoever asks) and `free` (nobody's)."""

    kinds: Mapping[str, int]
    mine: int
    free: int

    @property
    def every(self) -> int:
        return sum(self.kinds.values())


def due_of(case: Case) -> datetime:
    """By when somebody should have looked."""
    return case.created_at + LOOK_WITHIN[Case.Kind(case.kind)]


def waiting(now: datetime, *, kind: str = "", mine: str = "", free: bool = False) -> QuerySet[Case]:
    """Open cases, the soonest due first. `mine`: those that this actor has taken; `free`: nobody's."""
    found = open_cases()
    if kind:
        found = found.filter(kind=kind)
    if mine:
        found = found.filter(held_by(mine, now))
    if free:
        found = found.filter(nobodys(now))
    within = models.Case(*(When(kind=of, then=Value(time)) for of, time in LOOK_WITHIN.items()))
    due = ExpressionWrapper(F("created_at") + within, output_field=models.DateTimeField())
    return found.order_by(due, "pk")


def counts(actor: str, now: datetime) -> Waiting:
    """In one statement."""
    told = open_cases().order_by().values_list("kind")
    mine, free = Count("pk", filter=held_by(actor, now)), Count("pk", filter=nobodys(now))
    rows = list(told.annotate(every=Count("pk"), mine=mine, free=free))
    return Waiting(
        kinds={kind: every for kind, every, _, _ in rows},
        mine=sum(mine for _, _, mine, _ in rows),
        free=sum(free for _, _, _, free in rows),
    )


def decided_since(since: datetime, *, kind: str = "") -> Mapping[str, int]:
    """{outcome: how many} of the cases that were decided since then, of one kind where it is named."""
    closed = Case.objects.filter(closed_at__gte=since).exclude(outcome="")
    rows = (closed.filter(kind=kind) if kind else closed).order_by().values_list("outcome")
    return dict(rows.annotate(Count("pk")))


def held_by(actor: str, now: datetime) -> Q:
    """Of open cases, those that this actor has taken."""
    return Q(claimed_by=actor, claimed_until__gt=now)


def nobodys(now: datetime) -> Q:
    """Of open cases, those that nobody has taken, or not lately."""
    return Q(claimed_until=None) | Q(claimed_until__lte=now)
