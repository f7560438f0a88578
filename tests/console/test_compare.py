"""Versions side by side: what differs between any two, and how the list tells how far each has come."""

import re
from dataclasses import replace

from django.db.models import Model
from django.urls import reverse

from personas import services
from personas.contracts import FIELDS
from personas.models import PersonaVersion
from tests.console.teams import ACTOR, SHEET, Team
from tests.gate import FAILED, approved, checked, put_live

GREETING = "A brand new hello, {name}."


def add(team: Team, note: str = "", **changes: object) -> PersonaVersion:
    return services.create_version(team.artist.id, replace(SHEET, **changes), note, actor=ACTOR)  # type: ignore[arg-type]  # fields of the sheet


def where(version: Model) -> str:
    return reverse("admin:personas_personaversion_compare", args=[version.pk])


def test_a_draft_is_compared_word_by_word_with_the_live_version(team: Team) -> None:
    draft = add(team, "new hello", greetings=(*SHEET.greetings, GREETING))
    page = team.client("viewer").get(where(draft))
    found = page.context["difference"]
    assert [section.title for section in found.changed] == ["Greetings"]
    assert (found.before.state, found.after.state) == ("live", "draft")
    added = "".join(piece.text for piece in found.changed[0].words.after if piece.tag == "ins")
    assert added.strip() == GREETING
    body = page.content.decode()
    assert f"1 of {len(FIELDS) + 1} parts differ" in body
    assert re.search(r"<ins>\s*A brand new hello", body)


def test_a_pinned_model_is_a_difference(team: Team) -> None:
    draft = services.create_version(team.artist.id, SHEET, "", actor=ACTOR, model="lora-aria-7")
    body = team.client("viewer").get(where(draft)).content.decode()
    assert "lora-aria-7" in body


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


def test_the_list_tells_state_author_and_what_changed(team: Team) -> None:
    add(team, greetings=("Two.",), farewells=("Bye.",))
    body = team.client("editor").get(reverse("admin:personas_personaversion_changelist")).content.decode()
    assert "greetings, farewells" in body
    assert "the first version" in body
    assert "the command test" in body
    assert "draft" in body


def test_the_list_tells_how_far_each_version_has_come(team: Team) -> None:
    versions = [add(team, greetings=(f"{number}.",)) for number in range(5)]
    failed, reviewed, yes, other, _draft = (version.pk for version in versions)
    put_live(team.artist.id, other)
    checked(team.artist.id, failed, FAILED)
    checked(team.artist.id, reviewed)
    approved(team.artist.id, yes)
    page = team.client("viewer").get(reverse("admin:personas_personaversion_changelist"))
    told = {row.number: row.told_state for row in page.context["cl"].result_list}
    assert told == {1: "retired", 2: "checks failed", 3: "in review", 4: "approved", 5: "live", 6: "draft"}
