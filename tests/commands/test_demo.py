"""`manage.py demo`: a persona who answers, logins for all; repeated without undoing what the team has changed."""

import json
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from moderation.models import Rule
from personas import selectors, services
from personas.corpus import services as corpus
from personas.models import Chunk, Document, Mood, ScheduleEntry
from tenancy import disclosures
from tenancy.access import describe
from tenancy.context import tenant
from tenancy.models import Artist, Fan, StaffRole, User
from tests.gate import put_live


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def seeded(_migrated_database: None) -> Any:
    return json.loads(demo("--json"))


@pytest.fixture
def aria(seeded: dict[str, Any]) -> Artist:
    return Artist.objects.get(slug="aria")


def counts(artist: Artist) -> dict[str, int]:
    models = (Mood, ScheduleEntry, Document, Rule, Fan, StaffRole)
    with tenant(artist.id):
        return {model.__name__: model.objects.filter(artist_id=artist.id).count() for model in models}


def test_she_has_a_live_persona_a_mood_a_schedule_rules_and_a_corpus_in_recall(aria: Artist) -> None:
    live = selectors.live_version(artist=aria.id)
    assert live is not None
    assert len(live.sheet.greetings) >= 10
    assert live.sheet.boundaries
    assert selectors.current_mood(artist=aria.id) is not None
    assert selectors.coming_schedule(artist=aria.id, limit=3)
    assert counts(aria)["Rule"] >= 3
    with tenant(aria.id):
        assert Document.objects.filter(state="ready").count() >= 40
        assert Chunk.objects.count() >= 40
        assert not Chunk.objects.filter(embedding=None).exists()


def test_each_roles_login_opens_the_console(seeded: dict[str, Any]) -> None:
    assert [login["role"] for login in seeded["logins"]] == StaffRole.Role.values
    for login in seeded["logins"]:
        client = Client()
        client.post("/console/login/", {"username": login["email"], "password": login["password"]})
        page = client.get("/console/").content.decode()
        assert f"Console · {login['role']}" in page
        assert "Aria Vale" in page


def test_the_fan_has_joined_and_acknowledged_what_she_must(seeded: dict[str, Any], aria: Artist) -> None:
    user = User.objects.get(email=seeded["fan"]["email"])
    assert user.check_password(seeded["fan"]["password"])
    with tenant(aria.id):
        assert disclosures.due(describe(user), Fan.objects.get(user=user).id) == ()


def test_running_again_adds_nothing_and_tells_the_same_logins(seeded: dict[str, Any], aria: Artist) -> None:
    before = counts(aria)
    assert json.loads(demo("--json")) == seeded
    assert counts(aria) == before


def test_what_the_team_changed_stays_changed(aria: Artist) -> None:
    live = selectors.live_version(artist=aria.id)
    assert live is not None
    version = services.create_version(aria.id, live.sheet, "the team's", actor="command:test")
    put_live(aria.id, version.id)
    with tenant(aria.id):
        document = Document.objects.order_by("id")[0]
    corpus.remove_document(aria.id, document, actor="command:test")
    demo()
    after = selectors.live_version(artist=aria.id)
    assert after is not None
    assert after.id == version.id
    with tenant(aria.id):
        assert not Document.objects.filter(title=document.title).exists()


def test_production_wants_passwords_that_are_not_in_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRODUCTION", True)
    before = User.objects.count()
    with pytest.raises(CommandError, match="give --password"):
        demo()
    assert User.objects.count() == before
