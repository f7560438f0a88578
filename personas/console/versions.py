"""What the list of versions and the page that compares two of them show. Inside `tenant(…)`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from personas.contracts import FIELDS, PersonaSheet, label
from personas.forms import texts_of
from personas.models import CheckRun, Persona, PersonaRelease, PersonaVersion
from personas.release.contracts import RunState, State
from tenancy.console.people import names_of
from tenancy.console.wording import Comparison, compare

LIVE, ON_TRIAL, RETIRED, CHECKING, CHECKS_FAILED = "live", "on trial", "retired", "checking", "checks failed"
# Each state as people read it, with Unfold's name of its colour.
STATES = {
    LIVE: "success",
    ON_TRIAL: "success",
    RETIRED: "info",
    "approved": "primary",
    "in review": "warning",
    "draft": "warning",
    CHECKING: "warning",
    CHECKS_FAILED: "danger",
    "withdrawn": "danger",
    "rejected": "danger",
}

OWN_MODEL = "the provider's own model"


@dataclass(frozen=True, slots=True)
class States:
    """Which version speaks, which is on trial and with how many percent of the fans, and how far the others are."""

    live: UUID | None
    live_number: int | None
    canary: UUID | None
    share: int
    releases: Mapping[UUID, str]
    runs: Mapping[UUID, str]

    def of(self, version: PersonaVersion) -> str:
        if version.pk == self.live:
            return LIVE
        if version.pk == self.canary:
            return ON_TRIAL
        state = self.releases.get(version.pk, State.DRAFT)
        if state == State.DRAFT:
            return _of_run(self.runs.get(version.pk, ""))
        return RETIRED if state == State.RELEASED else state.replace("_", " ")


def _of_run(run: str) -> str:
    """A draft by the last run of its checks."""
    if run in (RunState.QUEUED, RunState.RUNNING):
        return CHECKING
    return CHECKS_FAILED if run == RunState.FAILED else str(State.DRAFT)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions, as the head of its column tells it."""

    version: PersonaVersion
    state: str
    author: str


@dataclass(frozen=True, slots=True)
class Section:
    """One field of the sheet in both versions."""

    title: str
    words: Comparison


@dataclass(frozen=True, slots=True)
class Difference:
    before: Side
    after: Side
    changed: tuple[Section, ...]
    same: tuple[Section, ...]

    @property
    def parts(self) -> int:
        return len(self.changed) + len(self.same)


def states() -> States:
    """Three queries, however many versions there are."""
    persona = Persona.objects.select_related("live_version").first()
    releases = dict(PersonaRelease.objects.values_list("version", "state"))
    waiting = [version for version, state in releases.items() if state == State.DRAFT]
    runs = CheckRun.objects.filter(version__in=waiting).order_by("requested_at", "id").defer("findings", "exchanges")
    live = persona.live_version if persona else None
    return States(
        live=live.pk if live else None,
        live_number=live.number if live else None,
        canary=persona.canary_version_id if persona else None,
        share=persona.canary_share if persona else 0,
        releases=releases,
        runs={run.version_id: RunState.BROKEN if run.is_lost else run.state for run in runs},
    )


def difference(before: PersonaVersion, after: PersonaVersion, known: States) -> Difference:
    names = names_of([before.created_by, after.created_by])
    sections = list(_sections(before, after))
    return Difference(
        before=Side(before, known.of(before), names[before.created_by]),
        after=Side(after, known.of(after), names[after.created_by]),
        changed=tuple(section for section in sections if section.words.changes),
        same=tuple(section for section in sections if not section.words.changes),
    )


def tell(rows: Sequence[PersonaVersion]) -> None:
    """Gives each row of a list its state, its author's name and what it changed: five queries, whatever its length."""
    known, names = states(), names_of(row.created_by for row in rows)
    before = _sheets_before(rows)
    for row in rows:
        row.told_state, row.told_author = known.of(row), names[row.created_by]  # type: ignore[attr-defined]  # for the columns
        row.told_changes = _changes(row, before.get(row.number - 1))  # type: ignore[attr-defined]  # likewise


def _sheets_before(rows: Sequence[PersonaVersion]) -> dict[int, dict[str, Any]]:
    wanted = {row.number - 1 for row in rows}
    return dict(PersonaVersion.objects.filter(number__in=wanted).order_by().values_list("number", "sheet"))


def _changes(version: PersonaVersion, before: dict[str, Any] | None) -> str:
    if before is None:
        return "the first version"
    names = [label(name) for name in FIELDS if before.get(name) != version.sheet.get(name)]
    return ", ".join(names) or "nothing"


def _sections(before: PersonaVersion, after: PersonaVersion) -> Iterator[Section]:
    left, right = (texts_of(PersonaSheet.from_json(version.sheet)) for version in (before, after))
    for name in FIELDS:
        yield Section(label(name).capitalize(), compare(left[name], right[name]))
    yield Section("Model", compare(before.model or OWN_MODEL, after.model or OWN_MODEL))
