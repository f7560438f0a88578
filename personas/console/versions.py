"""What the list of versions and the page that compares two of them show. Inside `tenant(…)`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from companion.kernel import audit
from companion.kernel.models import AuditEntry
from personas.contracts import FIELDS, PersonaSheet, label
from personas.forms import texts_of
from personas.models import Persona, PersonaVersion
from tenancy import context
from tenancy.console.people import names_of
from tenancy.console.wording import Comparison, compare

LIVE, DRAFT, RETIRED = "live", "draft", "retired"
STATES = {LIVE: "success", DRAFT: "warning", RETIRED: "info"}
# The newest publications that are looked through for versions that spoke once.
PUBLICATIONS = 500


@dataclass(frozen=True, slots=True)
class States:
    """Which version speaks, and which ever did."""

    live: UUID | None
    live_number: int | None
    published: frozenset[int]

    def of(self, version: PersonaVersion) -> str:
        if version.pk == self.live:
            return LIVE
        return RETIRED if version.number in self.published else DRAFT


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
    """Four queries, however many versions there are."""
    persona = Persona.objects.select_related("live_version").first()
    if persona is None:
        return States(None, None, frozenset())
    told = AuditEntry.objects.filter(artist_id=context.current(), object_id=str(persona.pk), action="persona.published")
    seqs = list(told.order_by("-seq").values_list("seq", flat=True)[:PUBLICATIONS])
    contents = audit.contents_of(seqs).values() if seqs else ()
    published = {number for content in contents for number in (content.get("before"), content.get("after")) if number}
    number = persona.live_version.number if persona.live_version else None
    return States(persona.live_version_id, number, frozenset(published))


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
    """Gives each row of a list its state, its author's name and what it changed: six queries, whatever its length."""
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
