"""`manage.py create_artist`: another artist who answers, and an owner who can make her hers."""

import re
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from personas import selectors
from tenancy.models import Artist, User


def create(slug: str, *more: str) -> str:
    out = StringIO()
    call_command("create_artist", slug, "--name", "Second One", *more, stdout=out)
    return out.getvalue()


@pytest.fixture
def slug() -> str:
    return f"new-{uuid.uuid4().hex[:10]}"


def test_the_new_artist_has_a_live_persona_with_lines_and_a_mood(slug: str) -> None:
    assert f"({slug}) is there and answers." in create(slug)
    artist = Artist.objects.get(slug=slug)
    live = selectors.live_version(artist=artist.id)
    assert live is not None
    assert len(live.sheet.greetings) > 3
    assert live.sheet.identity.startswith("Second One speaks here")
    assert selectors.current_mood(artist=artist.id) is not None


def test_the_owner_gets_a_login_that_opens_the_console(slug: str) -> None:
    email = f"{slug}@people.example"
    password = re.search(r"first password: (\S+)", create(slug, "--owner", email))
    assert password is not None
    client = Client()
    client.post("/console/login/", {"username": email, "password": password[1]})
    assert client.get("/console/tenancy/staffrole/").status_code == 200


def test_an_owner_who_has_a_login_keeps_her_password(slug: str) -> None:
    user = User.objects.create_user(f"{slug}@people.example", "as-it-always-was-1")
    assert "password" not in create(slug, "--owner", user.email)
    user.refresh_from_db()
    assert user.check_password("as-it-always-was-1")


def test_a_slug_is_taken_once(slug: str) -> None:
    create(slug)
    with pytest.raises(CommandError, match=f"There is an artist with the slug {slug} already."):
        create(slug)
    assert Artist.objects.filter(slug=slug).count() == 1


@pytest.mark.parametrize(
    ("bad", "more", "sentence"),
    [("not a slug", (), "slug"), ("fine", ("--owner", "nobody"), "nobody is no e-mail address.")],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(bad: str, more: tuple[str, ...], sentence: str) -> None:
    name = bad if " " in bad else f"{bad}-{uuid.uuid4().hex[:8]}"
    with pytest.raises(CommandError, match=sentence):
        create(name, *more)
    assert not Artist.objects.filter(slug=name).exists()
