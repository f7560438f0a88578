"""Which language an answer speaks, and that it says so."""

import asyncio
from typing import Any

import pytest
from django.test import AsyncClient, Client
from django.urls import reverse

from tenancy import disclosures
from tests.factories import make_artist, make_fan, make_user

NOT_FOUND = {"en": "There is no such artist.", "es": "Ese artista no existe."}
ASKS = "/api/v1/artists/nobody-at-all"


@pytest.mark.parametrize(
    ("headers", "cookies", "language"),
    [
        ({}, {}, "en"),
        ({"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}, {}, "es"),
        ({"Accept-Language": "eu,en;q=0.5"}, {}, "en"),
        ({"Accept-Language": "en-GB"}, {"language": "es"}, "es"),
        ({"Accept-Language": "es"}, {"language": "en"}, "en"),
        ({"Accept-Language": "es"}, {"language": "../../etc"}, "es"),
    ],
)
def test_a_stranger_is_answered_as_the_cookie_says_then_as_the_browser_asks(
    headers: dict[str, str], cookies: dict[str, str], language: str
) -> None:
    client = Client(headers=headers)
    for name, value in cookies.items():
        client.cookies[name] = value
    answer = client.get(ASKS)
    assert answer.json()["detail"] == NOT_FOUND[language]
    assert answer["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}


@pytest.mark.parametrize(
    ("kept", "language"), [("es", "es"), ("es-MX", "es"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
def test_a_fan_is_answered_in_the_language_of_the_account(kept: str, language: str) -> None:
    headers = make_fan(make_artist(), user=make_user(language=kept)).headers
    answer = Client().get("/api/v1/artists/nobody-at-all/messages", headers=headers)
    assert answer.json()["detail"] == NOT_FOUND[language]


def test_the_account_comes_before_cookie_and_browser() -> None:
    headers = make_fan(make_artist(), user=make_user(language="es")).headers | {"Accept-Language": "en"}
    client = Client()
    client.cookies["language"] = "en"
    answer = client.get(ASKS, headers=headers)
    assert (answer.json()["detail"], answer["Content-Language"]) == (NOT_FOUND["es"], "es")


async def test_answers_of_one_moment_do_not_mix_their_languages() -> None:
    asked = ["es", "en"] * 6
    client = AsyncClient()

    async def ask(language: str) -> Any:
        return (await client.get(ASKS, headers={"Accept-Language": language})).json()["detail"]

    assert await asyncio.gather(*map(ask, asked)) == [NOT_FOUND[language] for language in asked]


def test_the_console_is_english_whatever_the_browser_asks() -> None:
    client = Client(headers={"Accept-Language": "es"})
    client.cookies["language"] = "es"
    answer = client.get(reverse("admin:login"))
    assert answer["Content-Language"] == "en"
    assert "Contraseña" not in answer.content.decode()


def test_what_the_account_forms_say_is_translated_too() -> None:
    wrong = {"email": "nobody@fans.example", "password": "not-her-password"}
    answer = Client(headers={"Accept-Language": "es"}).post(
        "/_allauth/app/v1/auth/login", wrong, content_type="application/json"
    )
    assert answer.status_code == 400
    assert "correo" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("country", ["DE", "US", "KR"])
def test_disclosures_come_in_the_language_asked_for_under_the_same_ids(country: str) -> None:
    artist = make_artist()
    path = f"/api/v1/disclosures?artist={artist.slug}&country={country}"
    english, spanish, french = (
        Client(headers={"Accept-Language": language}).get(path).json()["items"] for language in ("en", "es", "fr")
    )
    assert [item["id"] for item in spanish] == [item["id"] for item in english]
    assert all(ours["text"] != theirs["text"] for ours, theirs in zip(spanish, english, strict=True))
    assert all(artist.name in item["text"] for item in spanish if item["kind"] == "ai_persona")
    assert french == english


def test_a_translated_disclosure_names_what_its_source_names() -> None:
    for notice in disclosures.notices():
        for words in notice.translations.values():
            for placeholder in ("{artist}", "{licensed_by}"):
                assert (placeholder in words.text) == (placeholder in notice.words.text), notice.id
