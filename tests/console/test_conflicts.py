"""Two people at one form: the later sees what the earlier saved, and neither loses a word."""

import threading
from typing import Any

import pytest
from django.contrib import admin
from django.db import connections
from django.test import Client
from django.urls import reverse

from personas.models import Document, Mood
from tenancy.console.admin import TenantModelAdmin
from tenancy.console.wording import compare
from tests.console.teams import Team, entries

OPENED = "console_opened"


def address(team: Team, model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[team.rows[model].pk])


def document(**fields: str) -> dict[str, str]:
    whole = {"kind": "fact", "title": "A title", "text": "A text.", "source": "", "licence_note": "", "active": "on"}
    return whole | {"language": "en", "minimum_tier": "0"} | fields


def marked(client: Client, where: str, **fields: str) -> dict[str, str]:
    return document(**fields) | {OPENED: client.get(where).context["adminform"].form.opened}


def stored(team: Team) -> Document:
    found: Document = team.read(Document.objects.get)
    return found


def test_the_later_of_two_sees_the_difference_and_keeps_her_words(team: Team) -> None:
    where = address(team, Document)
    first, second = team.client("editor"), team.client("owner")
    hers, later = marked(first, where, text="The text of the first."), marked(second, where, text="The second one's.")
    assert first.post(where, hers).status_code == 302
    before = len(entries(team))
    page = second.post(where, later)
    assert page.status_code == 200
    assert (stored(team).text, len(entries(team))) == ("The text of the first.", before)
    form, body = page.context["adminform"].form, page.content.decode()
    assert form["text"].value() == "The second one's."
    assert [field.name for field in form.conflict.fields] == ["text"]
    assert "<del>" in body
    assert "<ins>" in body
    assert team.members["editor"].email in form.conflict.who


def test_what_one_side_left_alone_is_proposed_as_the_others(team: Team) -> None:
    where = address(team, Document)
    first, second = team.client("editor"), team.client("owner")
    hers, later = marked(first, where, title="Her title"), marked(second, where, text="My text.")
    first.post(where, hers)
    sides = {f.name: f.side for f in second.post(where, later).context["adminform"].form.conflict.fields}
    assert sides == {"title": "theirs", "text": "mine"}


def test_the_choice_for_each_field_is_saved_against_what_was_seen(team: Team) -> None:
    where = address(team, Document)
    first, second = team.client("editor"), team.client("owner")
    hers, later = marked(first, where, title="Her title", text="Her text."), marked(second, where, text="My text.")
    first.post(where, hers)
    seen = second.post(where, later).context["adminform"].form.opened
    chosen = later | {OPENED: seen, "console_side_title": "theirs", "console_side_text": "mine"}
    assert second.post(where, chosen).status_code == 302
    assert (stored(team).title, stored(team).text) == ("Her title", "My text.")


def test_a_third_change_meanwhile_is_a_conflict_again(team: Team) -> None:
    where = address(team, Document)
    first, second = team.client("editor"), team.client("owner")
    later = marked(second, where, text="My text.")
    first.post(where, marked(first, where, text="Once."))
    seen = second.post(where, later).context["adminform"].form.opened
    first.post(where, marked(first, where, text="Twice."))
    page = second.post(where, later | {OPENED: seen})
    assert (page.status_code, stored(team).text) == (200, "Twice.")


def test_an_ordinary_mistake_does_not_make_the_page_forget_what_was_seen(team: Team) -> None:
    where = address(team, Document)
    first, second = team.client("editor"), team.client("owner")
    later = marked(second, where, title="")
    first.post(where, marked(first, where, text="Hers."))
    page = second.post(where, later | {"text": ""})
    assert page.context["adminform"].form.conflict is not None
    other = marked(second, where, title="")
    page = second.post(where, other)
    assert (page.context["adminform"].form.conflict, page.context["adminform"].form.opened) == (None, other[OPENED])
    assert stored(team).title == "A title"


def test_two_who_wrote_the_same_are_not_bothered(team: Team) -> None:
    where = address(team, Document)
    first, second = team.client("editor"), team.client("owner")
    later = marked(second, where, text="The same.")
    first.post(where, marked(first, where, text="The same."))
    assert second.post(where, later).status_code == 302


def test_a_time_without_its_fractions_is_no_difference(team: Team) -> None:
    where, client = address(team, Mood), team.client("editor")
    form = client.get(where).context["adminform"].form
    begins, ends = form.initial["starts_at"], form.initial["ends_at"]
    times = {"starts_at_0": f"{begins:%Y-%m-%d}", "starts_at_1": f"{begins:%H:%M:%S}"}
    times |= {"ends_at_0": f"{ends:%Y-%m-%d}", "ends_at_1": f"{ends:%H:%M:%S}"}
    answer = client.post(where, {"label": "cool", "line": "Hm.", OPENED: form.opened, **times})
    assert answer.status_code == 302
    assert team.read(lambda: Mood.objects.get().label) == "cool"


@pytest.mark.parametrize("broken", ["not json", "[]", "{}"])
def test_a_mark_that_nobody_drew_counts_as_out_of_date(team: Team, broken: str) -> None:
    where = address(team, Document)
    page = team.client("editor").post(where, document(text="Mine.") | {OPENED: broken})
    assert (page.status_code, stored(team).text) == (200, "A text.")


def test_of_two_who_save_at_once_one_waits_and_is_told(team: Team) -> None:
    where = address(team, Document)
    answers: dict[str, int] = {}
    clients = {role: team.client(role) for role in ("editor", "owner", "manager")}
    posts = {role: marked(client, where, text=f"By the {role}.") for role, client in clients.items()}
    gate = threading.Barrier(len(clients))

    def save(role: str) -> None:
        gate.wait()
        try:
            answers[role] = clients[role].post(where, posts[role]).status_code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=(role,)) for role in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200, 200, 302]
    winner = next(role for role, status in answers.items() if status == 302)
    assert stored(team).text == f"By the {winner}."


def test_every_form_that_changes_a_row_carries_the_mark(team: Team) -> None:
    client = team.client("owner")
    for model, page in admin.site._registry.items():
        if isinstance(page, TenantModelAdmin) and "change" in page.verbs:
            body = client.get(address(team, model)).content.decode()
            assert f'name="{OPENED}"' in body, model


def test_words_are_compared_as_people_read_them() -> None:
    found = compare("You ask one question back.\nTwo lines.", "You ask at most one question.\nTwo lines.")
    assert "".join(piece.text for piece in found.before) == "You ask one question back.\nTwo lines."
    assert "".join(piece.text for piece in found.after) == "You ask at most one question.\nTwo lines."
    assert [p.text.strip() for p in found.before if p.tag == "del"] == ["back"]
    assert [p.text.strip() for p in found.after if p.tag == "ins"] == ["at most"]
    assert (found.changes, compare("same", "same").changes) == (2, 0)
