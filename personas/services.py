"""What is written about a persona: versions and which one is live, mood, schedule. Check, do, audit, emit.

Every function takes the artist and opens her scope (a caller's own scope of the same artist is joined).
`actor` is "staff:<user id>" or "command:<name>".
"""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from companion.kernel.errors import Conflict, NotFound, ValidationFailed
from personas.contracts import FIELDS, PersonaSheet, SheetError
from personas.models import Period, Persona, PersonaVersion
from tenancy import audited
from tenancy.context import tenant

PERIOD_IS_OVER = "It is over, and what is past is locked."


def create_persona(artist: UUID, name: str, *, actor: str) -> Persona:
    """The artist's one persona; it says nothing until a version is published."""
    with tenant(artist):
        persona = Persona(name=name)
        audited.write(persona, actor=actor)
        return persona


def rename_persona(artist: UUID, persona: Persona, *, actor: str) -> None:
    with tenant(artist):
        audited.write(persona, actor=actor)


def create_version(artist: UUID, sheet: PersonaSheet, note: str, *, actor: str) -> PersonaVersion:
    """Adds the next version; nothing is live by that. Locks the persona's row, so numbers have no hole and no double.

    Raises ValidationFailed with the sheet's problems, NotFound when the artist has no persona.
    """
    try:
        sheet.check()
    except SheetError as error:
        raise ValidationFailed(str(error)) from error
    with tenant(artist):
        persona = _locked_persona()
        newest = PersonaVersion.objects.filter(persona=persona).order_by("-number").first()
        version = PersonaVersion(
            artist_id=artist,
            persona=persona,
            number=newest.number + 1 if newest else 1,
            sheet=sheet.to_json(),
            note=note,
            created_by=actor,
        )
        version.save(force_insert=True)
        changed = _changed_fields(newest.sheet, version.sheet) if newest else list(FIELDS)
        content = {"number": version.number, "note": note, "changed": changed}
        audited.note(version, "created", content, actor=actor)
        return version


def publish(artist: UUID, version: UUID, *, actor: str, instead_of: int | None = None) -> PersonaVersion:
    """Makes a version the one that speaks, from the next turn on. Raises NotFound for another artist's version.

    `instead_of` is the number of the live version that the person compared with; Conflict when another one is live now.
    """
    with tenant(artist):
        persona = _locked_persona()
        chosen = PersonaVersion.objects.filter(pk=version).first()
        if chosen is None:
            raise NotFound("There is no such version of this persona.")
        before = persona.live_version.number if persona.live_version else None
        if before == chosen.number:
            return chosen
        if instead_of is not None and before != instead_of:
            raise Conflict(f"Version {before} went live since you compared: compare again. Nothing was published.")
        persona.live_version = chosen
        persona.save(update_fields=["live_version", "changed_at"])
        audited.note(persona, "published", {"before": before, "after": chosen.number}, actor=actor)
        return chosen


def period_problem(before: Period | None, starts_at: datetime, ends_at: datetime) -> tuple[str, str] | None:
    """(field, sentence) of what forbids these times; what fans have seen already is not written anew.

    `before` is the row as it is stored, None for a new one.
    """
    now = timezone.now()
    if before is not None and before.ends_at <= now:
        return "ends_at", PERIOD_IS_OVER
    if before is not None and before.starts_at <= now and _second(before.starts_at) != _second(starts_at):
        return "starts_at", "It has begun, so its start stays as it is."
    if ends_at <= starts_at:
        return "ends_at", "It has to end after it starts."
    return ("ends_at", "It has to end in the future: what is past is locked.") if ends_at <= now else None


def save_period(artist: UUID, period: Period, *, actor: str) -> None:
    """Adds or changes a mood or a schedule entry. Raises ValidationFailed for times that period_problem forbids."""
    with tenant(artist):
        before = type(period)._default_manager.select_for_update().filter(pk=period.pk).first()
        problem = period_problem(before, period.starts_at, period.ends_at)
        if problem:
            raise ValidationFailed(problem[1])
        if before is not None and _second(before.starts_at) == _second(period.starts_at):
            period.starts_at = before.starts_at
        audited.write(period, actor=actor)


def remove_period(artist: UUID, period: Period, *, actor: str) -> None:
    """Raises ValidationFailed for one that is over."""
    with tenant(artist):
        if period.ends_at <= timezone.now():
            raise ValidationFailed(PERIOD_IS_OVER)
        audited.remove(period, actor=actor)


def _second(moment: datetime) -> datetime:
    """A form's times have no fractions of a second."""
    return moment.replace(microsecond=0)


def _locked_persona() -> Persona:
    """The row lock that versions and publishing take."""
    persona = Persona.objects.select_for_update().first()
    if persona is None:
        raise NotFound("This artist has no persona yet.")
    return persona


def _changed_fields(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [name for name in FIELDS if before.get(name) != after.get(name)]
