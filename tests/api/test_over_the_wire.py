"""The same API over a real server: what only a socket can send, and what only ASGI can get wrong."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import aiohttp
import pytest

from tenancy.models import User
from tests.factories import PASSWORD, anywhere, make_artist, make_fan, unique, years_ago
from tests.web import WebProcess, api

ACCOUNTS = "/_allauth/app/v1"
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def web() -> Iterator[WebProcess]:
    process = WebProcess(COMPANION_RATE_LIMITS="off").start()
    yield process
    process.stop()


@pytest.fixture
async def anyone(web: WebProcess) -> AsyncIterator[aiohttp.ClientSession]:
    async with api(web, None) as session:
        yield session


@dataclass(frozen=True)
class Told:
    """An answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    cookies: SimpleCookie
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)

    def problem(self) -> dict[str, Any]:
        assert self.headers["Content-Type"] == "application/problem+json"
        body: dict[str, Any] = self.json()
        assert body["status"] == self.status
        return body


async def ask(session: aiohttp.ClientSession, method: str, path: str, **options: Any) -> Told:
    async with session.request(method, path, allow_redirects=False, **options) as answer:
        return Told(answer.status, answer.headers, answer.cookies, await answer.read())


@anywhere
def accounts_of(email: str) -> int:
    return User.objects.filter(email=email).count()


async def test_from_sign_up_to_log_out(anyone: aiohttp.ClientSession) -> None:
    artist = make_artist()
    form = {"email": f"{unique('new')}@fans.example", "password": PASSWORD, "birth_date": "1990-05-17", "country": "DE"}
    signed_up = await ask(anyone, "POST", f"{ACCOUNTS}/auth/signup", json=form)
    assert signed_up.status == 200
    headers = {"Authorization": f"Bearer {signed_up.json()['meta']['access_token']}"}
    acknowledged = {"acknowledge": ["ai-persona.eu.v1"]}
    joined = await ask(anyone, "POST", f"/api/v1/artists/{artist.slug}/join", json=acknowledged, headers=headers)
    assert (joined.status, joined.json()) == (200, {"joined": True})
    ticket = await ask(anyone, "POST", "/api/v1/realtime/tickets", json={"artist": artist.slug}, headers=headers)
    assert ticket.status == 201
    assert (await ask(anyone, "DELETE", f"{ACCOUNTS}/auth/session", headers=headers)).status == 401
    assert (await ask(anyone, "GET", "/api/v1/me", headers=headers)).status == 401


async def test_an_underage_sign_up_leaves_a_cookie_and_nothing_else(anyone: aiohttp.ClientSession) -> None:
    email = f"{unique('new')}@fans.example"
    form = {"email": email, "password": PASSWORD, "birth_date": years_ago(9).isoformat()}
    first = await ask(anyone, "POST", f"{ACCOUNTS}/auth/signup", json=form)
    mark = {"Cookie": f"age_mark={first.cookies['age_mark'].value}"}
    second = await ask(
        anyone, "POST", f"{ACCOUNTS}/auth/signup", json=form | {"birth_date": "1990-05-17"}, headers=mark
    )
    for answer in (first, second):
        assert (answer.status, answer.json()["errors"][0]["code"]) == (403, "underage")
    assert accounts_of(email) == 0


@pytest.mark.parametrize("path", [f"{ACCOUNTS}/auth/signup", f"{ACCOUNTS}/auth/login"])
async def test_a_body_of_accounts_that_cannot_be_read_is_refused(anyone: aiohttp.ClientSession, path: str) -> None:
    for body in (b"{", b"\xff", b"[]"):
        answer = await ask(anyone, "POST", path, data=body, headers={"Content-Type": "application/json"})
        assert answer.status == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/nowhere", 404),
        ("DELETE", "/api/v1/me", 405),
        ("GET", "/api/v1", 404),
    ],
)
async def test_what_the_framework_refuses_is_a_problem_here_too(
    anyone: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    assert (await ask(anyone, method, path)).problem()["status"] == status


@pytest.mark.parametrize("megabytes", [3, 64])
@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_large_is_refused_whether_or_not_it_says_so(
    web: WebProcess, declared: bool, megabytes: int
) -> None:
    fan = make_fan(make_artist())
    body = b'{"name": "' + b"x" * megabytes * MEGABYTE + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    sent = {"data": io.BytesIO(body) if declared else pieces(), "headers": {"Content-Type": "application/json"}}
    async with api(web, fan.access_token) as session:
        answer = await ask(session, "PATCH", "/api/v1/me", **sent)
        assert (answer.status, answer.problem()["code"]) == (413, "too_large")
        assert (await ask(session, "GET", "/api/v1/me")).json()["name"] == "Robin"


@pytest.mark.parametrize(("megabytes", "status"), [(21, 403), (33, 413)])
async def test_an_upload_of_the_console_comes_as_far_as_its_page_unless_it_is_far_too_large(
    web: WebProcess, megabytes: int, status: int
) -> None:
    """The page refuses this one for want of a token; what a page says of a file is in tests/console/test_corpus.py."""
    body = aiohttp.FormData({"file": io.BytesIO(b"x" * megabytes * MEGABYTE)})
    async with api(web, None) as session:
        answer = await ask(session, "POST", "/console/personas/document/upload/", data=body)
        assert answer.status == status


async def test_a_client_that_sends_everything_before_it_reads_finds_the_refusal(web: WebProcess) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
    writer.write(b"PATCH /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (64 * MEGABYTE))
    for _ in range(64):
        writer.write(b"x" * MEGABYTE)
        await writer.drain()
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    assert head.startswith(b"HTTP/1.1 413 ")
    assert json.loads(body)["code"] == "too_large"


async def test_a_client_that_goes_away_in_the_middle_of_its_body_harms_nobody(web: WebProcess) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", web.port)
    writer.write(b"PATCH /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    async with api(web, None) as session:
        assert (await ask(session, "GET", "/livez")).status == 200
