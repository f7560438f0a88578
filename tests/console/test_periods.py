"""Moods and dates in their forms and services: what is past is locked, and times are those of whoever looks."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from companion.kernel.errors import ValidationFailed
from personas import services
from personas.models import Mood, Period, ScheduleEntry
from tests.console.teams import ACTOR, Team, entries

HOUR = timedelta(hours=1)
KINDS = pytest.mark.parametrize("kind", [Mood, ScheduleEntry])
NEW_YORK = "America/New_York"
SHOWN = re.compile(r'name="((?:starts|ends)_at_[01])" value="([^"]*)"')


def make(kind: type[Period], starts_at: datetime, ends_at: datetime) -> Period:
    own = {"label": "calm", "line": "Soft."} if kind is Mood else {"title": "Show"}
    return kind(**own, starts_at=starts_at, ends_at=ends_at)


def put(team: Team, kind: type[Period], starts: timedelta, ends: timedelta) -> Period:
    """From `starts` to `ends` from now. What is over can be written by nobody: it is moved below the services."""
    now = datetime.now(UTC)
    row = make(kind, now + starts, max(now + ends, now + HOUR))
    services.save_period(team.artist.id, row, actor=ACTOR)
    team.read(lambda: kind.objects.filter(pk=row.pk).update(ends_at=now + ends))
    stored: Period = team.read(lambda: kind.objects.get(pk=row.pk))
    return stored


def state(team: Team, kind: type[Period]) -> tuple[list[tuple[object, ...]], int]:
    rows = team.read(lambda: sorted(kind.objects.values_list("id", "starts_at", "ends_at")))
    return rows, len(entries(team))


def page(row: Period, name: str = "change") -> str:
    return reverse(f"admin:personas_{row._meta.model_name}_{name}", args=[row.pk])


def typed(row: Period, starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    """The form's fields, filled in by somebody whose zone is UTC."""
    own = {"label": "calm", "line": "Other."} if isinstance(row, Mood) else {"title": "Other"}
    times = {"starts_at": starts_at, "ends_at": ends_at}
    parts = {
        f"{name}_{n}": f"{at:{how}}" for name, at in times.items() for n, how in enumerate(("%Y-%m-%d", "%H:%M:%S"))
    }
    return own | parts


def lives_in(team: Team, role: str, zone: str) -> None:
    team.members[role].time_zone = zone
    team.members[role].save()


# -- the services ------------------------------------------------------------------------------------------------------


@KINDS
def test_what_is_over_is_neither_changed_nor_removed(team: Team, kind: type[Period]) -> None:
    past = put(team, kind, -3 * HOUR, -HOUR)
    before = state(team, kind)
    past.ends_at = datetime.now(UTC) + HOUR
    with pytest.raises(ValidationFailed, match="what is past is locked"):
        services.save_period(team.artist.id, past, actor=ACTOR)
    with pytest.raises(ValidationFailed, match="what is past is locked"):
        services.remove_period(team.artist.id, team.read(lambda: kind.objects.get(pk=past.pk)), actor=ACTOR)
    assert state(team, kind) == before


@KINDS
def test_nothing_is_added_or_moved_wholly_into_the_past(team: Team, kind: type[Period]) -> None:
    coming, now = put(team, kind, HOUR, 2 * HOUR), datetime.now(UTC)
    before = state(team, kind)
    coming.starts_at, coming.ends_at = now - 2 * HOUR, now - HOUR
    for row in (coming, make(kind, now - 2 * HOUR, now - HOUR)):
        with pytest.raises(ValidationFailed, match="end in the future"):
            services.save_period(team.artist.id, row, actor=ACTOR)
    assert state(team, kind) == before


@KINDS
def test_the_start_of_what_has_begun_stays_and_its_end_moves(team: Team, kind: type[Period]) -> None:
    running = put(team, kind, -HOUR, 2 * HOUR)
    began, before = running.starts_at, state(team, kind)
    running.starts_at = began + timedelta(minutes=5)
    with pytest.raises(ValidationFailed, match="its start stays"):
        services.save_period(team.artist.id, running, actor=ACTOR)
    assert state(team, kind) == before
    running.starts_at, running.ends_at = began.replace(microsecond=0), running.ends_at + HOUR
    services.save_period(team.artist.id, running, actor=ACTOR)
    stored = team.read(lambda: kind.objects.get(pk=running.pk))
    assert (stored.starts_at, stored.ends_at) == (began, running.ends_at)


