"""The steps that people take with a version on its way to the fans. Check, do, audit, emit.

Every step holds the lock of the artist's Persona row, so two of them never see the same state. `seen` is the number of
the version that spoke on the page that the person decided by; Conflict when another one speaks now. `actor` is
"staff:<user id>"; only the first version of an artist is put live by a command.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone

from companion.kernel import outbox
from companion.kernel.errors import Conflict, Forbidden, NotFound, ValidationFailed
from personas.models import Persona, PersonaVersion
from personas.release.contracts import APPROVALS, CHECKABLE, LARGEST_SHARE, SMALLEST_SHARE, RunState, State
from personas.release.models import CheckRun, PersonaRelease, ReleaseApproval
from personas.services import locked_persona
from tenancy import audited
from tenancy.context import tenant

CHECKS_REQUESTED = "release.checks"
COMMAND = "command:"


def request_checks(artist: UUID, version: UUID, *, actor: str) -> CheckRun:
    """Has a version checked against the one that speaks; approvals of earlier runs count no more.

    A run that is under way is answered as it is, unless its worker was lost. Raises Conflict for a version that speaks,
    spoke, is on trial or was rejected.
    """
    with tenant(artist):
        persona, chosen = locked_persona(), _version(version)
        release = _release(chosen, actor)
        _refuse_unless(release, CHECKABLE, "This version is {state}: it needs no checks.")
        _refuse_on_trial(persona, chosen)
        under_way = _open_run(chosen)
        if under_way is not None:
            return under_way
        _move(release, State.DRAFT, actor)
        run = CheckRun(artist_id=artist, version=chosen, against_id=persona.live_version_id, requested_by=actor)
        run.save(force_insert=True)
        audited.note(run, "requested", {"version": chosen.number}, actor=actor)
        outbox.emit(CHECKS_REQUESTED, {"artist_id": str(artist), "run_id": str(run.pk)}, artist=artist)
        return run


def approve(artist: UUID, version: UUID, *, actor: str, run: UUID, seen: int | None) -> State:
    """One person's yes to the run whose results were looked at; the second one approves the version.

    Raises Forbidden for the author, Conflict for a run that is not the last one or was not passed.
    """
    with tenant(artist):
        persona, chosen = locked_persona(), _version(version)
        release = _release(chosen, actor)
        _refuse_unless(release, (State.IN_REVIEW,), "This version is {state}: there is nothing to approve.")
        _agree(persona, seen)
        passed = _passed_run(persona, chosen)
        if passed.pk != run:
            raise Conflict("The checks were run again since you looked: look at them first. Nothing was approved.")
        if actor == chosen.created_by:
            raise Forbidden("The author of a version cannot approve it.")
        approvals = ReleaseApproval.objects.filter(run=passed)
        if approvals.filter(approver=actor).exists():
            raise Conflict("You have approved this version already. It takes somebody else as well.")
        _approval(chosen, passed, actor).save(force_insert=True)
        count = approvals.count()
        audited.note(release, "approved", {"version": chosen.number, "approvals": count}, actor=actor)
        if count >= APPROVALS:
            _move(release, State.APPROVED, actor)
        return State(release.state)


def reject(artist: UUID, version: UUID, *, actor: str, reason: str) -> None:
    """Ends a version's way for good: changes go into a new version. Raises ValidationFailed without a reason."""
    with tenant(artist):
        persona, chosen = locked_persona(), _version(version)
        release = _release(chosen, actor)
        _refuse_unless(release, CHECKABLE, "This version is {state}: it cannot be rejected.")
        _refuse_on_trial(persona, chosen)
        _move(release, State.REJECTED, actor, reason=_reason(reason))
        audited.note(release, "rejected", {"version": chosen.number, "reason": release.reason}, actor=actor)


def try_out(artist: UUID, version: UUID, share: int, *, actor: str, seen: int | None) -> None:
    """Lets an approved version speak to a share of the fans, in percent; for the one on trial, changes the share.

    A fan who hears it goes on hearing it while the share grows (personas/context.py).
    """
    if not SMALLEST_SHARE <= share <= LARGEST_SHARE:
        raise ValidationFailed(f"A trial takes {SMALLEST_SHARE} to {LARGEST_SHARE} percent of the fans.")
    with tenant(artist):
        persona, chosen = locked_persona(), _version(version)
        release = _approved(persona, chosen, actor, seen)
        if persona.live_version_id is None:
            raise Conflict("Nothing speaks yet, so there is nothing to try it beside: put it live.")
        if persona.canary_version_id not in (None, chosen.pk):
            raise Conflict("Another version is on trial: stop that trial first. Nothing was changed.")
        before = persona.canary_share
        _point(persona, canary_version=chosen, canary_share=share)
        content = {"version": chosen.number, "before": before, "after": share}
        audited.note(release, "tried_out", content, actor=actor)


def stop_trial(artist: UUID, version: UUID, *, actor: str) -> None:
    """Every fan hears the live version again from the next turn on. The version stays approved."""
    with tenant(artist):
        persona, chosen = locked_persona(), _version(version)
        if persona.canary_version_id != chosen.pk:
            raise Conflict("This version is not on trial. Nothing was changed.")
        content = {"version": chosen.number, "before": persona.canary_share, "after": 0}
        _point(persona, canary_version=None, canary_share=0)
        audited.note(_release(chosen, actor), "trial_stopped", content, actor=actor)


