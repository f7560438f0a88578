"""The transaction of a console request: one artist's, whole or not at all, under the asynchronous server too."""

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from companion.kernel import audit
from personas.models import Mood
from tenancy.context import Unscoped
from tests.console.teams import Team, entries, make_team

ADD = "/console/personas/mood/add/"
TIMES = {"starts_at_0": "2030-01-01", "starts_at_1": "10:00", "ends_at_0": "2030-01-02", "ends_at_1": "10:00"}
FIELDS = {"label": "bright", "line": "Yes.", **TIMES}


async def test_pages_and_changes_work_through_the_asynchronous_server() -> None:
    team = await sync_to_async(make_team)()
    client = AsyncClient()
    await client.aforce_login(team.members["editor"])
    page = await client.get("/console/personas/mood/")
    assert (page.status_code, "Hello." in page.content.decode()) == (200, True)
    assert (await client.post(ADD, FIELDS)).status_code == 302
    assert await sync_to_async(team.read)(Mood.objects.count) == 2


def test_a_change_whose_entry_fails_is_not_kept(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(entries(team))

    def broken(*args: object, **fields: object) -> None:
        raise OSError("no note")

    monkeypatch.setattr(audit, "record", broken)
    client = Client(raise_request_exception=False)
    client.force_login(team.members["editor"])
    assert client.post(ADD, FIELDS).status_code == 500
    assert team.read(Mood.objects.count) == 1
    assert len(entries(team)) == before


def test_nothing_of_the_artist_is_in_scope_after_a_request(team: Team) -> None:
    team.client("editor").get("/console/personas/mood/")
    with pytest.raises(Unscoped):
        Mood.objects.count()
