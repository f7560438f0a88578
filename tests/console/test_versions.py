"""Her lines: versions are only added, the form is usable, publishing changes who speaks."""

import json
import uuid

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from personas import selectors
from personas.forms import texts_of
from personas.models import Persona, PersonaVersion
from tenancy.context import tenant
from tests.console.teams import SHEET, Team, entries
from tests.gate import put_live

ADD = "admin:personas_personaversion_add"


def publish_newest(team: Team) -> None:
    newest = team.read(PersonaVersion.objects.first)
    put_live(team.artist.id, newest.pk)


def test_a_line_that_is_edited_and_published_is_hers_from_then_on(team: Team) -> None:
    texts = texts_of(SHEET) | {"greetings": "A brand new hello, {name}.", "note": "new hello"}
    assert team.client("editor").post(reverse(ADD), texts).status_code == 302
    publish_newest(team)
    live = selectors.live_version(artist=team.artist.id)
    assert live is not None
    assert (live.number, live.sheet.greetings) == (2, ("A brand new hello, {name}.",))
    assert live.sheet.topics == SHEET.topics


def test_a_version_that_is_not_published_changes_nothing_yet(team: Team) -> None:
    fields = texts_of(SHEET) | {"greetings": "Another hello.", "publish": "on"}  # as the form once had it
    team.client("editor").post(reverse(ADD), fields)
    live = selectors.live_version(artist=team.artist.id)
    assert live is not None
    assert live.number == 1


def test_the_form_starts_from_the_live_lines_and_saves_them_unchanged(team: Team) -> None:
    client = team.client("editor")
    page = client.get(reverse(ADD))
    form = page.context["adminform"].form
    texts = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    assert client.post(reverse(ADD), texts).status_code == 302
    publish_newest(team)
    live = selectors.live_version(artist=team.artist.id)
    assert live is not None
    assert (live.number, live.sheet) == (2, SHEET)


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("fallbacks", "", "The fallbacks need at least one line."),
        ("greetings", " \n ", "The greetings need at least one line."),
        ("memory_recall", "You said something.", "has no {fact} in it."),
        ("topics", "music\n\nfilms\nI like films.", "“music” in the topics has no lines."),
        ("topics", "music\nOne.\n\nMusic\nTwo.", "“Music” stands twice in the topics."),
        ("moods", "warm\nOne.\n\nwarm\nTwo.", "Two blocks of the moods have the same name."),
    ],
)
def test_a_sheet_that_could_not_speak_is_refused_in_words(team: Team, field: str, text: str, sentence: str) -> None:
    before = len(entries(team))
    page = team.client("editor").post(reverse(ADD), texts_of(SHEET) | {field: text})
    assert page.status_code == 200
    assert any(sentence in message for message in page.context["adminform"].form.errors[field])
    assert team.read(PersonaVersion.objects.count) == 1
    assert len(entries(team)) == before


def test_a_versions_page_leads_to_the_one_place_where_it_is_released(team: Team) -> None:
    client = team.client("editor")
    client.post(reverse(ADD), texts_of(SHEET) | {"greetings": "Other."})
    newest = team.read(PersonaVersion.objects.first)
    page = reverse("admin:personas_personaversion_change", args=[newest.pk])
    compare = reverse("admin:personas_personaversion_compare", args=[newest.pk])
    assert f'<a href="{compare}">Compare and release</a>' in client.get(page).content.decode()
    assert f'<a href="{compare}">Compare</a>' in team.client("viewer").get(page).content.decode()
    assert client.post(page.replace("/change/", "/publish/")).status_code in {302, 404}
    assert team.read(lambda: Persona.objects.get().live_version_id) == team.rows[PersonaVersion].pk


def test_a_version_has_no_form_and_the_database_refuses_to_change_it(team: Team) -> None:
    version = team.rows[PersonaVersion]
    address = reverse("admin:personas_personaversion_change", args=[version.pk])
    client = team.client("owner")
    assert 'name="greetings"' not in client.get(address).content.decode()
    assert client.post(address, texts_of(SHEET) | {"greetings": "Hacked."}).status_code == 403
    with pytest.raises(ProgrammingError), tenant(team.artist.id), transaction.atomic():
        PersonaVersion.objects.filter(pk=version.pk).update(note="changed")
    connection.close()
    with pytest.raises(ProgrammingError), tenant(team.artist.id), transaction.atomic():
        connection.cursor().execute("delete from personas_personaversion where id = %s", [version.pk])
    connection.close()
    kept = team.read(lambda: PersonaVersion.objects.get(pk=version.pk))
    assert (kept.note, kept.sheet) == ("the first", json.loads(json.dumps(SHEET.to_json())))


def test_unknown_starting_points_give_an_empty_form(team: Team) -> None:
    page = team.client("editor").get(reverse(ADD) + f"?from={uuid.uuid4()}")
    assert page.context["adminform"].form.initial.get("greetings") is None