def go_live(artist: UUID, version: UUID, *, actor: str, seen: int | None) -> None:
    """Makes the version on trial the one that speaks, from the next turn on. A first version needs no trial."""
    with tenant(artist):
        persona, chosen = locked_persona(), _version(version)
        release = _approved(persona, chosen, actor, seen)
        if persona.live_version_id is not None and persona.canary_version_id != chosen.pk:
            raise Conflict("Try it out with a share of the fans first. Nothing was put live.")
        _speak(persona, chosen, release, actor, "went_live")


def roll_back(artist: UUID, version: UUID, *, actor: str, seen: int | None) -> None:
    """One step back to a version that spoke before, which needs no new approval. A trial ends with it.

    What spoke until now is withdrawn: it comes back through the whole gate.
    """
    with tenant(artist):
        persona, chosen = locked_persona(), _version(version)
        _agree(persona, seen)
        if persona.live_version_id == chosen.pk:
            raise Conflict("This version speaks already. Nothing was changed.")
        release = _release(chosen, actor)
        _refuse_unless(release, (State.RELEASED,), "This version is {state}: only one that spoke can come back so.")
        before = persona.live_version
        if before is not None:
            _move(_release(before, actor), State.WITHDRAWN, actor, reason=f"rolled back to {chosen}")
        _point(persona, live_version=chosen, canary_version=None, canary_share=0)
        content = {"before": before.number if before else None, "after": chosen.number}
        audited.note(persona, "rolled_back", content, actor=actor)


def install_first(artist: UUID, version: UUID, *, actor: str) -> None:
    """Puts an artist's first version live without the gate: by the operator's commands, while nothing speaks.

    Raises Forbidden for anybody who is not a command, Conflict once a version has spoken.
    """
    if not actor.startswith(COMMAND):
        raise Forbidden("Only the operator's commands install a first version.")
    with tenant(artist):
        persona, chosen = locked_persona(), _version(version)
        if persona.live_version_id is not None or PersonaRelease.objects.filter(state=State.RELEASED).exists():
            raise Conflict("This artist's persona has spoken already: versions go through the gate.")
        _speak(persona, chosen, _release(chosen, actor), actor, "installed")


def _speak(persona: Persona, chosen: PersonaVersion, release: PersonaRelease, actor: str, verb: str) -> None:
    before = persona.live_version
    release.replaced = before
    _move(release, State.RELEASED, actor)
    _point(persona, live_version=chosen, canary_version=None, canary_share=0)
    content = {"before": before.number if before else None, "after": chosen.number}
    audited.note(persona, verb, content, actor=actor)


def _approved(persona: Persona, chosen: PersonaVersion, actor: str, seen: int | None) -> PersonaRelease:
    """The release of a version that two people approved after checks against what speaks now."""
    release = _release(chosen, actor)
    _refuse_unless(release, (State.APPROVED,), "This version is {state}: two people have to approve it first.")
    _agree(persona, seen)
    run = _passed_run(persona, chosen)
    if ReleaseApproval.objects.filter(run=run).count() < APPROVALS:
        raise Conflict("Two people have to approve this version first. Nothing was changed.")
    return release


def _passed_run(persona: Persona, chosen: PersonaVersion) -> CheckRun:
    run = CheckRun.objects.filter(version=chosen).first()
    if run is None or run.state != RunState.PASSED:
        raise Conflict("The checks of this version are not passed. Nothing was changed.")
    if run.against_id != persona.live_version_id:
        raise Conflict("Another version speaks since the checks were run: run them again. Nothing was changed.")
    return run


def _open_run(chosen: PersonaVersion) -> CheckRun | None:
    """The run under way. One whose worker was lost is ended here."""
    run = CheckRun.objects.select_for_update().filter(version=chosen, ended_at=None).first()
    if run is None or run.is_under_way:
        return run
    run.state, run.ended_at, run.problem = RunState.BROKEN, timezone.now(), "The worker was lost."
    run.save(update_fields=["state", "ended_at", "problem"])
    return None


def _agree(persona: Persona, seen: int | None) -> None:
    now = persona.live_version.number if persona.live_version else None
    if now != seen:
        raise Conflict(f"Version {now} speaks since you compared: compare again. Nothing was changed.")


def _refuse_unless(release: PersonaRelease, states: tuple[State, ...], sentence: str) -> None:
    if State(release.state) not in states:
        raise Conflict(sentence.format(state=release.state.replace("_", " ")) + " Nothing was changed.")


def _refuse_on_trial(persona: Persona, chosen: PersonaVersion) -> None:
    if persona.canary_version_id == chosen.pk:
        raise Conflict("This version is on trial with fans: stop the trial first. Nothing was changed.")


def _move(release: PersonaRelease, state: State, actor: str, *, reason: str = "") -> None:
    release.state, release.reason, release.changed_by = state, reason, actor
    release.changed_at = timezone.now()
    release.save()


def _point(persona: Persona, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(persona, name, value)
    persona.save(update_fields=[*fields, "changed_at"])


def _approval(chosen: PersonaVersion, run: CheckRun, actor: str) -> ReleaseApproval:
    return ReleaseApproval(
        artist_id=chosen.artist_id, run=run, version=chosen, author=chosen.created_by, approver=actor
    )


def _version(version: UUID) -> PersonaVersion:
    chosen = PersonaVersion.objects.filter(pk=version).first()
    if chosen is None:
        raise NotFound("There is no such version of this persona.")
    return chosen


def _release(chosen: PersonaVersion, actor: str) -> PersonaRelease:
    """The version's row, a draft's where it has none yet; saved by the step that moves it."""
    found = PersonaRelease.objects.filter(version=chosen).first()
    return found or PersonaRelease(artist_id=chosen.artist_id, version=chosen, changed_by=actor)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise ValidationFailed("Say why, for the author and the audit log.")
    return reason.strip()[:300]