# -- the forms ---------------------------------------------------------------------------------------------------------


@KINDS
def test_the_page_of_what_is_over_says_so_and_takes_nothing(team: Team, kind: type[Period]) -> None:
    past = put(team, kind, -3 * HOUR, -HOUR)
    client, before = team.client("owner"), state(team, kind)
    body = client.get(page(past)).content.decode()
    assert "This is over, so it is locked." in body
    assert 'name="starts_at_0"' not in body
    now = datetime.now(UTC)
    assert client.post(page(past), typed(past, now, now + HOUR)).status_code == 403
    assert client.post(page(past, "delete"), {"post": "yes"}).status_code == 403
    assert state(team, kind) == before


@KINDS
@pytest.mark.parametrize(
    ("starts", "ends", "field", "sentence"),
    [(-2 * HOUR, 2 * HOUR, "starts_at", "its start stays"), (-HOUR, -HOUR / 2, "ends_at", "end in the future")],
)
def test_a_form_that_would_write_the_past_anew_says_why_at_the_field(
    team: Team, kind: type[Period], starts: timedelta, ends: timedelta, field: str, sentence: str
) -> None:
    running, client = put(team, kind, -HOUR, HOUR), team.client("editor")
    before = state(team, kind)
    answer = client.post(
        page(running), typed(running, running.starts_at + HOUR + starts, running.ends_at - HOUR + ends)
    )
    assert answer.status_code == 200
    assert sentence in answer.context["adminform"].form.errors[field][0]
    assert state(team, kind) == before


@KINDS
def test_a_new_one_in_the_past_is_refused_at_the_field(team: Team, kind: type[Period]) -> None:
    now, before = datetime.now(UTC), state(team, kind)
    row = make(kind, now - 2 * HOUR, now - HOUR)
    address = reverse(f"admin:personas_{row._meta.model_name}_add")
    answer = team.client("editor").post(address, typed(row, row.starts_at, row.ends_at))
    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (200, ["ends_at"])
    assert state(team, kind) == before


@KINDS
def test_a_form_takes_and_shows_times_in_the_zone_of_whoever_fills_it_in(team: Team, kind: type[Period]) -> None:
    lives_in(team, "editor", NEW_YORK)
    client, row = team.client("editor"), make(kind, datetime(2030, 7, 1, 9), datetime(2030, 12, 1, 9))
    add = reverse(f"admin:personas_{row._meta.model_name}_add")
    assert client.get(add).content.decode().count(f"Time in {NEW_YORK}.") == 2
    assert client.post(add, typed(row, row.starts_at, row.ends_at)).status_code == 302
    stored = team.read(lambda: kind.objects.get(starts_at__year=2030))
    assert stored.starts_at == datetime(2030, 7, 1, 13, tzinfo=UTC)  # summer time there
    assert stored.ends_at == datetime(2030, 12, 1, 14, tzinfo=UTC)
    form = client.get(page(stored))
    assert dict(SHOWN.findall(form.content.decode())) == {
        "starts_at_0": "2030-07-01",
        "starts_at_1": "09:00:00",
        "ends_at_0": "2030-12-01",
        "ends_at_1": "09:00:00",
    }
    listed = client.get(reverse(f"admin:personas_{row._meta.model_name}_changelist"))
    assert "1 Jul 2030, 09:00" in listed.content.decode()
    there = dict(SHOWN.findall(team.client("owner").get(page(stored)).content.decode()))
    assert (there["starts_at_1"], there["ends_at_1"]) == ("13:00:00", "14:00:00")


def test_a_gap_of_the_timeline_fills_the_form_in_the_same_zone(team: Team) -> None:
    lives_in(team, "editor", NEW_YORK)
    times = {"starts_at": "2030-07-01T13:00:00+00:00", "ends_at": "2030-07-01T14:30:00+00:00"}
    shown = dict(SHOWN.findall(team.client("editor").get(reverse("admin:personas_mood_add"), times).content.decode()))
    assert (shown["starts_at_1"], shown["ends_at_1"]) == ("09:00:00", "10:30:00")


