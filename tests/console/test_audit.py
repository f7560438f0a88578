"""Every change made in the console stands in the audit chain, under the name of who made it."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.contrib.admin.models import LogEntry
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from companion.console import audit_export
from companion.kernel import audit, audit_check
from companion.kernel.models import AuditContent, AuditEntry
from memory import services as memory
from moderation.models import Case, Rule
from personas.forms import texts_of
from personas.models import Document, Mood, Period, Persona, PersonaVersion, ScheduleEntry
from tenancy.context import tenant
from tenancy.models import Artist, Fan, KillSwitch, StaffRole
from tests.console.teams import SHEET, Team, entries
from tests.factories import PASSWORD, make_fan

HOURS = {"starts_at_0": "2030-01-01", "starts_at_1": "10:00", "ends_at_0": "2030-01-01", "ends_at_1": "12:00"}
MOOD = {"label": "bright", "line": "Sun.", **HOURS}
DOCUMENT = {
    "kind": "fact",
    "title": "New",
    "text": "Something new.",
    "language": "en",
    "minimum_tier": "0",
    "active": "on",
}
ARTIST = {"name": "New name", "pronoun": "she", "minimum_age": "16", "accent_hue": "10", "status": "active"}
MEMBER = {"email": "new.member@people.example", "role": "viewer", "first_password": PASSWORD}
RULE = {"phrase": "pear", "action": "block", "side": "both", "category": ""}
SWITCH = {"scope": "surface", "surface": "text", "on": "on", "reason": "a test of it"}
CHANGES: list[tuple[str, type[Any], dict[str, str], str, list[str]]] = [
    ("add", Mood, MOOD, "editor", ["mood.created"]),
    ("change", Mood, MOOD, "editor", ["mood.changed"]),
    ("delete", Mood, {"post": "yes"}, "editor", ["mood.deleted"]),
    ("add", ScheduleEntry, {"title": "Show", **HOURS}, "editor", ["scheduleentry.created"]),
    ("change", ScheduleEntry, {"title": "Show", **HOURS}, "editor", ["scheduleentry.changed"]),
    ("delete", ScheduleEntry, {"post": "yes"}, "editor", ["scheduleentry.deleted"]),
    ("add", Document, DOCUMENT, "editor", ["document.created"]),
    ("change", Document, DOCUMENT, "editor", ["document.changed"]),
    ("delete", Document, {"post": "yes"}, "editor", ["document.deleted"]),
    ("change", Persona, {"name": "Another name"}, "editor", ["persona.changed"]),
    ("add", PersonaVersion, {**texts_of(SHEET), "note": "n"}, "editor", ["personaversion.created"]),
    ("change", Artist, ARTIST, "manager", ["artist.changed"]),
    ("change", Fan, {"sanction": "muted", "reason": "rude"}, "manager", ["fan.changed"]),
    ("set", KillSwitch, SWITCH, "manager", ["killswitch.on"]),
    ("add", StaffRole, MEMBER, "owner", ["staffrole.created"]),
    ("add", Rule, RULE, "moderator", ["rule.created"]),
    ("retire", Rule, {}, "moderator", ["rule.retired"]),
    ("review", Case, {"action": "claim"}, "moderator", ["case.claimed"]),
    ("review", Case, {"action": "decide", "outcome": "upheld"}, "moderator", ["case.decided"]),
    ("review", Case, {"action": "reveal"}, "moderator", ["conversation.opened", "case.claimed"]),
    ("review", Case, {"action": "sanction", "sanction": "ban", "reason": "rude"}, "manager", ["fan.changed"]),
]


def send(team: Team, role: str, page: str, model: type[Any], fields: dict[str, str]) -> Any:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    row = team.rows[model]
    address = reverse(name, args=[] if page in ("add", "set") else [row.pk])
    if page == "change" and isinstance(row, Period):  # the team's have begun: their start stays
        fields = fields | {"starts_at_0": f"{row.starts_at:%Y-%m-%d}", "starts_at_1": f"{row.starts_at:%H:%M:%S}"}
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
    assert audit_check.verify().broken is None
    assert LogEntry.objects.count() == 0


def test_an_entry_tells_what_was_before_and_after(team: Team) -> None:
    send(team, "editor", "change", Mood, MOOD)
    entry = entries(team)[-1]
    content = team.read(lambda: audit.contents_of([entry.seq]))[entry.seq]
    assert (content["before"]["line"], content["after"]["line"]) == ("Hello.", "Sun.")
    page = team.client("viewer").get(reverse("admin:kernel_auditentry_change", args=[entry.seq])).content.decode()
    assert "Sun." in page


def test_a_form_that_is_refused_leaves_no_entry(team: Team) -> None:
    before = len(entries(team))
    backwards = {**MOOD, "ends_at_0": "2020-01-01"}
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
    client.get(reverse("admin:moderation_case_queue"))
    client.get(reverse("admin:moderation_case_review", args=[team.rows[Case].pk]))
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
        assert audit_check.verify().broken == f"entry {entry.seq} does not fit the one before it"
    finally:
        superuser_db.execute("update kernel_auditentry set actor = %s where seq = %s", [entry.actor, entry.seq])
    assert audit_check.verify().broken is None


# -- the page --------------------------------------------------------------------------------------------------------

LOG = reverse("admin:kernel_auditentry_changelist")
EXPORT, VERIFY, CHAIN = (reverse(f"admin:kernel_auditentry_{name}") for name in ("export", "verify", "chain"))


def numbers(page: str) -> list[int]:
    """Of the entries that a list shows."""
    return [int(found) for found in re.findall(r"/kernel/auditentry/(\d+)/change/", page)]


def log(team: Team, role: str = "viewer", **query: str) -> str:
    return team.client(role).get(LOG, query).content.decode()


def exported(response: Any) -> str:
    async def read() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(read)().decode()


def export(team: Team, as_: str = "jsonl", **query: str) -> Any:
    where = EXPORT + (f"?{urlencode(query)}" if query else "")
    return team.client("owner").post(where, {"format": as_, "console_artist": str(team.artist.id)})


def test_what_a_fan_did_is_told_in_short_and_opens_to_the_whole(team: Team) -> None:
    fan = make_fan(team.artist).fan.id
    memory.set_settings(artist=team.artist.id, fan=fan, special_categories=None, paused=True, now=timezone.now())
    entries(team)
    page = log(team, kind="memory")
    assert page.count("Memory settings changed") == 1
    assert f"{fan.hex[-6:]}<br>" in page
    assert f"<code>fan:{fan}</code>" in page


def test_a_row_opens_to_what_was_before_and_after(team: Team) -> None:
    send(team, "editor", "change", Mood, MOOD)
    entries(team)
    page = log(team)
    assert "<del>Hello.</del>" in page
    assert "<ins>Sun.</ins>" in page
    assert f"{team.members['editor'].email}" in page


def test_the_log_is_searched_by_number_action_person_object_and_words(team: Team) -> None:
    send(team, "editor", "change", Mood, MOOD)
    entry = entries(team)[-1]
    for term in (str(entry.seq), "mood.changed", str(team.rows[Mood].pk), team.members["editor"].email, "sun."):
        assert numbers(log(team, q=term))[0] == entry.seq, term
    assert set(numbers(log(team, q="mood.changed"))) == {entry.seq}
    assert numbers(log(team, q="no such words anywhere")) == []
    assert "in the newest 2,000 entries" in log(team, q="no such words anywhere")
    assert "in the newest" not in log(team, q="mood.changed") + log(team)


@pytest.mark.parametrize("term", ["9" * 19, "9" * 5000, "@"])
def test_a_term_that_no_entry_has_finds_none(team: Team, term: str) -> None:
    assert numbers(log(team, q=term)) == []


def test_the_log_is_filtered_by_kind_person_and_time(team: Team) -> None:
    send(team, "editor", "change", Mood, MOOD)
    entry = entries(team)[-1]
    assert numbers(log(team, kind="mood"))[0] == entry.seq
    assert entry.seq not in numbers(log(team, kind="switch"))
    assert set(numbers(log(team, who=entry.actor))) == {entry.seq}
    tomorrow = (entry.at + timedelta(days=1)).date().isoformat()
    today = entry.at.date().isoformat()
    assert numbers(log(team, at_from_0=tomorrow)) == []
    assert entry.seq in numbers(log(team, at_from_0=today, at_to_0=today))
    assert numbers(log(team, at_from_0=today, at_from_1="00:00", at_to_0=today, at_to_1="00:00")) == []


def test_another_artists_entries_are_neither_found_nor_exported(team: Team, other_team: Team) -> None:
    send(other_team, "editor", "change", Mood, MOOD)
    theirs = entries(other_team)[-1]
    for query in ({"q": str(theirs.seq)}, {"q": "sun."}, {"q": str(other_team.rows[Mood].pk)}, {"who": theirs.actor}):
        assert theirs.seq not in numbers(log(team, "owner", **query))
    assert theirs.seq not in [json.loads(line)["no"] for line in exported(export(team)).splitlines()]


def test_the_list_takes_as_many_queries_for_many_entries_as_for_few(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    client = team.client("owner")
    personas_note(team, 0)
    entries(team)
    counted = []
    for _ in range(2):
        with django_assert_max_num_queries(80) as queries:
            client.get(LOG)
        counted.append(len(queries))
        for number in range(20):
            personas_note(team, number)
        entries(team)
    assert counted[0] == counted[1]


def personas_note(team: Team, number: int) -> None:
    with tenant(team.artist.id):
        audit.record(
            "mood.changed",
            actor=f"staff:{team.members['editor'].pk}",
            artist=team.artist.id,
            object_type="mood",
            object_id=number,
            content={"before": {"line": "a"}, "after": {"line": f"=line {number}"}},
        )


def test_an_owner_exports_what_the_filter_shows_and_that_is_noted(team: Team) -> None:
    for number in range(3):
        personas_note(team, number)
    entries(team)
    shown = set(numbers(log(team, kind="mood")))
    lines = [json.loads(line) for line in exported(export(team, kind="mood")).splitlines()]
    assert {line["no"] for line in lines} == shown
    assert lines[0]["content"]["after"] == {"line": "=line 2"}
    note = entries(team)[-1]
    assert (note.action, note.actor) == ("auditlog.exported", f"staff:{team.members['owner'].pk}")


def test_the_csv_has_a_head_and_no_formulas(team: Team) -> None:
    with tenant(team.artist.id):
        audit.record(
            "mood.changed",
            actor="command:test",
            artist=team.artist.id,
            object_type="mood",
            object_id="=1+1",
            content={"reason": "@SUM(A1)"},
        )
    entries(team)
    rows = list(csv.DictReader(io.StringIO(exported(export(team, "csv", q="mood.changed")))))
    assert (rows[0]["object_id"], rows[0]["reason"]) == ("'=1+1", "'@SUM(A1)")


def test_an_export_goes_on_past_its_first_piece(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_export, "PIECE", 3)
    for number in range(7):
        personas_note(team, number)
    every = [entry.seq for entry in entries(team)]
    lines = [json.loads(line)["no"] for line in exported(export(team)).splitlines()]
    assert lines[-len(every) :] == every[::-1]


@pytest.mark.parametrize("role", ["viewer", "moderator", "editor", "manager"])
def test_only_an_owner_exports(team: Team, role: str) -> None:
    before = len(entries(team))
    fields = {"format": "csv", "console_artist": str(team.artist.id)}
    assert team.client(role).post(EXPORT, fields).status_code == 403
    assert team.client("owner").get(EXPORT).status_code == 405
    assert EXPORT not in log(team, role)
    assert len(entries(team)) == before


# -- the check -------------------------------------------------------------------------------------------------------


def check_all() -> audit_check.Status:
    entries_left = 1
    while entries_left:
        entries_left = audit_check.step()
    return audit_check.status()


@pytest.fixture
def checked() -> Iterator[None]:
    """The check of the whole test database, left whole."""
    audit_check.restart()
    yield
    audit_check.restart()
    check_all()


@pytest.mark.usefixtures("checked")
def test_the_check_goes_piece_by_piece_and_then_on_with_what_is_new(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries(team)
    monkeypatch.setattr(audit_check, "PIECE", 2)
    assert audit_check.step() == 2
    status = audit_check.status()
    assert (status.position, status.running) == (2, True)
    assert "Verifying the chain" in log(team)
    monkeypatch.setattr(audit_check, "PIECE", 1000)
    whole = check_all()
    assert whole.position == whole.count > 2
    assert "The chain is whole." in log(team)
    send(team, "editor", "change", Mood, MOOD)
    count = len(entries(team))
    more = check_all()
    assert more.position > whole.position
    assert more.took_ms == whole.took_ms, "what is added later is no part of the walk"
    assert len(entries(team)) == count, "looking writes nothing"


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize(
    ("damage", "repair", "told"),
    [
        ("update kernel_auditentry set actor = 'nobody' where seq = %s", "actor", "does not fit the one before it"),
        ("update kernel_auditcontent set sealed = '\\x00' where seq = %s", "sealed", "its content was changed"),
    ],
)
def test_a_broken_chain_is_red_and_names_the_first_bad_number(
    team: Team, superuser_db: psycopg.Connection[Any], damage: str, repair: str, told: str
) -> None:
    entry = entries(team)[-2]
    table = "kernel_auditentry" if repair == "actor" else "kernel_auditcontent"
    was = superuser_db.execute(f"select {repair} from {table} where seq = %s", [entry.seq]).fetchone()
    assert was
    superuser_db.execute(damage, [entry.seq])
    try:
        status = check_all()
        page = log(team)
    finally:
        superuser_db.execute(f"update {table} set {repair} = %s where seq = %s", [was[0], entry.seq])
    assert status.broken_seq == entry.seq
    assert told in status.broken
    assert f"The chain is broken at no. {entry.seq}" in page.replace("&nbsp;", " ")


@pytest.mark.usefixtures("checked")
def test_who_controls_has_it_verified_anew(team: Team) -> None:
    entries(team)
    check_all()
    assert team.client("moderator").post(VERIFY).status_code == 403
    assert team.client("manager").get(VERIFY).status_code == 405
    assert audit_check.status().whole_at is not None
    assert team.client("manager").post(VERIFY).status_code == 302
    assert (audit_check.status().position, audit_check.status().whole_at) == (0, None)
    banner = team.client("viewer").get(CHAIN).content.decode()
    assert "hx-get" in banner
    assert "<html" not in banner
