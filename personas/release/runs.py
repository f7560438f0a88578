"""A run of the checks, as its job writes it. Each step is conditional on the epoch that the job took: a worker that was
given up for dead writes nothing, and a job that is delivered twice has one effect.
"""

from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from companion.kernel.heartbeats import LEASE
from personas.release.contracts import Results, RunState, State, failed_keys
from personas.release.models import CheckRun, PersonaRelease
from personas.services import locked_persona
from tenancy import audited
from tenancy.context import tenant

ACTOR = "command:release_checks"


def begin(artist: UUID, run: UUID) -> int | None:
    """Takes a run that waits, or whose worker fell silent; its epoch, or None when there is nothing to take.

    Who takes it renews it.
    """
    now = timezone.now()
    free = Q(state=RunState.QUEUED) | Q(state=RunState.RUNNING, lease_until__lt=now)
    with tenant(artist):
        taken = CheckRun.objects.filter(free, pk=run)
        if not taken.update(state=RunState.RUNNING, epoch=F("epoch") + 1, lease_until=now + LEASE):
            return None
        return CheckRun.objects.values_list("epoch", flat=True).get(pk=run)


def renew(artist: UUID, run: UUID, epoch: int) -> None:
    """Says that the worker of a run lives; nothing once the run is ended or taken."""
    with tenant(artist):
        _ours(run, epoch).update(lease_until=timezone.now() + LEASE)


def finish(artist: UUID, run: UUID, epoch: int, results: Results) -> bool:
    """Stores what the checks found. A passed run puts its version up for review, unless it is past that already."""
    state = RunState.PASSED if results.passed else RunState.FAILED
    with tenant(artist):
        locked_persona()
        found = _ended(
            run,
            epoch,
            state=state,
            findings=[finding.as_json() for finding in results.findings],
            exchanges=[exchange.as_json() for exchange in results.exchanges],
        )
        if found is None:
            return False
        if state is RunState.PASSED:
            waiting = PersonaRelease.objects.filter(version_id=found.version_id, state=State.DRAFT)
            waiting.update(state=State.IN_REVIEW, changed_by=ACTOR, changed_at=timezone.now())
        content = {"version": found.version.number, "failed": failed_keys(results.findings)}
        audited.note(found, str(state), content, actor=ACTOR)
        return True


def give_up(artist: UUID, run: UUID, epoch: int, problem: str) -> bool:
    """The checks could not be made: nothing is known of the version, so nothing of it moves."""
    with tenant(artist):
        found = _ended(run, epoch, state=RunState.BROKEN, problem=problem[:200])
        if found is None:
            return False
        audited.note(found, "broken", {"version": found.version.number, "problem": problem}, actor=ACTOR)
        return True


def _ended(run: UUID, epoch: int, **fields: object) -> CheckRun | None:
    """The run after its one ending, or None when this epoch may not end it any more."""
    if not _ours(run, epoch).update(ended_at=timezone.now(), **fields):
        return None
    return CheckRun.objects.select_related("version").get(pk=run)


def _ours(run: UUID, epoch: int) -> QuerySet[CheckRun]:
    return CheckRun.objects.filter(pk=run, epoch=epoch, state=RunState.RUNNING)
