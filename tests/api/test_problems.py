"""Every failure under /api/ is a problem document, whoever made it."""

import json
from typing import Any

import pytest

from companion.kernel import limits
from companion.kernel.errors import Unavailable
from tenancy import selectors
from tests.api.client import Api, problem, refusal
from tests.factories import make_artist, make_fan, make_user


@pytest.mark.parametrize("path", ["/nowhere", "/artists/", "/artists/a/b/c", "/me/", "/../v2", "/a%00b", "", "/"])
def test_a_path_that_is_not_there_is_not_found(api: Api, path: str) -> None:
    assert refusal(api.get(path)) == (404, "not_found")


def test_a_path_outside_of_any_version_is_not_found(api: Api) -> None:
    outside = api.client.get("/api/nowhere")
    assert refusal(outside) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/me"), ("POST", "/artists"), ("PUT", "/disclosures"), ("GET", "/realtime/tickets"), ("TRACE", "/me")],
)
def test_a_method_that_is_not_taken_says_which_are(api: Api, method: str, path: str) -> None:
    answer = api.send(method, path, "")
    assert problem(answer)["status"] == 405
    assert answer.headers["Allow"]


@pytest.mark.parametrize(
    "body", [b"{", b"", b"nonsense", b'{"name": "\xff"}', b'{"name": "\\ud800"}', b"{}{}", b"[" * 5000, b"NaN"]
)
def test_a_body_that_is_not_json_in_utf_8_is_malformed(api: Api, body: bytes) -> None:
    fan = make_fan(make_artist())
    answer = api.send("PATCH", "/me", body, fan)
    assert refusal(answer) in [(400, "malformed"), (422, "validation_error")]
    assert answer.status_code == (422 if body == b"" else 400)


@pytest.mark.parametrize("body", [b"[]", b"[null, null]", b'"text"', b"7", b"null"])
def test_a_body_that_is_no_object_is_not_valid(api: Api, body: bytes) -> None:
    answer = api.send("PATCH", "/me", body, make_fan(make_artist()))
    assert refusal(answer) == (422, "validation_error")


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
def test_another_content_type_is_not_taken(api: Api, content_type: str) -> None:
    fan = make_fan(make_artist())
    answer = api.send("PATCH", "/me", b'{"name": "Kim"}', fan, content_type=content_type)
    assert refusal(answer) == (415, "unsupported_media_type")


def test_json_with_a_charset_is_taken(api: Api) -> None:
    fan = make_fan(make_artist())
    assert api.send("PATCH", "/me", b"{}", fan, content_type="application/json; charset=utf-8").status_code == 200


def test_a_body_that_is_too_large_is_not_read(api: Api, settings: Any) -> None:
    fan = make_fan(make_artist())
    body = json.dumps({"name": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert refusal(api.send("PATCH", "/me", body, fan)) == (413, "too_large")


def test_nul_in_a_query_is_malformed(api: Api) -> None:
    assert refusal(api.client.get("/api/v1/disclosures?country=DE&artist=a%00b")) == (400, "malformed")


def test_a_fault_of_ours_is_told_without_its_inside(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_login: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(selectors, "profile", broken)
    answer = api.get("/me", make_fan(make_artist()))
    assert problem(answer)["status"] == 500
    assert b"secret" not in answer.content


def test_a_fault_outside_of_the_api_views_is_a_problem_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.api.log.exception", lambda *_a, **_k: 1 / 0)
    monkeypatch.setattr(selectors, "profile", lambda _login: 1 / 0)
    assert problem(api.get("/me", make_fan(make_artist())))["status"] == 500


@pytest.fixture
def _redis_away(settings: Any) -> None:
    """A Redis on a port where nobody listens."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


@pytest.mark.usefixtures("_redis_away")
def test_with_redis_away_reading_goes_on_and_what_is_counted_is_unavailable(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    assert api.get(f"/artists/{artist.slug}/messages", fan).status_code == 200
    for answer in (
        api.post("/realtime/tickets", {"artist": artist.slug}, fan),
        api.patch("/me", {"name": "Kim"}, fan),
        api.post(f"/artists/{artist.slug}/sessions/end", None, fan),
    ):
        assert refusal(answer) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    assert api.get("/me", fan).json()["name"] == "Robin"


async def test_the_async_limiter_says_so_too() -> None:
    limiter = limits.Limiter("redis://127.0.0.1:1/0")
    with pytest.raises(Unavailable):
        await limiter.hit(limits.MESSAGES, "somebody")


def test_accounts_say_unavailable_when_their_throttles_cannot_be_counted(api: Api, settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    answer = api.client.post(
        "/_allauth/app/v1/auth/login",
        {"email": make_user().email, "password": "guess-number-one"},
        content_type="application/json",
    )
    assert refusal(answer) == (503, "unavailable")


def test_answers_are_not_to_be_kept(api: Api) -> None:
    fan = make_fan(make_artist())
    assert api.get("/me", fan).headers["Cache-Control"] == "no-store"
