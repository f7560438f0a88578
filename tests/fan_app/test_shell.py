"""The page of an artist as the server gives it: what is painted first, for whom, and what caches may do with it."""

import html
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tenancy import context
from tenancy.models import Artist
from tests.factories import make_artist, make_fan

PAINTED = re.compile(r'<div id="app" data-painted="(\w+)"')
SIGNED_IN = {"signed_in": "1"}


def get(path: str, cookies: dict[str, str] | None = None, **headers: str) -> Any:
    client = Client(headers=headers)
    client.cookies.load(cookies or {})
    return client.get(path)


def painted(answer: Any) -> str:
    found = PAINTED.search(answer.content.decode())
    assert found, answer.status_code
    return found[1]


def test_the_products_own_address_leads_to_the_artist_it_shows_first() -> None:
    answer = get("/")
    assert (answer.status_code, answer["Location"]) == (302, f"/a/{settings.DEFAULT_ARTIST}")


@pytest.mark.parametrize(
    ("route", "stranger", "fan"),
    [
        ("", "signup", "chat"),
        ("/login", "login", "login"),
        ("/forgot", "forgot", "forgot"),
        ("/artist", "signup", "artist"),
        ("/settings", "signup", "settings"),
    ],
)
def test_the_first_screen_is_in_the_html(artist: Artist, route: str, stranger: str, fan: str) -> None:
    path = f"/a/{artist.slug}{route}"
    assert painted(get(path)) == stranger
    assert painted(get(path, SIGNED_IN)) == fan
    assert painted(get(path, {"signed_in": "junk"})) == stranger


def test_the_welcome_can_be_read_and_filled_without_a_script(artist: Artist) -> None:
    first = get(f"/a/{artist.slug}").content.decode().split("<template")[0]
    for told in ("Talk with Wren Castell", "Nine Records", "AI persona", "You need to be 16 or over.", "I understand"):
        assert told in first
    for field in ("email", "password", "day", "month", "year"):
        assert f'name="{field}"' in first


def test_a_form_that_is_sent_before_its_script_is_there_sends_nothing(artist: Artist) -> None:
    """A browser would put the password into the address; a form of the method `dialog` outside of one does nothing."""
    for cookies in ({}, SIGNED_IN):
        page = get(f"/a/{artist.slug}", cookies).content.decode()
        assert {match for match in re.findall(r"<form[^>]*>", page) if 'method="dialog"' not in match} == set()


def test_the_chat_is_painted_with_the_artists_name(artist: Artist) -> None:
    first = get(f"/a/{artist.slug}", SIGNED_IN).content.decode().split("<template")[0]
    assert "Wren Castell" in first
    assert "<textarea" in first


def test_the_page_is_the_same_for_everybody(artist: Artist) -> None:
    fan = make_fan(artist)
    client = Client()
    client.force_login(fan.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    theirs = client.get(f"/a/{artist.slug}").content
    assert fan.user.email.encode() not in theirs
    assert theirs == get(f"/a/{artist.slug}").content


def test_a_cache_asks_each_time_and_gets_304_for_the_same_page(artist: Artist) -> None:
    path = f"/a/{artist.slug}"
    first = get(path, accept_encoding="gzip")
    assert first["Content-Encoding"] == "gzip"
    assert {"private", "no-cache"} == set(first["Cache-Control"].split(", "))
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(first["Vary"].split(", "))
    assert get(path, accept_encoding="gzip", if_none_match=first["ETag"]).status_code == 304
    changed = get(path, SIGNED_IN, accept_encoding="gzip", if_none_match=first["ETag"])
    assert changed.status_code == 200


def test_an_address_without_an_artist_is_a_calm_page(artist: Artist) -> None:
    for path in ("/a/nobody-here", "/a/nobody-here/login", "/a/not%20a%20slug"):
        answer = get(path)
        assert answer.status_code == 404
        assert "Nobody is here" in answer.content.decode()
        assert artist.name not in answer.content.decode()
    for file in ("theme.css", "icon.svg", "manifest.webmanifest"):
        assert get(f"/a/nobody-here/{file}").status_code == 404
    assert get(f"/a/{artist.slug}/elsewhere").status_code == 404


def test_a_paused_artist_is_said_to_be_paused_before_anybody_signs_up(artist: Artist) -> None:
    words = "What was said stays; new messages have to wait."
    assert words not in get(f"/a/{artist.slug}").content.decode()
    with context.tenant(artist.id):
        Artist.objects.filter(id=artist.id).update(status=Artist.Status.SUSPENDED)
    answer = get(f"/a/{artist.slug}")
    assert answer.status_code == 200
    assert words in answer.content.decode()


@pytest.mark.parametrize(("cookie", "attribute"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"')])
def test_a_chosen_theme_is_there_before_the_paint(artist: Artist, cookie: str, attribute: str) -> None:
    page = get(f"/a/{artist.slug}", {"theme": cookie}).content.decode()
    assert attribute in page.split(">")[1]
    bars = dict(re.findall(r'media="([^"]+)" data-of="(\w+)"', page))
    assert bars == {"all": cookie, "not all": "light" if cookie == "dark" else "dark"}


def test_without_a_choice_the_systems_theme_counts(artist: Artist) -> None:
    for cookies in ({}, {"theme": '"><script>'}):
        page = get(f"/a/{artist.slug}", cookies).content.decode()
        assert "data-theme" not in page.split("<head>")[0]
        assert "(prefers-color-scheme: dark)" in page


def test_what_must_be_told_follows_the_country_of_the_browsers_language(artist: Artist) -> None:
    def told(language: str) -> tuple[str, set[str]]:
        first = get(f"/a/{artist.slug}", accept_language=language).content.decode().split("<template")[0]
        country = re.search(r'data-country="(\w*)"', first)
        assert country
        return country[1], set(re.findall(r'data-disclosure="([^"]+)"', first))

    assert told("en-US,en;q=0.5") == ("US", {"ai-persona.us.v1"})
    assert told("de-DE") == ("DE", {"ai-persona.eu.v1"})
    assert told("zh-Hant-TW")[0] == "TW"
    assert told("en") == ("", {"ai-persona.v1"})
    assert told("-")[0] == ""


def test_an_artists_words_are_text() -> None:
    hostile = make_artist(name='<img src=x onerror="alert(1)">', tagline="'\"><b>")
    page = get(f"/a/{hostile.slug}").content.decode()
    assert "<img src=x" not in page
    assert "'\"><b>" not in page
    facts = re.search(r'<meta name="companion-artist" content="([^"]+)">', page)
    assert facts
    assert hostile.name.replace('"', '\\"') in html.unescape(facts[1])


def test_the_page_carries_no_inline_script_or_style(artist: Artist) -> None:
    for cookies in ({}, SIGNED_IN):
        answer = get(f"/a/{artist.slug}", cookies)
        page = answer.content.decode()
        assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=\"|javascript:", page) == []
        assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        for source in ("default-src 'self'", "manifest-src 'self'", "worker-src 'self'", "object-src 'none'"):
            assert source in policy
        assert "camera=()" in answer["Permissions-Policy"]
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
