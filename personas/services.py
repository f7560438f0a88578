"""What is written about a persona: versions, mood, schedule. Check, do, audit, emit.

Which version speaks is decided at the release gate (personas/release/services.py).

What is past of moods and schedule is locked: fans have seen it, and it explains replies. What repeats is changed from
now on: the row keeps the times that have begun, and a new row has the coming ones.

Every function takes the artist and opens her scope (a caller's own scope of the same artist is joined).
`actor` is "staff:<user id>" or "command:<name>".
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from companion.kernel.clock import zone_of
from companion.kernel.errors import NotFound, ValidationFailed
from companion.kernel.ids import new_id
from personas.contracts import FIELDS, PersonaSheet, SheetError
from personas.models import Period, Persona, PersonaVersion
from personas.recurrence import LONGEST, Occurrence, Repeats, last_begun, occurrences, on_day
from tenancy import audited
from tenancy.context import tenant

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PERIOD_IS_OVER = "It is over, and what is past is locked."

Problem = tuple[str, str]


def create_persona(artist: UUID, name: str, *, actor: str) -> Persona:
    """The artist's one persona; it says nothing until a version is live."""
    with tenant(artist):
        persona = Persona(name=name)
        audited.write(persona, actor=actor)
        return persona


def rename_persona(artist: UUID, persona: Persona, *, actor: str) -> None:
    with tenant(artist):
        audited.write(persona, actor=actor)


def create_version(artist: UUID, sheet: PersonaSheet, note: str, *, actor: str, model: str = "") -> PersonaVersion:
    """Adds the next version; nothing is live by that. `model` pins what answers (PersonaVersion).

    Locks the persona's row, so numbers have no hole and no double. Raises ValidationFailed with the sheet's problems,
    NotFound when the artist has no persona.
    """
    try:
        sheet.check()
    except SheetError as error:
        raise ValidationFailed(str(error)) from error
    with tenant(artist):
        persona = locked_persona()
        newest = PersonaVersion.objects.filter(persona=persona).order_by("-number").first()
        version = PersonaVersion(
            artist_id=artist,
            persona=persona,
            number=newest.number + 1 if newest else 1,
            sheet=sheet.to_json(),
            model=model.strip(),
            note=note,
            created_by=actor,
        )
        version.save(force_insert=True)
        changed = _changed_fields(newest.sheet, version.sheet) if newest else list(FIELDS)
        content = {"number": version.number, "note": note, "changed": changed, "model": version.model}
        audited.note(version, "created", content, actor=actor)
        return version


def upcoming(period: Period, now: datetime | None = None) -> Occurrence | None:
    """The next time that has not begun; of what does not repeat its only one, until it is over."""
    moment = now or timezone.now()
    coming = occurrences(period.rule, moment)
    if period.repeats == Repeats.NONE:
        return next(coming, None)
    return next((one for one in coming if one.starts_at > moment), None)


def is_over(period: Period) -> bool:
    """Whether nothing of it runs or comes."""
    return next(occurrences(period.rule, timezone.now()), None) is None


def period_problem(before: Period | None, after: Period) -> Problem | None:
    """(field, sentence) of what forbids these times. `before` is the row as it is stored, None for a new one."""
    return _problem_of_times(before, after) or (_problem_of_repeats(after) if after.repeats != Repeats.NONE else None)


def save_period(artist: UUID, period: Period, *, actor: str) -> None:
    """Adds or changes a mood or a schedule entry. Raises ValidationFailed for times that period_problem forbids.

    A weekly one without days gets that of its start. One that repeats and has begun is changed from its next time on:
    `period` becomes a new row.
    """
    with tenant(artist):
        before = type(period)._default_manager.select_for_update().filter(pk=period.pk).first()
        if period.repeats == Repeats.WEEKLY and not period.weekdays:
            period.weekdays = [_first_day(period).weekday()]
        found = period_problem(before, period)
        if found:
            raise ValidationFailed(found[1])
        if before is not None and _repeats_and_has_begun(before):
            _change_from_now_on(before, period, actor)
            return
        if before is not None and _second(before.starts_at) == _second(period.starts_at):
            period.starts_at = before.starts_at
        audited.write(period, actor=actor)


