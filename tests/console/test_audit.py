"""Every change made in the console stands in the audit chain, under the name of who made it."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.contrib.admin.models import LogEntry
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from companion.kernel import audit
from companion.kernel.models import AuditContent, AuditEntry
from moderation.models import Case, Rule
from personas.forms import texts_of
from personas.models import CorpusPassage, Mood, Persona, PersonaVersion, ScheduleEntry
from tenancy.context import tenant
from tenancy.models import Artist, Fan, KillSwitch, StaffRole
from tests.console.teams import PASSWORD, SHEET, Team, entries

HOURS = {"starts_at_0": "2030-01-01", "starts_at_1": "10:00", "ends_at_0": "2030-01-01", "ends_at_1": "12:00"}
MOOD = {"label": "bright", "line": "Sun.", **HOURS}
PASSAGE = {"kind": "fact", "title": "New", "text": "Something new.", "source": "", "active": "on"}
ARTIST = {"name": "New name", "pronoun": "she", "minimum_age": "16", "accent_hue": "10", "status": "active"}
MEMBER = {"email": "new.member@people.example", "role": "viewer", "first_password": PASSWORD}
RULE = {"phrase": "pear", "action": "block", "side": "both", "category": ""}
SWITCH = {"scope": "surface", "surface": "text", "on": "on", "reason": "a test"}
CHANGES: list[tuple[str, type[Any], dict[str, str], str, list[str]]] = [
    ("add", Mood, MOOD, "editor", ["mood.created"]),
    ("change", Mood, MOOD, "editor", ["mood.changed"]),
    ("delete", Mood, {"post": "yes"}, "editor", ["mood.deleted"]),
    ("add", ScheduleEntry, {"title": "Show", **HOURS}, "editor", ["scheduleentry.created"]),
    ("change", ScheduleEntry, {"title": "Show", **HOURS}, "editor", ["scheduleentry.changed"]),
    ("delete", ScheduleEntry, {"post": "yes"}, "editor", ["scheduleentry.deleted"]),
    ("add", CorpusPassage, PASSAGE, "editor", ["corpuspassage.created"]),
    ("change", CorpusPassage, PASSAGE, "editor", ["corpuspassage.changed"]),
    ("delete", CorpusPassage, {"post": "yes"}, "editor", ["corpuspassage.deleted"]),
    ("change", Persona, {"name": "Another name"}, "editor", ["persona.changed"]),
    ("add", PersonaVersion, {**texts_of(SHEET), "note": "n"}, "editor", ["personaversion.created"]),
    (
        "add",
        PersonaVersion,
        {**texts_of(SHEET), "publish": "on"},
        "editor",
        ["personaversion.created", "persona.published"],
    ),
    ("change", Artist, ARTIST, "manager", ["artist.changed"]),
    ("change", Fan, {"sanction": "muted", "reason": "rude"}, "manager", ["fan.changed"]),
    ("add", KillSwitch, SWITCH, "manager", ["killswitch.on"]),
    ("change", KillSwitch, {"on": "on", "reason": "again"}, "manager", ["killswitch.on"]),
    ("add", StaffRole, MEMBER, "owner", ["staffrole.created"]),
    ("add", Rule, RULE, "moderator", ["rule.created"]),
    ("retire", Rule, {}, "moderator", ["rule.retired"]),
    ("close", Case, {}, "moderator", ["case.closed"]),
]


def send(team: Team, role: str, page: str, model: type[Any], fields: dict[str, str]) -> Any:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    address = reverse(name, args=[] if page == "add" else [team.rows[model].pk])
    return team.client(role).post(address, fields)


@pytest.mark.parametrize(
    ("page", "model", "fields", "role", "actions"), CHANGES, ids=[f"{c[0]}-{c[4][-1]}" for c in CHANGES]
)
def test_a_change_leaves_its_entry(
    team: Team, page: str, model: type[Any], fields: dict[str, str], role: str, actions: list[str]
) -> None:
    before = len(entries(team))
    assert send(team, role, page, model, fields).status_code == 302
    new = entries(team)[before:]
    assert [entry.action for entry in new] == actions
    assert {entry.actor for entry in new} == {f"staff:{team.members[role].pk}"}
    assert audit.verify().broken is None
    assert LogEntry.objects.count() == 0


def test_an_entry_tells_what_was_before_and_after(team: Team) -> None:
    send(team, "editor", "change", Mood, MOOD)
    entry = entries(team)[-1]
    content = team.read(lambda: audit.content_of(entry.seq))
    assert (content["before"]["line"], content["after"]["line"]) == ("Hello.", "Sun.")
    page = team.client("viewer").get(reverse("admin:kernel_auditentry_change", args=[entry.seq])).content.decode()
    assert "Sun." in page


def test_a_form_that_is_refused_leaves_no_entry(team: Team) -> None:
    before = len(entries(team))
    backwards = {**MOOD, "ends_at_0": "2029-01-01"}
    assert send(team, "editor", "change", Mood, backwards).status_code == 200
    assert send(team, "viewer", "change", Mood, MOOD).status_code == 403
    assert len(entries(team)) == before
    assert team.read(lambda: Mood.objects.get().line) == "Hello."


def test_reading_writes_nothing(team: Team) -> None:
    before = len(entries(team))
    client = team.client("owner")
    for name in ("personas_personaversion", "tenancy_killswitch", "moderation_rule"):
        client.get(reverse(f"admin:{name}_changelist"))
    client.get(reverse("admin:moderation_rule_retire", args=[team.rows[Rule].pk]))
    client.get(reverse("admin:moderation_case_close", args=[team.rows[Case].pk]))
    assert len(entries(team)) == before
    assert team.read(lambda: (Rule.objects.get(artist=team.artist).retired_at, Case.objects.get().status)) == (
        None,
        "open",
    )


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: AuditEntry.objects.update(actor="nobody"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditContent.objects.all().delete(),
        lambda: AuditEntry.objects.create(seq=10**12),
    ],
    ids=["update", "delete", "delete content", "insert"],
)
def test_the_application_can_neither_change_nor_cut_the_chain(team: Team, attempt: Callable[[], object]) -> None:
    before = [(e.seq, bytes(e.hash)) for e in entries(team)]
    with pytest.raises(ProgrammingError), tenant(team.artist.id), transaction.atomic():
        attempt()
    connection.close()
    assert [(e.seq, bytes(e.hash)) for e in entries(team)] == before


def test_a_change_behind_the_products_back_is_found(team: Team, superuser_db: psycopg.Connection[Any]) -> None:
    entry = entries(team)[-1]
    superuser_db.execute("update kernel_auditentry set actor = 'nobody' where seq = %s", [entry.seq])
    try:
        assert audit.verify().broken == f"entry {entry.seq} does not fit the one before it"
    finally:
        superuser_db.execute("update kernel_auditentry set actor = %s where seq = %s", [entry.actor, entry.seq])
    assert audit.verify().broken is None
