"""Moods and entries that repeat, as they are written and read: what has been stays, one time can be left out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from pgvector import HalfVector

from companion.kernel.clock import SystemClock
from companion.kernel.errors import NotFound, ValidationFailed
from companion.kernel.postgres import Pool, open_pool
from personas import selectors, services
from personas.context import PersonaReader
from personas.corpus.retrieval import Serving
from personas.models import Mood, Period, ScheduleEntry
from personas.recurrence import occurrences
from tests.console.teams import ACTOR, Team, entries, make_team

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = pytest.mark.parametrize("kind", [Mood, ScheduleEntry])


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
async def pool(servers: dict[str, str]) -> AsyncIterator[Pool]:
    opened = await open_pool(servers["database_url"], size=1, name="test", vectors=True)
    try:
        yield opened
    finally:
        await opened.close()


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def daily(team: Team, kind: type[Period], starts_at: datetime, *, days_ago: int = 0, **fields: object) -> Period:
    """An hour of every day. What has begun can be written by nobody: it is moved below the services."""
    own = {"label": "calm", "line": "Soft."} if kind is Mood else {"title": "Rehearsal hour"}
    row = kind(**own, repeats="daily", starts_at=starts_at, ends_at=starts_at + HOUR, **fields)
    services.save_period(team.artist.id, row, actor=ACTOR)
    earlier = {"starts_at": starts_at - days_ago * DAY, "ends_at": starts_at - days_ago * DAY + HOUR}
    team.read(lambda: kind.objects.filter(pk=row.pk).update(**earlier))
    return stored(team, row)


def stored(team: Team, row: Period) -> Period:
    found: Period = team.read(lambda: type(row).objects.get(pk=row.pk))
    return found


def rows(team: Team, kind: type[Period]) -> list[Period]:
    found: list[Period] = team.read(lambda: list(kind.objects.exclude(repeats="none").order_by("starts_at")))
    return found


def days(row: Period, count: int = 9) -> list[date]:
    return [one.day for one in islice(occurrences(row.rule, row.starts_at), count)]


@KINDS
def test_a_change_holds_from_the_next_time_on_and_what_has_been_stays(team: Team, kind: type[Period]) -> None:
    at = now() + 2 * HOUR
    series = daily(team, kind, at, days_ago=3)
    following = services.upcoming(series)
    assert following is not None
    assert following.starts_at == at
    series.starts_at, series.ends_at = at + HOUR, at + 2 * HOUR
    services.save_period(team.artist.id, series, actor=ACTOR)
    old, new = rows(team, kind)
    assert (old.starts_at, old.repeats_until) == (at - 3 * DAY, (at - DAY).date())
    assert (new.starts_at, new.repeats, new.repeats_until) == (at + HOUR, "daily", None)
    name = kind._meta.model_name
    assert [entry.action for entry in entries(team)][-2:] == [f"{name}.changed", f"{name}.created"]


@KINDS
def test_saving_what_is_stored_writes_nothing(team: Team, kind: type[Period]) -> None:
    at = now() + 2 * HOUR
    series, before = daily(team, kind, at, days_ago=3), len(entries(team))
    series.starts_at, series.ends_at = at, at + HOUR
    services.save_period(team.artist.id, series, actor=ACTOR)
    assert (len(rows(team, kind)), len(entries(team))) == (1, before)


@KINDS
def test_a_time_that_has_been_cannot_be_chosen_again(team: Team, kind: type[Period]) -> None:
    series = daily(team, kind, now() + 2 * HOUR, days_ago=3)
    series.ends_at = series.starts_at + 2 * HOUR
    with pytest.raises(ValidationFailed, match="choose a coming one"):
        services.save_period(team.artist.id, series, actor=ACTOR)
    assert [row.ends_at - row.starts_at for row in rows(team, kind)] == [HOUR]


@KINDS
def test_what_is_removed_keeps_the_times_that_are_over(team: Team, kind: type[Period]) -> None:
    at = now() + 2 * HOUR
    begun, coming = daily(team, kind, at, days_ago=3), daily(team, kind, at + HOUR)
    services.remove_period(team.artist.id, begun, actor=ACTOR)
    services.remove_period(team.artist.id, coming, actor=ACTOR)
    (kept,) = rows(team, kind)
    assert days(kept) == [(at - n * DAY).date() for n in (3, 2, 1)]
    with pytest.raises(ValidationFailed, match="past is locked"):
        services.remove_period(team.artist.id, kept, actor=ACTOR)


@KINDS
def test_one_time_is_left_out_and_put_back(team: Team, kind: type[Period]) -> None:
    at, artist = now() + 2 * HOUR, team.artist.id
    series = daily(team, kind, at)
    tomorrow = (at + DAY).date()
    services.skip_occurrence(artist, kind, series.pk, tomorrow, skipped=True, actor=ACTOR)
    assert days(stored(team, series), 2) == [at.date(), tomorrow + DAY]
    assert entries(team)[-1].action == f"{kind._meta.model_name}.changed"
    services.skip_occurrence(artist, kind, series.pk, tomorrow, skipped=False, actor=ACTOR)
    assert days(stored(team, series), 2) == [at.date(), tomorrow]


@KINDS
def test_only_a_coming_time_of_ones_own_can_be_left_out(team: Team, kind: type[Period]) -> None:
    at = now() + 2 * HOUR
    series, other, written = daily(team, kind, at, days_ago=3), make_team(), len(entries(team))
    refused = [
        (team.artist.id, (at - DAY).date(), ValidationFailed),
        (team.artist.id, (at - 9 * DAY).date(), NotFound),
        (other.artist.id, (at + DAY).date(), NotFound),
    ]
    for artist, day, error in refused:
        with pytest.raises(error):
            services.skip_occurrence(artist, kind, series.pk, day, skipped=True, actor=ACTOR)
    assert stored(team, series).skipped == []
    assert len(entries(team)) == written


@KINDS
@pytest.mark.parametrize(
    ("fields_of", "sentence"),
    [
        (lambda at: {"ends_at": at + timedelta(days=1, minutes=1)}, "lasts a day at most"),
        (lambda at: {"repeats": "weekly", "weekdays": [(at.weekday() + 1) % 7]}, "none of these days"),
        (lambda at: {"repeats_until": (at - DAY).date()}, "before its first"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    team: Team, kind: type[Period], fields_of: Callable[[datetime], dict[str, object]], sentence: str
) -> None:
    at, own = now() + DAY, {"label": "calm", "line": "Soft."} if kind is Mood else {"title": "Show"}
    values = {"repeats": "daily", "ends_at": at + HOUR} | fields_of(at)
    with pytest.raises(ValidationFailed, match=sentence):
        services.save_period(team.artist.id, kind(**own, starts_at=at, **values), actor=ACTOR)
    assert rows(team, kind) == []


@KINDS
def test_a_weekly_one_without_days_has_the_day_of_its_start_in_its_own_zone(team: Team, kind: type[Period]) -> None:
    at, own = datetime(2030, 7, 1, 22, tzinfo=UTC), {"label": "x", "line": "y"} if kind is Mood else {"title": "Show"}
    row = kind(**own, starts_at=at, ends_at=at + HOUR, repeats="weekly", zone="Asia/Tokyo")
    services.save_period(team.artist.id, row, actor=ACTOR)
    assert stored(team, row).weekdays == [1]  # Monday night in UTC is Tuesday there


def test_fans_and_pages_see_each_time(team: Team) -> None:
    at = now() + 2 * HOUR
    daily(team, ScheduleEntry, at, days_ago=3, repeats_until=(at + 2 * DAY).date())
    once = ScheduleEntry(title="Show", starts_at=at + DAY + 4 * HOUR, ends_at=at + DAY + 5 * HOUR)
    services.save_period(team.artist.id, once, actor=ACTOR)
    coming = selectors.coming_schedule(artist=team.artist.id, limit=9, at=now() + HOUR + HOUR / 2)
    assert [(title, starts) for title, starts, _ in coming] == [
        ("Rehearsal hour", at),
        ("Rehearsal hour", at + DAY),
        ("Show", at + DAY + 4 * HOUR),
        ("Rehearsal hour", at + 2 * DAY),
    ]


async def test_a_turn_reads_the_same(team_of_repeats: Team, pool: Pool) -> None:
    async def embed(_: str, _serving: Serving) -> HalfVector | None:
        return None

    artist = team_of_repeats.artist.id
    context = await PersonaReader(pool, embed, SystemClock()).read(artist, None, None)
    assert context.mood == ("calm", "Soft.")
    coming = await asyncio.to_thread(selectors.coming_schedule, artist=artist, limit=6)
    assert [(item.title, item.starts_at, item.ends_at) for item in context.schedule] == coming
    assert len(coming) == 6


@pytest.fixture
def team_of_repeats(team: Team) -> Team:
    """A mood that runs in one of its later times, and two entries of the schedule among single ones."""
    daily(team, Mood, now() + HOUR / 2, days_ago=0, zone="America/New_York")
    team.read(lambda: Mood.objects.all().delete())
    begun = daily(team, Mood, now() + HOUR, days_ago=0)
    earlier = now() - 4 * DAY - HOUR / 2
    team.read(lambda: Mood.objects.filter(pk=begun.pk).update(starts_at=earlier, ends_at=earlier + HOUR))
    daily(team, ScheduleEntry, now() + 5 * HOUR, days_ago=2, zone="Asia/Tokyo")
    return team