def test_two_zones_at_one_form_are_a_conflict_only_where_the_moments_differ(team: Team) -> None:
    lives_in(team, "editor", NEW_YORK)
    row = put(team, Mood, HOUR, 24 * HOUR)
    editor, owner = team.client("editor"), team.client("owner")
    opened = editor.get(page(row))
    mine = dict(SHOWN.findall(opened.content.decode())) | {"label": "calm", "line": "By the editor."}
    mine["console_opened"] = opened.context["adminform"].form.opened
    later = typed(row, row.starts_at, row.ends_at + HOUR) | {"line": "Soft."}
    assert owner.post(page(row), later).status_code == 302
    form = editor.post(page(row), mine).context["adminform"].form
    assert [field.name for field in form.conflict.fields] == ["line", "ends_at"]
    assert NEW_YORK in "".join(piece.text for piece in form.conflict.fields[1].words.before)


def test_who_only_reads_is_told_the_zone_too(team: Team) -> None:
    lives_in(team, "viewer", NEW_YORK)
    row = put(team, Mood, HOUR, 2 * HOUR)
    body = team.client("viewer").get(page(row)).content.decode()
    assert f"Times in {NEW_YORK}" in body
    assert "locked" not in body


# -- what repeats ------------------------------------------------------------------------------------------------------


@KINDS
def test_a_form_makes_something_repeat_by_the_clock_of_whoever_fills_it_in(team: Team, kind: type[Period]) -> None:
    lives_in(team, "editor", NEW_YORK)
    row = make(kind, datetime(2030, 7, 1, 9), datetime(2030, 7, 1, 11))  # a Monday
    body = typed(row, row.starts_at, row.ends_at) | {"repeats": "weekly", "weekdays": ["0", "3"]}
    add = reverse(f"admin:personas_{row._meta.model_name}_add")
    answer = team.client("editor").post(add, body | {"repeats_until": "2030-12-31"})
    assert answer.headers["Location"] == reverse("admin:personas_mood_timeline") + "?day=2030-07-01"
    stored = team.read(lambda: kind.objects.get(starts_at__year=2030))
    assert (stored.repeats, stored.weekdays, stored.zone) == ("weekly", [0, 3], NEW_YORK)
    listed = team.client("editor").get(reverse(f"admin:personas_{row._meta.model_name}_changelist"))
    assert "every week on Mon, Thu until 31 Dec 2030" in listed.content.decode()


@KINDS
def test_a_form_of_what_repeats_shows_its_next_time_and_changes_that_and_later_ones(
    team: Team, kind: type[Period]
) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + 2 * HOUR
    row = put(team, kind, HOUR, 2 * HOUR)
    earlier = {"starts_at": at - 72 * HOUR, "ends_at": at - 71 * HOUR, "repeats": "daily", "zone": "UTC"}
    team.read(lambda: kind.objects.filter(pk=row.pk).update(**earlier))
    client = team.client("editor")
    page_of_it = client.get(page(row)).content.decode()
    assert "It repeats every day." in page_of_it
    assert dict(SHOWN.findall(page_of_it))["starts_at_0"] == f"{at:%Y-%m-%d}"
    body = typed(row, at + HOUR, at + 2 * HOUR) | {"repeats": "daily"}
    assert client.post(page(row), body).status_code == 302
    both = team.read(lambda: sorted(kind.objects.filter(repeats="daily").values_list("starts_at", "repeats_until")))
    assert both == [(at - 72 * HOUR, (at - 24 * HOUR).date()), (at + HOUR, None)]


@KINDS
def test_a_day_on_which_it_does_not_start_is_told_at_the_field(team: Team, kind: type[Period]) -> None:
    row, before = make(kind, datetime(2030, 7, 1, 9), datetime(2030, 7, 1, 11)), state(team, kind)
    body = typed(row, row.starts_at, row.ends_at) | {"repeats": "weekly", "weekdays": ["3"]}
    answer = team.client("editor").post(reverse(f"admin:personas_{row._meta.model_name}_add"), body)
    errors = answer.context["adminform"].form.errors
    assert errors == {"weekdays": ["It starts on a Monday, which is none of these days."]}
    assert state(team, kind) == before
