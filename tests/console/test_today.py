"""The first page: real figures of the chosen span, only what the role can do, and a panel that fails stays alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError
from django.test import Client
from redis.exceptions import ConnectionError as RedisAway

from companion.console import today
from companion.kernel import presence
from companion.kernel.sync_redis import client as redis
from conversations.models import Turn
from moderation.models import Case
from personas import services as personas
from personas.models import Mood
from tenancy import services
from tests.console.spoken import Spoken, put
from tests.console.teams import ACTOR, SHEET, Team, append_audit
from tests.factories import make_artist, make_staff

Superuser = psycopg.Connection[Any]
NOW = datetime.now(UTC)


def page(client: Client, span: str = "24h") -> str:
    answer = client.get("/console/", {"span": span})
    assert answer.status_code == 200
    return answer.content.decode()


def cards(client: Client, span: str) -> dict[str, Any]:
    panels = client.get("/console/today/", {"span": span}).context["panels"]
    found = [*panels["turns"].value["cards"], *panels["fans"].value, *panels["cost"].value]
    return {card.key: card for card in found}


def test_the_figures_are_those_of_the_chosen_span(team: Team, superuser_db: Superuser, settings: Any) -> None:
    settings.LLM_PRICES = '{"currency": "EUR", "models": {"m": {"input": 1000000, "output": 0}}}'
    fan = team.rows[Turn].fan_id  # type: ignore[attr-defined]  # the team's turn
    said = [Spoken(NOW - timedelta(days=days), fan, first_token_ms=200, tokens=(100, 0)) for days in (2, 3)]
    put(superuser_db, team.artist.id, [*said, Spoken(NOW - timedelta(days=3), fan, "failed", "block")])
    day, week = (cards(team.client("owner"), span) for span in ("24h", "7d"))
    assert (day["turns"].value, week["turns"].value) == ("1", "4")  # the team's own turn has just ended
    assert (day["cost"].value, week["cost"].value) == ("0.00 EUR", "2.10 EUR")
    assert week["outcomes"].value == "25.00% failed"
    assert week["stopped"].value == "25.00%"
    assert 190 < int(week["first-token"].value.removesuffix(" ms")) < 210


def test_a_model_without_a_price_is_never_shown_as_free(team: Team, superuser_db: Superuser) -> None:
    put(superuser_db, team.artist.id, [Spoken(NOW - timedelta(hours=2), team.rows[Turn].fan_id)])  # type: ignore[attr-defined]  # as above
    cost = cards(team.client("owner"), "24h")["cost"]
    assert (cost.value, cost.detail) == ("no price set", "no price for m")


def test_a_new_artist_is_told_what_to_do_first() -> None:
    artist = make_artist()
    client = Client()
    client.force_login(make_staff(artist, "owner"))
    text = page(client)
    assert "Nobody has talked with" in text
    assert "/console/personas/persona/" in text


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("viewer", set()),
        ("moderator", {"Held reply"}),
        ("editor", {"is not live", "No mood from"}),
        ("manager", {"Held reply", "is not live", "No mood from"}),
    ],
)
def test_what_needs_a_person_is_what_this_role_can_do(team: Team, role: str, sees: set[str]) -> None:
    personas.create_version(team.artist.id, SHEET, "waits", actor=ACTOR)
    text = page(team.client(role))
    every = {"Held reply", "is not live", "No mood from"}
    assert {title for title in every if title in text} == sees
    assert ("Nothing waits for you." in text) == (not sees)


def test_the_most_pressing_case_comes_first_and_a_closed_one_not_at_all(team: Team, superuser_db: Superuser) -> None:
    held = team.rows[Case]
    row = (held.pk, team.artist.id)
    superuser_db.execute(
        "insert into moderation_case (id, artist_id, fan_id, turn_id, kind, status, note, created_at) "
        "select gen_random_uuid(), artist_id, fan_id, turn_id, k, s, '', now() from moderation_case, "
        "(values ('crisis', 'open'), ('report', 'closed')) as more(k, s) where id = %s and artist_id = %s",
        row,
    )
    needs = team.client("moderator").get("/console/").context["panels"]["needs"].value
    assert [need.title for need in needs] == ["Crisis", "Held reply"]


def test_no_mood_gap_is_told_where_moods_follow_each_other(team: Team) -> None:
    week = [(NOW - timedelta(hours=1), NOW + timedelta(days=4)), (NOW + timedelta(days=4), NOW + timedelta(days=9))]
    for begins, ends in week:
        personas.save_period(team.artist.id, Mood(label="l", line="x", starts_at=begins, ends_at=ends), actor=ACTOR)
    assert "No mood from" not in page(team.client("editor"))


@pytest.mark.parametrize(
    ("broken", "says", "stays"),
    [
        ("turn_figures", "Turns, first token, verdicts and outcomes", "Tokens"),
        ("cost_figures", "Tokens and cost", "Active fans"),
        ("needs", "What waits could not be read", "Active fans"),
    ],
)
def test_a_panel_that_fails_says_so_and_the_others_stay(
    team: Team, monkeypatch: pytest.MonkeyPatch, broken: str, says: str, stays: str
) -> None:
    def fails(*_: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(today, broken, fails)
    text = page(team.client("owner"))
    assert says in text
    assert stays in text


def test_without_redis_the_providers_say_that_they_are_unknown(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise RedisAway("away")

    monkeypatch.setattr(today, "client", away)
    text = page(team.client("owner"))
    assert "What the processes tell could not be read." in text
    assert "Active fans" in text


def test_a_providers_state_is_the_worst_of_all_live_processes(team: Team) -> None:
    name = f"llm:{team.artist.slug}"
    minute = presence.MINUTE.format(int(datetime.now(UTC).timestamp() // 60))
    redis().zadd(minute, {name: 2}, gt=True)
    redis().expire(minute, 60)
    rows = team.client("owner").get("/console/").context["panels"]["providers"].value
    mine = next(row for row in rows if row.name == team.artist.slug)
    assert mine.boxes[-1] == "open"
    assert mine.state == "unknown"  # no live process tells of it any more


def test_an_artist_sees_nothing_of_anothers_day(team: Team, other_team: Team, superuser_db: Superuser) -> None:
    fan = other_team.rows[Turn].fan_id  # type: ignore[attr-defined]  # the team's turn
    put(superuser_db, other_team.artist.id, [Spoken(NOW - timedelta(minutes=5), fan) for _ in range(9)])
    assert cards(team.client("owner"), "24h")["turns"].value == "1"
    assert cards(other_team.client("owner"), "24h")["turns"].value == "10"


def test_what_is_switched_off_stands_on_every_page_with_reason_and_person(team: Team) -> None:
    services.set_switch(
        on=True, scope="surface", artist=team.artist.id, surface="text", reason="wrong dates", actor=_staff(team)
    )
    append_audit()
    pages = (("viewer", "/console/"), ("owner", "/console/tenancy/artist/"), ("owner", "/console/artist/"))
    for role, address in pages:
        text = team.client(role).get(address).content.decode()
        assert "Text chat paused" in text
        assert "wrong dates" in text
        assert f"owner@{team.artist.slug}.example" in text


def _staff(team: Team) -> str:
    return f"staff:{team.members['owner'].pk}"