def remove_period(artist: UUID, period: Period, *, actor: str) -> None:
    """What repeats keeps the times that are over. Raises ValidationFailed for one that is over as a whole."""
    with tenant(artist):
        stored = type(period)._default_manager.select_for_update().filter(pk=period.pk).first()
        if stored is None or is_over(stored):
            raise ValidationFailed(PERIOD_IS_OVER)
        now = timezone.now()
        if stored.repeats != Repeats.NONE and stored.ends_at <= now:
            _end_before(stored, now, actor)
        else:
            audited.remove(stored, actor=actor)


def skip_occurrence(artist: UUID, model: type[Period], key: UUID, day: date, *, skipped: bool, actor: str) -> None:
    """Leaves out, or puts back, the one time that starts on this day. Raises NotFound, ValidationFailed when begun."""
    with tenant(artist):
        period = model._default_manager.select_for_update().filter(pk=key).first()
        if period is None:
            raise NotFound("There is no such entry.")
        days = set(period.skipped) - {day}
        period.skipped = sorted(days)
        one = on_day(period.rule, day)
        if period.repeats == Repeats.NONE or one is None:
            raise NotFound("It has no time on that day.")
        if one.starts_at <= timezone.now():
            raise ValidationFailed("It has begun, so it can no longer be left out or put back.")
        period.skipped = sorted(days | {day}) if skipped else sorted(days)
        audited.write(period, actor=actor)


def _problem_of_times(before: Period | None, after: Period) -> Problem | None:
    now = timezone.now()
    if before is not None and is_over(before):
        return "ends_at", PERIOD_IS_OVER
    if after.ends_at <= after.starts_at:
        return "ends_at", "It has to end after it starts."
    if before is not None and _repeats_and_has_begun(before):
        stays = "Earlier times stay as they are: choose a coming one."
        return ("starts_at", stays) if after.starts_at <= now else None
    if before is not None and before.starts_at <= now and _second(before.starts_at) != _second(after.starts_at):
        return "starts_at", "It has begun, so its start stays as it is."
    return ("ends_at", "It has to end in the future: what is past is locked.") if after.ends_at <= now else None


def _problem_of_repeats(after: Period) -> Problem | None:
    first = _first_day(after)
    if after.ends_at - after.starts_at > LONGEST:
        return "ends_at", "What repeats lasts a day at most."
    if after.repeats == Repeats.WEEKLY and after.weekdays and first.weekday() not in after.weekdays:
        return "weekdays", f"It starts on a {WEEKDAYS[first.weekday()]}, which is none of these days."
    if after.repeats_until is not None and after.repeats_until < first:
        return "repeats_until", "Its last day is before its first."
    return None


def _change_from_now_on(before: Period, period: Period, actor: str) -> None:
    """Two rows of one: what has begun as it was, what comes as it is to be. Whoever calls holds the row's lock."""
    if _same(before, period):
        return
    _end_before(before, None, actor)
    period.pk = new_id()
    period._state.adding = True
    period.skipped = [day for day in period.skipped if day >= _first_day(period)]
    audited.write(period, actor=actor)


def _same(before: Period, period: Period) -> bool:
    """Whether the form says what is stored; it shows the next time in place of the first."""
    following = upcoming(before)
    if following is None or _second(following.starts_at) != _second(period.starts_at):
        return False
    names = [field.attname for field in before._meta.concrete_fields if field.name not in ("starts_at", "ends_at")]
    unchanged = all(getattr(before, name) == getattr(period, name) for name in names)
    return unchanged and _second(following.ends_at) == _second(period.ends_at)


def _end_before(period: Period, over_at: datetime | None, actor: str) -> None:
    """Lets it end with the last time that has begun, or that is over at the moment."""
    last = last_begun(period.rule, timezone.now())
    while last is not None and over_at is not None and last.ends_at > over_at:
        last = last_begun(period.rule, last.starts_at - timedelta(microseconds=1))
    if last is not None:
        period.repeats_until = last.day
        audited.write(period, actor=actor)


def _repeats_and_has_begun(period: Period) -> bool:
    return period.repeats != Repeats.NONE and period.starts_at <= timezone.now()


def _first_day(period: Period) -> date:
    return period.starts_at.astimezone(zone_of(period.zone)).date()


def _second(moment: datetime) -> datetime:
    """A form's times have no fractions of a second."""
    return moment.replace(microsecond=0)


def locked_persona() -> Persona:
    """The row lock that new versions and every step of the release gate take, inside `tenant(…)`. Raises NotFound."""
    persona = Persona.objects.select_for_update().first()
    if persona is None:
        raise NotFound("This artist has no persona yet.")
    return persona


def _changed_fields(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [name for name in FIELDS if before.get(name) != after.get(name)]
