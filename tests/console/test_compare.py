"""Versions side by side: what differs, what one role may do from there, and what happens when another was faster."""

import re
from dataclasses import replace

import pytest
from django.db.models import Model
from django.urls import reverse

from personas import selectors, services
from personas.contracts import FIELDS
from personas.models import PersonaVersion
from tests.console.teams import ACTOR, SHEET, Team, entries

GREETING = "A brand new hello, {name}."


def add(team: Team, note: str = "", **changes: object) -> PersonaVersion:
    return services.create_version(team.artist.id, replace(SHEET, **changes), note, actor=ACTOR)  # type: ignore[arg-type]  # fields of the sheet


def where(version: Model) -> str:
    return reverse("admin:personas_personaversion_compare", args=[version.pk])


def live(team: Team) -> int:
    found = selectors.live_version(artist=team.artist.id)
    assert found is not None
    return found.number


def test_a_draft_is_compared_word_by_word_with_the_live_version(team: Team) -> None:
    draft = add(team, "new hello", greetings=(*SHEET.greetings, GREETING))
    page = team.client("viewer").get(where(draft))
    found = page.context["difference"]
    assert [section.title for section in found.changed] == ["Greetings"]
    assert (found.before.state, found.after.state) == ("live", "draft")
    added = "".join(piece.text for piece in found.changed[0].words.after if piece.tag == "ins")
    assert added.strip() == GREETING
    body = page.content.decode()
    assert f"1 of {len(FIELDS)} parts differ" in body
    assert re.search(r"<ins>\s*A brand new hello", body)
    assert "Publish version 2" not in body


def test_any_two_versions_can_be_compared_and_an_unknown_one_is_the_live_one(team: Team) -> None:
    add(team, greetings=("Two.",))
    third = add(team, greetings=("Three.",))
    client = team.client("editor")
    assert client.get(where(third), {"against": 2}).context["difference"].before.version.number == 2
    for odd in ("999", "x", "9" * 40, "-1"):
        assert client.get(where(third), {"against": odd}).context["difference"].before.version.number == 1


def test_what_stands_in_the_lines_is_shown_as_text(team: Team) -> None:
    draft = add(team, greetings=("<script>alert(1)</script>",))
    body = team.client("editor").get(where(draft)).content.decode()
    assert "<script>alert" not in body
    assert "&lt;" in body


def test_publishing_and_going_back_are_one_dialog_each(team: Team) -> None:
    first, second = team.rows[PersonaVersion], add(team, greetings=("Two.",))
    client = team.client("editor")
    assert "Publish version 2?" in client.get(where(second)).content.decode()
    assert client.post(where(second), {"instead_of": "1"}).status_code == 302
    assert live(team) == 2
    entries(team)
    page = client.get(where(first))
    assert "Go back to version 1?" in page.content.decode()
    assert page.context["difference"].after.state == "retired"
    client.post(where(first), {"instead_of": "2"})
    assert live(team) == 1


def test_what_was_compared_with_another_live_version_is_not_published(team: Team) -> None:
    second, third = add(team, greetings=("Two.",)), add(team, greetings=("Three.",))
    client = team.client("editor")
    client.get(where(third))
    services.publish(team.artist.id, second.pk, actor=ACTOR)
    before = len(entries(team))
    page = client.post(where(third), {"instead_of": "1"}, follow=True)
    assert "compare again" in page.content.decode()
    assert (live(team), len(entries(team))) == (2, before)
    assert page.context["difference"].before.version.number == 2


@pytest.mark.parametrize("seen", [{}, {"instead_of": ""}, {"instead_of": "x"}])
def test_nothing_is_published_without_saying_what_it_was_compared_with(team: Team, seen: dict[str, str]) -> None:
    second = add(team, greetings=("Two.",))
    before = len(entries(team))
    page = team.client("editor").post(where(second), seen, follow=True)
    assert "compare with it first" in page.content.decode()
    assert (live(team), len(entries(team))) == (1, before)


@pytest.mark.parametrize("role", ["viewer", "moderator"])
def test_who_may_not_edit_may_compare_but_not_publish(team: Team, role: str) -> None:
    second = add(team, greetings=("Two.",))
    client = team.client(role)
    before = len(entries(team))
    assert client.get(where(second)).status_code == 200
    assert client.post(where(second), {"instead_of": "1"}).status_code == 403
    assert (live(team), len(entries(team))) == (1, before)


def test_the_list_tells_state_author_and_what_changed(team: Team) -> None:
    add(team, greetings=("Two.",), farewells=("Bye.",))
    body = team.client("editor").get(reverse("admin:personas_personaversion_changelist")).content.decode()
    assert "greetings, farewells" in body
    assert "the first version" in body
    assert "the command test" in body
    assert "draft" in body
