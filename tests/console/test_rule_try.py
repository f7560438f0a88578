"""The box beside a rule's editor: what the draft finds, what the rules in force do, and that nothing stays."""

import html
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from moderation import services
from moderation.console.trying import TEXT_LIMIT
from moderation.models import Case, Decision, Rule
from tests.console.teams import ACTOR, Team, entries

TRY = reverse("admin:moderation_rule_try")
DRAFT = {"phrase": "glass harbor", "action": "hold", "side": "output"}
DISGUISED = "Between us: G1ass\u200b Harb0r is done."


def tried(team: Team, text: str, role: str = "moderator", **fields: str) -> HttpResponse:
    sent = DRAFT | {"console_artist": str(team.artist.id), "text": text} | fields
    return team.client(role).post(TRY, sent)  # type: ignore[return-value]  # the client's own response, with a context


def context(response: HttpResponse, name: str) -> Any:
    return response.context[name]  # type: ignore[attr-defined]  # put there by the test client


def body(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def written(team: Team) -> tuple[int, ...]:
    counts = (team.read(model.objects.count) for model in (Rule, Decision, Case))
    return (*counts, len(entries(team)))


def test_a_disguised_spelling_is_marked_where_it_stands_and_nothing_is_written(team: Team) -> None:
    before = written(team)
    response = tried(team, DISGUISED)
    assert response.status_code == 200
    assert "<mark>G1ass\u200b Harb0r</mark> is done." in body(response)
    assert "1 match: hold" in body(response)
    assert "in what the persona says" in body(response)
    assert context(response, "read_as") == "between us g1ass harb0r is done"
    assert written(team) == before


def test_the_draft_is_told_apart_from_the_rules_in_force(team: Team) -> None:
    response = tried(team, "A plum for you")
    assert context(response, "draft").hits == 0
    for side in context(response, "live"):
        assert [(rule.phrase, rule.action, rule.reach) for rule in side.rules] == [("plum", "block", "this artist")]
    response = tried(team, DISGUISED)
    assert context(response, "draft").hits == 1
    assert [side.verdict.allowed for side in context(response, "live")] == [True, True]


def test_a_rule_counts_in_its_own_direction_and_the_crisis_floor_is_named(team: Team) -> None:
    services.add_rule(team.artist.id, "quince", "deflect", side="input", actor=ACTOR)
    heard, said = context(tried(team, "quince"), "live")
    assert (heard.verdict.action, said.verdict.action) == ("deflect", "allow")
    heard, said = context(tried(team, "I want to kill myself"), "live")
    assert heard.verdict.action == "crisis"
    assert {rule.reach for rule in heard.rules} == {"built in"}
    assert said.verdict.allowed


def test_every_artists_rules_are_named_as_such(team: Team) -> None:
    rule = services.add_rule(None, f"medlar {team.artist.slug}", "hold", actor=ACTOR)
    try:
        heard, _ = context(tried(team, rule.phrase), "live")
    finally:
        services.retire_rule(rule, actor=ACTOR)
    assert [(found.phrase, found.reach) for found in heard.rules] == [(rule.phrase, "every artist")]


def test_a_reply_that_comes_token_by_token_gets_the_same_verdict_and_shows_only_what_is_before(team: Team) -> None:
    response = tried(team, "I ate a p l u m today")
    streamed = context(response, "streamed")
    assert (streamed.action, streamed.same) == ("block", True)
    assert "I ate a ".startswith(streamed.shown)
    assert "Same verdict" in body(response)
    free = context(tried(team, "I ate a pear"), "streamed")
    assert (free.action, free.shown, free.same) == ("allow", "I ate a pear", True)


def test_a_reply_ends_with_its_first_match_and_says_where_that_differs(team: Team) -> None:
    services.add_rule(team.artist.id, "quince", "deflect", actor=ACTOR)
    response = tried(team, "quince, then much later a plum")
    streamed = context(response, "streamed")
    assert (streamed.action, streamed.same) == ("deflect", False)
    assert "the first match ends the reply" in body(response)


def test_no_match_says_so_and_an_empty_text_asks_for_one(team: Team) -> None:
    response = tried(team, "Hello")
    assert "Nothing matches" in body(response)
    assert "<mark>" not in body(response)
    assert "Type a text" in body(tried(team, "  "))


def test_what_is_typed_is_shown_as_text(team: Team) -> None:
    response = tried(team, "<script>glass harbor</script>")
    assert b"<script>" not in response.content
    assert b"&lt;script&gt;" in response.content


def test_a_draft_without_an_action_is_tried_all_the_same(team: Team) -> None:
    assert "1 match: no action chosen yet" in body(tried(team, DISGUISED, action=""))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"phrase": ""}, "at least one letter or digit"),
        ({"phrase": "a*b"}, "only at the end"),
        ({"action": "crisis"}, "action is one of"),
        ({"side": "inside"}, "side is one of"),
        ({"text": "x" * (TEXT_LIMIT + 1)}, "at most 4,000 characters"),
        ({"console_artist": ""}, "Another artist was chosen"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_the_box(team: Team, fields: dict[str, str], says: str) -> None:
    before = written(team)
    response = tried(team, **{"text": DISGUISED} | fields)
    assert response.status_code == 422
    assert says in body(response)
    assert written(team) == before


def test_the_longest_text_is_tried(team: Team) -> None:
    assert tried(team, "x" * TEXT_LIMIT).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_may_not_moderate_may_not_try(team: Team, role: str) -> None:
    before = written(team)
    assert tried(team, DISGUISED, role=role).status_code == 403
    assert written(team) == before


def test_only_a_post_with_its_token_is_answered(team: Team) -> None:
    assert team.client("moderator").get(TRY).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(team.members["moderator"])
    assert strict.post(TRY, DRAFT | {"console_artist": str(team.artist.id), "text": "plum"}).status_code == 403


def test_another_artists_rules_are_not_asked(team: Team, other_team: Team) -> None:
    services.add_rule(other_team.artist.id, "persimmon", "block", actor=ACTOR)
    response = tried(team, "persimmon")
    assert [side.rules for side in context(response, "live")] == [(), ()]
    assert context(response, "streamed").action == "allow"


def test_the_box_stands_beside_both_forms_and_the_list_is_in_words(team: Team) -> None:
    client = team.client("moderator")
    pages = (
        reverse("admin:moderation_rule_add"),
        reverse("admin:moderation_rule_change", args=[team.rows[Rule].pk]),
    )
    assert all(f'action="{TRY}"' in client.get(page).content.decode() for page in pages)
    assert 'name="phrase" value="plum"' in client.get(pages[1]).content.decode()
    listed = client.get(reverse("admin:moderation_rule_changelist")).content.decode()
    for words in ("plum", "both directions", "this artist"):
        assert words in listed
