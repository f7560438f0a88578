"""`manage.py load_fans`: many joined fans in seconds, each with a token that the product takes."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from allauth.headless.tokens.strategies.jwt.internal import validate_access_token
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from tenancy import services
from tenancy.context import tenant
from tenancy.models import Acknowledgement, Artist, Fan, User


@pytest.fixture
def artist() -> Artist:
    return services.create_artist(f"load-{uuid.uuid4().hex[:10]}", {"name": "Load"}, actor="command:test")


def load(artist: Artist, count: int) -> list[dict[str, str]]:
    out = StringIO()
    call_command("load_fans", "--artist", artist.slug, "--count", str(count), "--json", stdout=out)
    fans: list[dict[str, str]] = json.loads(out.getvalue())
    return fans


def test_two_thousand_fans_are_made_at_once(artist: Artist) -> None:
    fans = load(artist, 2000)
    assert len({fan["email"] for fan in fans}) == 2000
    with tenant(artist.id):
        assert Fan.objects.count() == 2000


def test_a_token_is_good_for_six_hours_and_names_its_fan(artist: Artist) -> None:
    fan = load(artist, 1)[0]
    left = datetime.fromisoformat(fan["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=5, minutes=59) < left <= timedelta(hours=6)
    validated = validate_access_token(fan["access_token"])
    assert validated is not None
    user, payload = validated
    assert user.email == fan["email"]
    assert payload["exp"] - payload["iat"] == 6 * 3600


def test_the_fans_are_grown_up_and_have_acknowledged_what_they_must(artist: Artist) -> None:
    fan = load(artist, 1)[0]
    user = User.objects.get(email=fan["email"])
    assert user.birth_date is not None
    assert user.birth_date.year < 2000
    assert not user.has_usable_password()
    with tenant(artist.id):
        assert Acknowledgement.objects.filter(fan__user=user).exists()


def test_production_refuses(artist: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRODUCTION", True)
    with pytest.raises(CommandError, match="production refuses"):
        load(artist, 1)
    with tenant(artist.id):
        assert Fan.objects.count() == 0


def test_an_unknown_artist_or_no_fans_at_all_are_refused_in_a_sentence(artist: Artist) -> None:
    before = User.objects.count()
    with pytest.raises(CommandError, match="at least 1"):
        load(artist, 0)
    with pytest.raises(CommandError, match="There is no artist with the slug nobody-here"):
        load(Artist(slug="nobody-here"), 1)
    assert User.objects.count() == before


def test_the_api_takes_the_token_and_knows_the_fan_as_joined(artist: Artist) -> None:
    fan = load(artist, 1)[0]
    answer = Client().get(
        f"/api/v1/artists/{artist.slug}/messages", headers={"Authorization": f"Bearer {fan['access_token']}"}
    )
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next_cursor": None})
