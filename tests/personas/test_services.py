"""What is written about a persona, race and refusal included."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from companion.kernel.errors import ValidationFailed
from personas import selectors, services
from personas.contracts import PersonaSheet
from personas.models import Mood, Period, PersonaVersion, ScheduleEntry
from tests.console.teams import ACTOR, SHEET, Team, make_team

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def team() -> Team:
    return make_team()


def test_versions_made_at_once_have_numbers_without_hole_or_double(team: Team) -> None:
    def make() -> None:
        services.create_version(team.artist.id, SHEET, "", actor=ACTOR)
        connections.close_all()

    threads = [threading.Thread(target=make) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert team.read(lambda: sorted(PersonaVersion.objects.values_list("number", flat=True))) == [1, 2, 3, 4, 5, 6]


def test_a_sheet_that_cannot_speak_becomes_no_version(team: Team) -> None:
    with pytest.raises(ValidationFailed, match="Say who the persona is"):
        services.create_version(team.artist.id, PersonaSheet(identity=""), "", actor=ACTOR)
    assert team.read(PersonaVersion.objects.count) == 1


@pytest.mark.parametrize(
    "period",
    [
        Mood(label="bright", line="x", starts_at=NOW, ends_at=NOW),
        ScheduleEntry(title="x", starts_at=NOW, ends_at=NOW - timedelta(hours=1)),
    ],
)
def test_a_period_ends_after_it_starts(team: Team, period: Period) -> None:
    with pytest.raises(ValidationFailed):
        services.save_period(team.artist.id, period, actor=ACTOR)
    assert team.read(type(period).objects.count) == 1


def test_the_mood_that_began_last_holds(team: Team) -> None:
    for label, began in (("long", 5), ("short", 1), ("over", 3)):
        ends = NOW + timedelta(hours=1) if label != "over" else NOW - timedelta(hours=2)
        mood = Mood(label=label, line=label, starts_at=NOW - timedelta(hours=began), ends_at=ends)
        services.save_period(team.artist.id, mood, actor=ACTOR)
    assert selectors.current_mood(artist=team.artist.id, at=NOW) == ("short", "short")
    assert selectors.current_mood(artist=team.artist.id, at=NOW + timedelta(hours=1)) is None


def test_the_schedule_comes_earliest_first_without_what_is_over(team: Team) -> None:
    for hours in (30, 10, -30):
        starts = NOW + timedelta(hours=hours)
        entry = ScheduleEntry(title=f"in {hours}", starts_at=starts, ends_at=starts + timedelta(hours=1))
        services.save_period(team.artist.id, entry, actor=ACTOR)
    coming = selectors.coming_schedule(artist=team.artist.id, limit=5, at=NOW)
    assert [title for title, _, _ in coming] == ["in 10", "in 30"]


def test_a_version_that_never_was_is_not_found(team: Team) -> None:
    assert selectors.written_version(uuid.uuid4(), artist=team.artist.id) is None
