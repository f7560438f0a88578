"""The release gate as its page: each step by the role that may take it, refused to the others, and told in words."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.rehearsal.checking import check_release
from personas import services as personas
from personas.console import versions
from personas.models import CheckRun, Persona, PersonaRelease, PersonaVersion
from personas.release import runs, services
from personas.release.models import LOST_AFTER
from tests.console.teams import SHEET, Team, entries
from tests.gate import approved, checked, live_number, put_live

LIAR = "I'm a real person, I promise."


def draft_of(team: Team, role: str = "editor", **changes: Any) -> PersonaVersion:
    changes = changes or {"greetings": (*SHEET.greetings, "Hello once more, {name}.")}
    actor = f"staff:{team.members[role].pk}"
    return personas.create_version(team.artist.id, replace(SHEET, **changes), "a try", actor=actor)


def where(version: Any) -> str:
    return reverse("admin:personas_personaversion_compare", args=[version.pk])


def take(client: Client, version: Any, step: str, **fields: Any) -> str:
    """Posts a step as the page would and gives the page that follows."""
    page = client.get(where(version))
    gate = page.context["gate"]
    seen = page.context["live_number"] or "none"
    form = {"step": step, "seen": seen, "run": gate.run.pk if gate.run else ""} | fields
    return client.post(where(version), form, follow=True).content.decode()


def may(client: Client, version: Any) -> set[str]:
    return set(client.get(where(version)).context["gate"].may)


def check_now(team: Team, version: PersonaVersion) -> None:
    run = team.read(lambda: CheckRun.objects.get(version=version, state="queued"))
    assert check_release(team.artist.id, run.pk, scripts=())


def test_three_people_take_a_version_to_every_fan_and_back(team: Team) -> None:
    draft = draft_of(team)
    editor, manager, owner = (team.client(role) for role in ("editor", "manager", "owner"))
    assert "The checks of version 2 are on their way." in take(editor, draft, "checks")
    assert "Running since" in editor.get(where(draft), {"part": "gate"}).content.decode()
    check_now(team, draft)
    page = editor.get(where(draft)).content.decode()
    assert "two others have to approve it" in page
    assert "approve" not in may(editor, draft)
    assert "One more person has to" in take(manager, draft, "approve")
    assert "approve" not in may(manager, draft)
    assert "it may be tried out now" in take(owner, draft, "approve")
    assert "5 percent of the fans hear version 2" in take(manager, draft, "try", share="5")
    assert "25 percent" in take(owner, draft, "try", share="25")
    assert "on trial, 25 %" in editor.get(where(draft)).content.decode()
    assert "She speaks from version 2 now." in take(manager, draft, "live")
    assert live_number(team.artist.id) == 2
    assert may(owner, draft) == {"roll back"}
    first = team.rows[PersonaVersion]
    assert "Roll back to version 1…" in owner.get(where(draft)).content.decode()
    assert "She speaks from version 1 again." in take(owner, first, "back")
    assert live_number(team.artist.id) == 1
    assert "rolled back to version 1" in owner.get(where(draft)).content.decode()


def test_a_sabotage_is_stopped_with_its_evidence(team: Team) -> None:
    draft = draft_of(team, phrases=(*SHEET.phrases, LIAR))
    editor, manager = team.client("editor"), team.client("manager")
    take(editor, draft, "checks")
    check_now(team, draft)
    page = manager.get(where(draft))
    body = page.content.decode()
    assert [finding.key for finding in page.context["gate"].failed] == ["honesty"]
    assert "Honest about being an AI" in body
    assert "I&#x27;m a real person" in body
    assert may(manager, draft) == {"checks"}
    before = len(entries(team))
    assert "there is nothing to approve" in take(manager, draft, "approve")
    assert "two people have to approve it first" in take(manager, draft, "try", share="5")
    assert "two people have to approve it first" in take(manager, draft, "live")
    assert "only one that spoke can come back so" in take(manager, draft, "back")
    assert (live_number(team.artist.id), len(entries(team))) == (1, before)


def test_both_versions_answers_stand_side_by_side(team: Team) -> None:
    draft = draft_of(team, honesty=("I am an AI, and a cheerful one.",))
    take(team.client("editor"), draft, "checks")
    check_now(team, draft)
    page = team.client("viewer").get(where(draft))
    changed = {said.asked: said for said in page.context["gate"].changed}
    said = changed["Are you a real person?"]
    assert "cheerful" in "".join(piece.text for piece in said.words.after if piece.tag == "ins")
    assert page.context["gate"].unchanged > 0
    assert "Golden prompts" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("viewer", set()),
        ("moderator", set()),
        ("editor", {"checks", "reject"}),
        ("manager", {"checks", "reject", "try"}),
        ("owner", {"checks", "reject", "try"}),
    ],
)
def test_a_role_is_offered_its_steps_and_refused_the_others(team: Team, role: str, steps: set[str]) -> None:
    draft = draft_of(team, "manager")
    approved(team.artist.id, draft.pk)
    client = team.client(role)
    assert may(client, draft) == steps
    closed = {
        "viewer": {"checks", "approve", "reject", "try", "stop", "live", "back"},
        "moderator": {"checks", "approve", "reject", "try", "stop", "live", "back"},
        "editor": {"try", "stop", "live", "back"},
    }.get(role, set())
    before = len(entries(team))
    for step in (*closed, "no such step"):
        assert client.post(where(draft), {"step": step, "seen": "1", "share": "5"}).status_code == 403, step
    assert (live_number(team.artist.id), len(entries(team))) == (1, before)


def test_the_author_cannot_approve_whatever_she_posts(team: Team) -> None:
    draft = draft_of(team, "owner")
    checked(team.artist.id, draft.pk)
    owner = team.client("owner")
    before = len(entries(team))
    assert "The author of a version cannot approve it." in take(owner, draft, "approve")
    assert len(entries(team)) == before
    assert team.read(lambda: PersonaRelease.objects.get(version=draft).state) == "in_review"


def test_what_was_compared_with_another_live_version_is_not_released(team: Team) -> None:
    draft, other = draft_of(team), draft_of(team, farewells=("Bye.",))
    manager = team.client("manager")
    approved(team.artist.id, draft.pk)
    opened = manager.get(where(draft)).context["live_number"]
    put_live(team.artist.id, other.pk)
    before = len(entries(team))
    page = manager.post(where(draft), {"step": "try", "seen": opened, "share": "5"}, follow=True).content.decode()
    assert "Version 3 speaks since you compared: compare again." in page
    assert "another version speaks since: run them again" in page
    assert (live_number(team.artist.id), len(entries(team))) == (3, before)
    assert may(manager, draft) == {"checks", "reject"}


@pytest.mark.parametrize(
    "fields",
    [
        {"seen": ""},
        {"seen": "x"},
        {"seen": "9" * 30},
        {"share": ""},
        {"share": "-5"},
        {"share": "100"},
        {"share": "9" * 9},
    ],
)
def test_odd_values_change_nothing(team: Team, fields: dict[str, str]) -> None:
    draft = draft_of(team)
    approved(team.artist.id, draft.pk)
    before = len(entries(team))
    take(team.client("manager"), draft, "try", **({"share": "5"} | fields))
    assert team.read(lambda: Persona.objects.get().canary_share) == 0
    assert len(entries(team)) == before


def test_a_rejection_wants_a_reason_and_shows_it(team: Team) -> None:
    draft = draft_of(team)
    checked(team.artist.id, draft.pk)
    manager = team.client("manager")
    assert "Say why" in take(manager, draft, "reject", reason=" ")
    assert "Changes go into a new version" in take(manager, draft, "reject", reason="too <loud>")
    body = manager.get(where(draft)).content.decode()
    assert "too &lt;loud&gt;" in body
    assert may(manager, draft) == set()


def test_a_trial_is_stopped(team: Team) -> None:
    draft = draft_of(team)
    approved(team.artist.id, draft.pk)
    manager = team.client("manager")
    take(manager, draft, "try", share="10")
    assert may(manager, draft) == {"try", "stop", "live"}
    assert "The trial is over" in take(manager, draft, "stop")
    assert team.read(lambda: Persona.objects.get().canary_share) == 0


def test_checks_that_could_not_be_made_say_so(team: Team) -> None:
    draft = draft_of(team)
    run = services.request_checks(team.artist.id, draft.pk, actor="staff:x")
    epoch = runs.begin(team.artist.id, run.pk)
    assert epoch is not None
    runs.give_up(team.artist.id, run.pk, epoch, "No model answered.")
    body = team.client("editor").get(where(draft)).content.decode()
    assert "Checks could not be made" in body
    assert "No model answered." in body
    assert "checks" in may(team.client("editor"), draft)


def test_checks_whose_worker_was_lost_can_be_asked_for_again(team: Team) -> None:
    draft = draft_of(team)
    lost = services.request_checks(team.artist.id, draft.pk, actor=draft.created_by)
    assert runs.begin(team.artist.id, lost.pk) is not None
    editor = team.client("editor")
    assert "checks" not in may(editor, draft)
    assert team.read(versions.states).of(draft) == "checking"
    gone = timezone.now() - LOST_AFTER
    team.read(lambda: CheckRun.objects.filter(pk=lost.pk).update(lease_until=gone))
    assert team.read(versions.states).of(draft) == "draft"
    assert "The worker was lost" in editor.get(where(draft)).content.decode()
    assert "checks" in may(editor, draft)
    take(editor, draft, "checks")
    states = team.read(lambda: list(CheckRun.objects.filter(version=draft).values_list("state", flat=True)))
    assert states == ["queued", "broken"]
