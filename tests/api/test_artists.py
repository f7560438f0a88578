"""Artists as anyone sees them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from personas.models import Mood, ScheduleEntry
from tenancy import services
from tenancy.context import tenant
from tenancy.models import EVALUATION, Artist
from tests.api.client import Api, refusal
from tests.factories import ACTOR, make_artist, make_fan

HOUR = timedelta(hours=1)


def test_an_artist_is_described_to_anyone(api: Api) -> None:
    artist = make_artist(tagline="Songs for rain", accent_hue=210, minimum_age=16)
    body = api.get(f"/artists/{artist.slug}").json()
    assert body == {
        "slug": artist.slug,
        "name": artist.name,
        "tagline": "Songs for rain",
        "pronoun": "they",
        "ai_persona": True,
        "licensed_by": "Nine Records",
        "minimum_age": 16,
        "accent_hue": 210,
        "schedule": [],
        "surfaces": {"text": True, "voice": False, "calls": False},
        "providers": dict.fromkeys(("llm", "stt", "tts", "embeddings", "moderation"), "offline"),
        "joined": False,
    }


def test_the_mood_of_now_and_the_schedule_ahead_are_shown(api: Api) -> None:
    artist, now = make_artist(), datetime.now(UTC)
    with tenant(artist.id):
        Mood.objects.create(artist=artist, label="past", line="-", starts_at=now - 3 * HOUR, ends_at=now - HOUR)
        Mood.objects.create(artist=artist, label="dreamy", line="It rains.", starts_at=now - HOUR, ends_at=now + HOUR)
        ScheduleEntry.objects.create(artist=artist, title="Over", starts_at=now - 2 * HOUR, ends_at=now - HOUR)
        ScheduleEntry.objects.create(artist=artist, title="Studio", starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    body = api.get(f"/artists/{artist.slug}").json()
    assert body["mood"] == {"label": "dreamy", "line": "It rains."}
    assert [entry["title"] for entry in body["schedule"]] == ["Studio"]
    assert body["schedule"][0]["starts_at"].endswith("Z")


def test_joined_is_true_for_a_fan_of_this_artist_alone(api: Api) -> None:
    artist, other = make_artist(), make_artist()
    fan = make_fan(artist)
    assert api.get(f"/artists/{artist.slug}", fan).json()["joined"] is True
    assert api.get(f"/artists/{other.slug}", fan).json()["joined"] is False


def test_a_token_that_is_sent_has_to_be_good_even_where_none_is_needed(api: Api) -> None:
    artist = make_artist()
    answer = api.send("GET", f"/artists/{artist.slug}", "", Authorization="Bearer nonsense")
    assert refusal(answer) == (401, "unauthenticated")


@pytest.mark.parametrize("slug", ["nobody", "x" * 200, "a%00b", "%F0%9F%8E%A4", "..", "a b"])
def test_an_artist_who_is_not_there_is_not_found(api: Api, slug: str) -> None:
    assert refusal(api.get(f"/artists/{slug}")) == (404, "not_found")


def test_a_suspended_artist_is_still_described_with_nothing_open(api: Api) -> None:
    artist = make_artist()
    with tenant(artist.id):
        Artist.objects.filter(id=artist.id).update(status=Artist.Status.SUSPENDED)
    body = api.get(f"/artists/{artist.slug}").json()
    assert body["surfaces"] == {"text": False, "voice": False, "calls": False}


@pytest.mark.parametrize(
    ("scope", "surface", "text"), [("artist", "", False), ("surface", "text", False), ("surface", "voice", True)]
)
def test_a_kill_switch_closes_what_it_names(api: Api, scope: str, surface: str, text: bool) -> None:
    artist, other = make_artist(), make_artist()
    switch = {"scope": scope, "artist": artist.id, "surface": surface, "reason": "test", "actor": ACTOR}
    services.set_switch(on=True, **switch)  # type: ignore[arg-type]  # one mapping of keywords
    assert api.get(f"/artists/{artist.slug}").json()["surfaces"]["text"] is text
    assert api.get(f"/artists/{other.slug}").json()["surfaces"]["text"] is True
    services.set_switch(on=False, **switch)  # type: ignore[arg-type]  # the same
    assert api.get(f"/artists/{artist.slug}").json()["surfaces"]["text"] is True


def test_the_list_goes_from_new_to_old_in_pages_without_a_gap_or_a_double(api: Api) -> None:
    made = [make_artist().slug for _ in range(5)]
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while len(seen) < 5:
        page = api.get("/artists", **query).json()
        assert len(page["items"]) == 2
        seen += [item["slug"] for item in page["items"]]
        query["cursor"] = page["next_cursor"]
    assert seen[:5] == made[::-1]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"cursor": "page-2"}])
def test_a_page_that_cannot_be_is_refused_by_field(api: Api, query: dict[str, Any]) -> None:
    answer = api.get("/artists", **query)
    assert refusal(answer) == (422, "validation_error")
    assert [error["field"] for error in answer.json()["errors"]] == list(query)


def test_the_artist_of_an_evaluation_is_not_there(api: Api) -> None:
    """`manage.py eval_memory` may run beside the product."""
    scratch = make_artist()
    Artist.objects.using("system").filter(pk=scratch.pk).update(status=EVALUATION)
    fan = make_fan(make_artist())
    assert refusal(api.get(f"/artists/{scratch.slug}")) == (404, "not_found")
    assert refusal(api.post(f"/artists/{scratch.slug}/join", {"acknowledge": []}, fan)) == (404, "not_found")
    assert scratch.slug not in [item["slug"] for item in api.get("/artists?limit=100").json()["items"]]
