"""Disclosures, joining, and what is closed before."""

from typing import Any

import pytest

from tenancy import disclosures, services
from tenancy.context import person, tenant
from tenancy.models import Acknowledgement, Artist, Fan, User
from tests.api.client import Api, problem, refusal
from tests.factories import ACTOR, FanLogin, make_artist, make_fan, make_user, token_for, years_ago


def stranger(**fields: object) -> FanLogin:
    """A log-in of somebody who has joined nobody; only its headers are used."""
    user = make_user(**fields)
    return FanLogin(user, Fan(), token_for(user), "")


def fans_of(user: User) -> int:
    with person(user.id):
        return Fan.objects.count()


def required(api: Api, artist: Artist, who: FanLogin) -> list[str]:
    items = api.get("/disclosures", who, artist=artist.slug).json()["items"]
    return [item["id"] for item in items if item["must_acknowledge"]]


def test_everyone_is_told_that_the_persona_is_an_ai_and_who_licensed_it(api: Api) -> None:
    artist = make_artist()
    items = api.get("/disclosures", artist=artist.slug, country="JP").json()["items"]
    about = next(item for item in items if item["kind"] == "ai_persona")
    assert about["must_acknowledge"] is True
    assert "AI" in about["title"]
    assert artist.name in about["text"]
    assert "Nine Records" in about["text"]


@pytest.mark.parametrize(
    ("country", "persona"),
    [("DE", "ai-persona.eu.v1"), ("us", "ai-persona.us.v1"), ("US-CA", "ai-persona.us.v1"), ("BR", "ai-persona.v1")],
)
def test_the_text_follows_the_law_of_the_place(api: Api, country: str, persona: str) -> None:
    items = api.get("/disclosures", artist=make_artist().slug, country=country).json()["items"]
    assert [item["id"] for item in items if item["kind"] == "ai_persona"] == [persona]


def test_minors_in_the_united_states_are_told_more_and_adults_are_not(api: Api) -> None:
    artist = make_artist()
    young, grown = stranger(country="US", birth_date=years_ago(17)), stranger(country="US", birth_date=years_ago(18))
    assert "suitability.us.v1" in required(api, artist, young)
    assert "suitability.us.v1" not in required(api, artist, grown)


def test_every_notice_names_its_law_and_has_an_id_of_its_own() -> None:
    known = disclosures.notices()
    assert len({notice.id for notice in known}) == len(known)
    assert all(notice.law for notice in known)


def test_without_a_log_in_the_country_is_needed(api: Api) -> None:
    assert refusal(api.get("/disclosures", artist=make_artist().slug)) == (422, "validation_error")


def test_joining_needs_what_must_be_acknowledged_and_says_what(api: Api) -> None:
    artist, who = make_artist(), stranger()
    answer = api.post(f"/artists/{artist.slug}/join", {"acknowledge": []}, who)
    assert refusal(answer) == (409, "acknowledgement_required")
    assert problem(answer)["required"] == required(api, artist, who)
    assert fans_of(who.user) == 0


def test_joining_is_answered_the_same_again_and_again_and_kept_once(api: Api) -> None:
    artist, who = make_artist(), stranger()
    ids = required(api, artist, who)
    bodies: list[dict[str, list[str]]] = [{"acknowledge": ids}, {"acknowledge": ids}, {"acknowledge": []}, {}]
    for body in bodies:
        answer = api.post(f"/artists/{artist.slug}/join", body, who)
        assert (answer.status_code, answer.json()) == (200, {"joined": True})
    assert fans_of(who.user) == 1
    with tenant(artist.id):
        assert sorted(Acknowledgement.objects.values_list("disclosure", flat=True)) == sorted(ids)
    assert api.get("/me", who).json()["joined"] == [artist.slug]


def test_an_id_that_is_not_shown_to_this_person_is_refused(api: Api) -> None:
    artist, who = make_artist(), stranger(country="DE")
    ids = [*required(api, artist, who), "suitability.us.v1"]
    assert refusal(api.post(f"/artists/{artist.slug}/join", {"acknowledge": ids}, who)) == (422, "validation_error")
    assert fans_of(who.user) == 0


def test_a_person_younger_than_the_artist_asks_is_underage(api: Api) -> None:
    artist, who = make_artist(minimum_age=18), stranger(birth_date=years_ago(17))
    ids = required(api, artist, who)
    assert refusal(api.post(f"/artists/{artist.slug}/join", {"acknowledge": ids}, who)) == (403, "underage")
    assert fans_of(who.user) == 0


@pytest.mark.parametrize("how", ["suspended", "killed"])
def test_nobody_joins_an_artist_who_is_off(api: Api, how: str) -> None:
    artist, who = make_artist(), stranger()
    ids = required(api, artist, who)
    if how == "suspended":
        with tenant(artist.id):
            Artist.objects.filter(id=artist.id).update(status=Artist.Status.SUSPENDED)
    else:
        services.set_switch(on=True, scope="artist", artist=artist.id, reason="test", actor=ACTOR)
    answer = api.post(f"/artists/{artist.slug}/join", {"acknowledge": ids}, who)
    assert refusal(answer) == (503, "paused")
    assert int(answer.headers["Retry-After"]) > 0
    assert fans_of(who.user) == 0


def test_moving_to_another_country_makes_its_disclosure_due_and_joining_again_settles_it(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    api.patch("/me", {"country": "US"}, fan)
    answer = api.post(f"/artists/{artist.slug}/join", {"acknowledge": []}, fan)
    assert problem(answer)["required"] == ["ai-persona.us.v1"]
    assert api.post(f"/artists/{artist.slug}/join", {"acknowledge": ["ai-persona.us.v1"]}, fan).status_code == 200


CLOSED_BEFORE_JOINING: list[tuple[str, str, Any]] = [
    ("GET", "/artists/{slug}/messages", None),
    ("GET", "/artists/{slug}/usage", None),
    ("GET", "/artists/{slug}/messages/01980000-0000-7000-8000-000000000000/why", None),
    ("POST", "/artists/{slug}/messages/01980000-0000-7000-8000-000000000000/report", {"reason": "other"}),
    ("POST", "/artists/{slug}/messages/01980000-0000-7000-8000-000000000000/feedback", {"value": "up"}),
    ("POST", "/artists/{slug}/sessions/end", None),
    ("POST", "/realtime/tickets", {"artist": "{slug}"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CLOSED_BEFORE_JOINING)
def test_what_belongs_to_fans_is_forbidden_before_joining_and_hidden_without_a_log_in(
    api: Api, method: str, path: str, body: Any
) -> None:
    artist = make_artist()
    path = path.format(slug=artist.slug)
    sent = {"artist": artist.slug} if body and "artist" in body else body
    for who, expected in ((None, (401, "unauthenticated")), (stranger(), (403, "forbidden"))):
        answer = api.get(path, who) if method == "GET" else api.post(path, sent, who)
        assert refusal(answer) == expected
