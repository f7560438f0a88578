"""The release gate as the page of a version shows it: what its checks found, who approved, and what may be done now.

Inside `tenant(…)`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from personas.console.versions import States
from personas.models import CheckRun, PersonaRelease, PersonaVersion, ReleaseApproval
from personas.release.contracts import APPROVALS, CHECKABLE, Finding, RunState, State, Verdict
from tenancy.console.access import Access
from tenancy.console.people import names_of
from tenancy.console.wording import Comparison, compare
from tenancy.roles import Capability

# What the page offers; any other share is typed.
SHARES = (5, 10, 25, 50)


@dataclass(frozen=True, slots=True)
class Said:
    """A golden prompt with both answers, the live version's first; `words` is None where nothing was live."""

    asked: str
    talk: tuple[str, ...]
    draft: str
    words: Comparison | None


@dataclass(frozen=True, slots=True)
class Gate:
    """`stale`: another version speaks since the checks were run. `may`: the steps that this person may take now."""

    state: str
    run: CheckRun | None
    failed: tuple[Finding, ...]
    passed: tuple[Finding, ...]
    not_run: tuple[Finding, ...]
    changed: tuple[Said, ...]
    unchanged: int
    approvers: tuple[str, ...]
    approvals_wanted: int
    stale: bool
    is_author: bool
    reason: str
    share: int
    back_to: PersonaVersion | None
    may: frozenset[str]

    @property
    def is_running(self) -> bool:
        return self.run is not None and self.run.is_under_way


def gate_of(version: PersonaVersion, known: States, access: Access) -> Gate:
    release = PersonaRelease.objects.select_related("replaced").filter(version=version).first()
    run = CheckRun.objects.filter(version=version).first()
    approvals = list(ReleaseApproval.objects.filter(run=run).values_list("approver", flat=True)) if run else []
    names = names_of(approvals)
    findings = [Finding.from_json(body) for body in run.findings] if run else []
    said = [_said(body) for body in run.exchanges] if run else []
    changed = tuple(one for one in said if one.words is None or one.words.changes)
    stale = run is not None and run.against_id != known.live
    return Gate(
        state=known.of(version),
        run=run,
        failed=_with(findings, Verdict.FAILED),
        passed=_with(findings, Verdict.PASSED),
        not_run=_with(findings, Verdict.NOT_RUN),
        changed=changed,
        unchanged=len(said) - len(changed),
        approvers=tuple(names[approver] for approver in approvals),
        approvals_wanted=APPROVALS,
        stale=stale,
        is_author=version.created_by == access.actor,
        reason=release.reason if release else "",
        share=known.share if version.pk == known.canary else 0,
        back_to=release.replaced if release and version.pk == known.live else None,
        may=frozenset(_steps(version, release, run, approvals, known, access)),
    )


def _steps(
    version: PersonaVersion,
    release: PersonaRelease | None,
    run: CheckRun | None,
    approvals: Sequence[str],
    known: States,
    access: Access,
) -> Iterator[str]:
    """What personas/release/services.py would not refuse to this person now."""
    state = State(release.state) if release else State.DRAFT
    on_trial, live = version.pk == known.canary, version.pk == known.live
    good = run is not None and run.state == RunState.PASSED and run.against_id == known.live
    if state in CHECKABLE and not on_trial and not (run and run.is_under_way):
        if access.allows(Capability.EDIT_PERSONA):
            yield "checks"
        if access.allows(Capability.APPROVE_PERSONA) and state is not State.DRAFT:
            yield "reject"
    wanted = access.actor != version.created_by and access.actor not in approvals
    if state is State.IN_REVIEW and good and wanted and access.allows(Capability.APPROVE_PERSONA):
        yield "approve"
    if not access.allows(Capability.RELEASE_PERSONA):
        return
    if state is State.APPROVED and good and known.live and known.canary in (None, version.pk):
        yield "try"
    if on_trial:
        yield "stop"
    if state is State.APPROVED and good and (on_trial or known.live is None):
        yield "live"
    if state is State.RELEASED and not live:
        yield "back"
    if live and release is not None and release.replaced_id and _may_return(release.replaced_id, known):
        yield "roll back"


def _may_return(version: UUID, known: States) -> bool:
    return known.releases.get(version) == State.RELEASED


def _with(findings: Sequence[Finding], verdict: Verdict) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.verdict is verdict)


def _said(body: Mapping[str, Any]) -> Said:
    words = None if body["live"] is None else compare(body["live"], body["draft"])
    return Said(body["asked"], tuple(body["talk"]), body["draft"], words)
