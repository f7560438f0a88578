"""An id of another artist is answered as one that never was, byte for byte but for the id, and nothing is written."""

import uuid
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, resolve, reverse

from companion.kernel.models import AuditNote
from moderation.models import Case
from personas.models import PersonaVersion
from tenancy.console.steps import StepAdmin
from tenancy.models import Fan, KillSwitch
from tests.console.teams import Team, append_audit
from tests.isolation.console import MOVING

MODELS = list(admin.site._registry)
# Addresses with a parameter that names no object of an artist, and why.
NAMES_NO_OBJECT = {
    "app_list": "an app's label: its page lists what the role may open",
    None: "the old form of a row's address and unknown paths: both only lead elsewhere",
}


def addresses(model: type[models.Model], key: object) -> Iterator[str]:
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    for page in ("change", "delete", "history"):
        yield reverse(f"{base}_{page}", args=[key])
    registered = admin.site._registry[model]
    if isinstance(registered, StepAdmin):
        yield from (reverse(f"admin:{registered.step_url(step)}", args=[key]) for step in registered.steps)
    if model is Fan:
        yield reverse("admin:conversations_turn_fan", args=[key])
    if model is Case:
        yield reverse("admin:moderation_case_review", args=[key])
    if model is PersonaVersion:
        yield reverse("admin:personas_personaversion_compare", args=[key])


def answer(client: Client, method: str, address: str, key: object) -> tuple[int, str, bytes]:
    """What the client sees, with the id and the changing parts taken out."""
    response: HttpResponse = getattr(client, method)(address, {"post": "yes"} if method == "post" else {})
    page = client.get(reverse("admin:index")).content if response.status_code == 302 else response.content
    still = MOVING.sub(b"", page)
    shown = b"\n".join(line for line in still.splitlines() if b"csrfmiddlewaretoken" not in line)
    return response.status_code, response.get("Location", ""), shown.replace(f"“{key}”".encode(), b"ID")


def names_with_a_parameter(patterns: list[URLPattern | URLResolver]) -> Iterator[str | None]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_with_a_parameter(pattern.url_patterns)
        elif pattern.pattern.converters or pattern.pattern.regex.groups:
            yield pattern.name


def test_every_address_that_names_an_object_is_walked_here() -> None:
    key = uuid.uuid4()
    walked = {resolve(address).url_name for model in MODELS for address in addresses(model, key)}
    assert set(names_with_a_parameter(admin.site.get_urls())) == walked | set(NAMES_NO_OBJECT)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_artists_row_looks_like_one_that_never_was(
    team: Team, other_team: Team, model: type[models.Model], method: str
) -> None:
    theirs = other_team.rows[model].pk
    never = theirs + 10**9 if isinstance(theirs, int) else uuid.uuid4()
    assert other_team.client("owner").get(next(addresses(model, theirs))).status_code == 200
    append_audit()
    client = team.client("owner")
    for foreign, unknown in zip(addresses(model, theirs), addresses(model, never), strict=True):
        assert answer(client, method, foreign, theirs) == answer(client, method, unknown, never), foreign
    assert AuditNote.objects.using("system").filter(artist_id=other_team.artist.id).count() == 0
    assert other_team.client("owner").get(next(addresses(model, theirs))).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_lists_hold_no_row_of_another_artist(team: Team, other_team: Team, model: type[models.Model]) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    page = team.client("owner").get(address).content.decode()
    # A row stands there by its address, which a short number alone is not.
    mine, theirs = (next(addresses(model, of.rows[model].pk)) for of in (team, other_team))
    if model is not KillSwitch:  # its page shows what can be off, and no row
        assert mine in page
    assert theirs not in page
    assert str(other_team.artist.id) not in page


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_without_a_login_every_page_leads_to_the_login(team: Team, model: type[models.Model]) -> None:
    for address in addresses(model, team.rows[model].pk):
        response = Client().get(address)
        assert (response.status_code, response["Location"]) == (302, f"{reverse('admin:login')}?next={address}")


def test_a_new_version_does_not_start_from_another_artists_sheet(team: Team, other_team: Team) -> None:
    address = reverse("admin:personas_personaversion_add")
    foreign = other_team.rows[PersonaVersion].pk
    client = team.client("editor")
    pages = [client.get(f"{address}?from={key}") for key in (foreign, uuid.uuid4())]
    assert [page.status_code for page in pages] == [200, 200]
    assert 'name="greetings"' in pages[0].content.decode()
    assert "Pull up a chair" not in pages[0].content.decode()
    mine = client.get(f"{address}?from={team.rows[PersonaVersion].pk}").content.decode()
    assert "Pull up a chair" in mine


def test_a_form_that_was_opened_for_another_artist_is_refused(team: Team, other_team: Team) -> None:
    client = team.client("editor")
    fields = {"label": "bright", "line": "Yes.", "console_artist": str(other_team.artist.id)}
    times = {"starts_at_0": "2030-01-01", "starts_at_1": "10:00", "ends_at_0": "2030-01-02", "ends_at_1": "10:00"}
    address = reverse("admin:personas_mood_add")
    assert client.post(address, fields | times)["Location"] == reverse("admin:index")
    mine = {"console_artist": str(team.artist.id)}
    timeline = reverse("admin:personas_mood_timeline")
    assert client.post(address, fields | times | mine)["Location"] == f"{timeline}?day=2030-01-01"
