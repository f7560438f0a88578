"""Mood and schedule on one line of time: positions, gaps, clashes, what is locked, whose zone, and who may edit."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companion.kernel.clock import zone_of
from personas import services
from personas.console import timeline
from personas.models import Mood, Period, ScheduleEntry
from tests.console.teams import ACTOR, Team, make_user
from tests.isolation.surfaces import PAGES_WITHOUT_ID

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
NOW = MONDAY + 12 * HOUR
WEEK = timeline.window("week", "2026-11-25", NOW, ZoneInfo("UTC"))
PAGE = "/console/personas/mood/timeline/"


def entry(title: str, starts: timedelta, ends: timedelta) -> timeline.Entry:
    return timeline.Entry(uuid4(), "mood", title, "", MONDAY + starts, MONDAY + ends)


def lane(*entries: timeline.Entry) -> timeline.Lane:
    return timeline.lane("Mood", "mood", entries, WEEK, NOW, with_gaps=True)


def put(team: Team, row: Period) -> Period:
    services.save_period(team.artist.id, row, actor=ACTOR)
    return row


def mood(team: Team, label: str, starts_at: datetime, ends_at: datetime) -> Period:
    return put(team, Mood(label=label, line=f"The line of {label}.", starts_at=starts_at, ends_at=ends_at))


def over(team: Team, label: str, starts_at: datetime, ends_at: datetime) -> Period:
    """One that is past: nobody can write it any more, so its end is moved below the services."""
    row = mood(team, label, starts_at, datetime.now(UTC) + HOUR)
    team.read(lambda: Mood.objects.filter(pk=row.pk).update(ends_at=ends_at))
    return row


def change(row: Period) -> str:
    return reverse(f"admin:personas_{row._meta.model_name}_change", args=[row.pk])


# -- where things stand ------------------------------------------------------------------------------------------------


def test_a_bar_stands_where_its_time_is_and_is_cut_at_the_edges() -> None:
    bars = lane(entry("in", DAY, 3 * DAY), entry("over the edges", -DAY, 9 * DAY)).bars
    edges, inside = (bar.span for bar in bars)
    assert (inside.left, inside.width) == pytest.approx((100 / 7, 200 / 7))
    assert (edges.left, edges.width) == pytest.approx((0, 100))
    assert edges.starts_at == MONDAY - DAY
    assert [bar.span.row for bar in bars] == [0, 1]
    assert WEEK.position(NOW) == pytest.approx(50 / 7)


def test_a_narrow_bar_has_its_label_outside_on_the_side_where_there_is_room() -> None:
    early, wide, late = (
        bar.span
        for bar in lane(
            entry("early", HOUR, 2 * HOUR), entry("wide", 2 * DAY, 3 * DAY), entry("late", 7 * DAY - HOUR, 7 * DAY)
        ).bars
    )
    assert (early.narrow, early.label_before) == (True, False)
    assert wide.narrow is False
    assert (late.narrow, late.label_before) == (True, True)


def test_a_gap_begins_now_and_ends_where_a_mood_starts_or_the_window_ends() -> None:
    found = lane(entry("past", timedelta(0), HOUR), entry("a", DAY, 2 * DAY), entry("b", 2 * DAY, 6 * DAY)).gaps
    assert [(gap.starts_at, gap.ends_at) for gap in found] == [(NOW, MONDAY + DAY), (MONDAY + 6 * DAY, WEEK.ends_at)]
    assert lane(entry("all", -DAY, 9 * DAY)).gaps == ()
    over = timeline.window("week", "2026-11-02", NOW, ZoneInfo("UTC"))
    assert timeline.gaps([], over, NOW) == []


def test_entries_that_overlap_clash_and_those_that_touch_do_not() -> None:
    touching = lane(entry("a", DAY, 2 * DAY), entry("b", 2 * DAY, 3 * DAY))
    assert touching.clashes == ()
    found = lane(entry("long", DAY, 5 * DAY), entry("b", 2 * DAY, 3 * DAY), entry("c", 4 * DAY, 6 * DAY))
    assert [(c.first.title, c.second.title) for c in found.clashes] == [("long", "b"), ("long", "c")]
    assert found.clashes[1].ends_at == MONDAY + 5 * DAY
    assert all(bar.clashes for bar in found.bars)
    gone = lane(entry("a", timedelta(0), 3 * HOUR), entry("b", HOUR, 4 * HOUR))
    assert gone.clashes == ()


def test_a_day_begins_at_midnight_of_the_zone_and_is_as_long_as_it_is_there() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    autumn = timeline.window("day", "2026-10-25", NOW, berlin)
    assert autumn.starts_at == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert autumn.ends_at - autumn.starts_at == 25 * HOUR
    assert [tick.label for tick in timeline.ticks(autumn, NOW)][:2] == ["00:00", "03:00"]
    assert timeline.ticks(autumn, NOW)[1].left == pytest.approx(100 * 4 / 25)


@pytest.mark.parametrize(
    ("zoom", "first", "last"),
    [("day", 15, 15), ("week", 9, 15), ("days", 12, 23), ("month", 1, 30), ("odd", 12, 23)],
)
def test_each_zoom_shows_whole_days_and_steps_to_its_neighbours(zoom: str, first: int, last: int) -> None:
    shown = timeline.window(zoom, "2026-11-15", NOW, ZoneInfo("UTC"))
    assert (shown.first, shown.last) == (date(2026, 11, first), date(2026, 11, last))
    assert timeline.window(zoom, shown.later.isoformat(), NOW, shown.zone).first == shown.last + DAY
    assert timeline.window(zoom, shown.earlier.isoformat(), NOW, shown.zone).last == shown.first - DAY


@pytest.mark.parametrize("odd", ["", "x", "0001-01-01", "9999-12-31", "2026-13-01"])
def test_a_day_that_says_nothing_of_sense_is_today(odd: str) -> None:
    assert timeline.window("day", odd, NOW, ZoneInfo("UTC")).first == NOW.date()


@pytest.mark.parametrize("odd", ["", "Nowhere/At_All", "../etc/passwd", "America"])
def test_a_zone_that_is_none_is_utc(odd: str) -> None:
    assert zone_of(odd) is UTC


# -- the page ----------------------------------------------------------------------------------------------------------


def test_what_is_past_is_locked_and_the_rest_leads_to_its_form(team: Team) -> None:
    now = datetime.now(UTC)
    past = over(team, "bygone", now - 3 * HOUR, now - 2 * HOUR)
    client, address = team.client("editor"), reverse("admin:personas_mood_timeline")
    day = f"{now - 3 * HOUR:%Y-%m-%d}"
    page = client.get(address, {"zoom": "month", "day": day}).content.decode()
    assert "bygone" in page
    assert change(past) not in page
    coming, then = {"starts_at": now + DAY, "ends_at": now + DAY + HOUR}, f"{now + DAY:%Y-%m-%d}"
    for row in (Mood(label="brisk", **coming), ScheduleEntry(title="Rehearsal", **coming)):
        put(team, row)
        shown = client.get(address, {"zoom": "month", "day": then}).content.decode()
        assert shown.count(f'href="{change(row)}"') == 2


def test_a_gap_opens_the_form_with_its_times(team: Team) -> None:
    client = team.client("editor")
    page = client.get(PAGE, {"zoom": "week", "day": f"{datetime.now(UTC) + 21 * DAY:%Y-%m-%d}"})
    (gap,) = page.context["lanes"][0].gaps
    (row,) = page.context["rows"]
    assert page.content.decode().count("No mood,") == 1
    assert parse_qs(urlsplit(row["add"]).query) == {
        "starts_at": [gap.starts_at.isoformat()],
        "ends_at": [gap.ends_at.isoformat()],
    }
    form = client.get(row["add"])
    values = re.findall(r'name="(?:starts|ends)_at_0" value="([^"]+)"', form.content.decode())
    assert values == [f"{gap.starts_at:%Y-%m-%d}", f"{gap.ends_at:%Y-%m-%d}"]
    assert client.get(reverse("admin:personas_mood_add"), {"starts_at": "x"}).status_code == 200


def test_a_clash_is_told_in_words(team: Team) -> None:
    start = datetime.now(UTC) + 40 * DAY
    mood(team, "brisk", start, start + 5 * HOUR)
    mood(team, "mellow", start + HOUR, start + 2 * HOUR)
    page = team.client("viewer").get(PAGE, {"zoom": "month", "day": f"{start:%Y-%m-%d}"}).content.decode()
    assert "“brisk” and “mellow” overlap" in page


def test_times_are_in_the_zone_of_whoever_looks(team: Team) -> None:
    member = team.members["editor"]
    member.time_zone = "Asia/Tokyo"
    member.save()
    put(team, ScheduleEntry(title="Far", starts_at=MONDAY + 364 * DAY + 16 * HOUR, ends_at=MONDAY + 365 * DAY))
    page = team.client("editor").get(PAGE, {"zoom": "day", "day": "2027-11-23"}).content.decode()
    assert "Times in Asia/Tokyo" in page
    assert "Tue 23 Nov 01:00" in page
    utc = team.client("viewer").get(PAGE, {"zoom": "day", "day": "2027-11-22"}).content.decode()
    assert "Times in UTC" in utc
    assert "Mon 22 Nov 16:00" in utc


def test_a_role_without_write_sees_the_entries_and_no_way_to_edit(team: Team) -> None:
    page = team.client("viewer").get(PAGE)
    body = page.content.decode()
    assert page.status_code == 200
    assert "warm" in body
    assert "No mood" in body
    assert not re.search(r'href="[^"]*/(add|change)/', body)


def test_without_a_role_the_page_is_closed() -> None:
    client = Client()
    assert client.get(PAGE).status_code == 302
    client.force_login(make_user(is_staff=True))
    assert client.get(PAGE).status_code in {302, 403}


def test_another_artists_entries_are_absent(team: Team, other_team: Team) -> None:
    now = datetime.now(UTC)
    foreign = mood(other_team, "foreign-mood", now, now + HOUR)
    body = team.client("owner").get(PAGE).content.decode()
    assert "foreign-mood" not in body
    assert str(foreign.pk) not in body
    assert "foreign-mood" in other_team.client("owner").get(PAGE).content.decode()
    assert PAGE.removeprefix("/") in PAGES_WITHOUT_ID


def test_more_entries_take_no_more_queries(team: Team) -> None:
    client, start = team.client("editor"), datetime.now(UTC)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(PAGE).status_code == 200
        return len(seen)

    queries()
    few = queries()
    for number in range(12):
        mood(team, f"mood {number}", start + number * timedelta(minutes=5), start + HOUR)
    assert queries() == few


def test_the_sidebar_leads_to_it_and_it_leads_to_the_lists(team: Team) -> None:
    client = team.client("viewer")
    assert f'href="{PAGE}"' in client.get("/console/").content.decode()
    body = client.get(PAGE).content.decode()
    for model in ("mood", "scheduleentry"):
        assert f'href="{reverse(f"admin:personas_{model}_changelist")}"' in body


# -- what repeats ------------------------------------------------------------------------------------------------------

SKIP = PAGE + "skip/"


def repeating(team: Team, starts_at: datetime) -> Period:
    title = "Morning pages"
    row = ScheduleEntry(title=title, starts_at=starts_at, ends_at=starts_at + HOUR, repeats="daily")
    return put(team, row)


def asking(row: Period, day: datetime, *, leave_out: bool) -> dict[str, str]:
    return {
        "model": "scheduleentry",
        "key": str(row.pk),
        "on": f"{day:%Y-%m-%d}",
        "leave_out": "on" if leave_out else "",
    }


def test_each_time_of_what_repeats_stands_on_the_line_and_one_can_be_left_out_and_put_back(team: Team) -> None:
    start = datetime(2030, 7, 1, 9, tzinfo=UTC)  # a Monday
    row, client, week = repeating(team, start), team.client("editor"), {"zoom": "week", "day": "2030-07-03"}

    def bars() -> list[datetime]:
        return [bar.span.starts_at for bar in client.get(PAGE, week).context["lanes"][1].bars]

    assert bars() == [start + n * DAY for n in range(7)]
    answer = client.post(f"{SKIP}?day=2030-07-03", asking(row, start + DAY, leave_out=True))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PAGE}?day=2030-07-03")
    assert bars() == [start + n * DAY for n in (0, 2, 3, 4, 5, 6)]
    body = client.get(PAGE, week).content.decode()
    assert body.count(">Leave out<") == 6
    assert body.count(">Put back<") == 1
    client.post(SKIP, asking(row, start + DAY, leave_out=False))
    assert bars() == [start + n * DAY for n in range(7)]


@pytest.mark.parametrize("broken", [{"model": "fan"}, {"key": "x"}, {"on": "soon"}, {"on": "2030-06-01"}])
def test_what_is_no_time_of_it_is_refused_in_words(team: Team, broken: dict[str, str]) -> None:
    start = datetime(2030, 7, 1, 9, tzinfo=UTC)
    row, client = repeating(team, start), team.client("editor")
    answer = client.post(SKIP, asking(row, start, leave_out=True) | broken, follow=True)
    assert re.search("There is no such entry|It has no time on that day", answer.content.decode())
    assert team.read(lambda: ScheduleEntry.objects.get(pk=row.pk).skipped) == []


def test_only_who_may_edit_leaves_a_time_out_and_only_by_a_form(team: Team, other_team: Team) -> None:
    start = datetime(2030, 7, 1, 9, tzinfo=UTC)
    row, asked = repeating(team, start), {"leave_out": True}
    assert team.client("viewer").post(SKIP, asking(row, start, **asked)).status_code == 403
    assert team.client("editor").get(SKIP, asking(row, start, **asked)).status_code == 403
    assert "There is no such entry" in (
        other_team.client("editor").post(SKIP, asking(row, start, **asked), follow=True).content.decode()
    )
    assert team.read(lambda: ScheduleEntry.objects.get(pk=row.pk).skipped) == []
    body = team.client("viewer").get(PAGE, {"zoom": "week", "day": "2030-07-03"}).content.decode()
    assert "Morning pages" in body
    assert "Leave out" not in body
