"""What is written about a persona, race and refusal included."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from companion.kernel.errors import ValidationFailed
from companion.kernel.models import OutboxEvent
from personas import selectors, services
from personas.contracts import PersonaSheet
from personas.models import CorpusPassage, Mood, Period, PersonaVersion, ScheduleEntry
from tenancy.context import tenant
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


def test_a_new_text_is_announced_and_out_of_recall_until_embedded(team: Team) -> None:
    passage = team.rows[CorpusPassage]
    assert isinstance(passage, CorpusPassage)
    services.set_embedding(team.artist.id, passage, [0.5] * 1024, "a model")
    changed = team.read(lambda: CorpusPassage.objects.get(pk=passage.pk))
    changed.text = "Another text."
    services.save_passage(team.artist.id, changed, actor=ACTOR)
    kept = team.read(lambda: CorpusPassage.objects.get(pk=passage.pk))
    assert (kept.embedding, kept.embedding_model) == (None, "")
    assert announced(team).count(str(passage.pk)) == 2


def test_a_passage_that_is_only_switched_off_is_not_embedded_again(team: Team) -> None:
    passage = team.rows[CorpusPassage]
    assert isinstance(passage, CorpusPassage)
    services.set_embedding(team.artist.id, passage, [0.5] * 1024, "a model")
    kept = team.read(lambda: CorpusPassage.objects.get(pk=passage.pk))
    kept.active = False
    services.save_passage(team.artist.id, kept, actor=ACTOR)
    assert team.read(lambda: CorpusPassage.objects.get(pk=passage.pk).embedding_model) == "a model"
    assert announced(team).count(str(passage.pk)) == 1


def test_a_vector_of_an_older_text_is_not_stored(team: Team) -> None:
    passage = team.read(CorpusPassage.objects.get)
    newer = team.read(CorpusPassage.objects.get)
    newer.text = "The newest text."
    services.save_passage(team.artist.id, newer, actor=ACTOR)
    assert not services.set_embedding(team.artist.id, passage, [0.5] * 1024, "a model")
    assert team.read(lambda: CorpusPassage.objects.get().embedding_model) == ""


def test_a_passage_that_never_was_is_not_found(team: Team) -> None:
    assert selectors.passage(uuid.uuid4(), artist=team.artist.id) is None
    assert selectors.written_version(uuid.uuid4(), artist=team.artist.id) is None


def announced(team: Team) -> list[str]:
    with tenant(team.artist.id):
        events = list(OutboxEvent.objects.filter(topic=services.CORPUS_CHANGED, artist_id=team.artist.id))
    return [event.payload["passage_id"] for event in events]
