"""Where a person is logged in, and logging out everywhere."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

from companion.kernel.models import AuditNote
from tenancy.models import User, UserSession
from tenancy.sessions import SessionStore
from tests.accounts.client import Accounts
from tests.api.client import Api, refusal
from tests.factories import PASSWORD, log_in, make_artist, make_fan, make_staff, make_user, token_for

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
TABLET = (
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1"
)


@pytest.fixture(autouse=True)
def _no_throttle(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


def log_in_from(user: User, agent: str) -> str:
    accounts = Accounts(Client(headers={"User-Agent": agent}))
    token: str = accounts.log_in(user.email).json()["meta"]["access_token"]
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def sessions(token: str) -> dict[str, Any]:
    answer = Client().get("/api/v1/me/sessions", headers=bearer(token))
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def end(token: str) -> Any:
    return Client().delete("/api/v1/me/sessions", headers=bearer(token))


def test_a_person_sees_her_logins_with_device_and_times_and_the_one_that_asks() -> None:
    user = make_user()
    before = datetime.now(UTC) - timedelta(seconds=1)
    phone, tablet = log_in_from(user, PHONE), log_in_from(user, TABLET)
    body = sessions(phone)
    assert (body["count"], body["next_cursor"]) == (2, None)
    assert [(s["browser"], s["system"], s["current"]) for s in body["items"]] == [
        ("Safari", "iPad", False),
        ("Chrome", "Android", True),
    ]
    for session in body["items"]:
        assert set(session) == {"current", "created_at", "last_seen_at", "browser", "system"}
        assert before <= datetime.fromisoformat(session["created_at"]) <= datetime.now(UTC)
    assert [s["current"] for s in sessions(tablet)["items"]] == [True, False]


def test_a_device_that_does_not_say_is_without_name_and_its_header_is_kept_nowhere() -> None:
    user = make_user()
    agent = "Private/9.1 (somebody's own machine)"
    token = log_in_from(user, agent)
    [session] = sessions(token)["items"]
    assert (session["browser"], session["system"]) == ("", "")
    row = UserSession.objects.get(user=user)
    assert "Private" not in str(SessionStore().decode(row.session_data))


def test_renewing_access_is_being_seen_and_does_not_begin_the_login_anew() -> None:
    user = make_user()
    accounts = Accounts(Client(headers={"User-Agent": PHONE}))
    meta = accounts.log_in(user.email).json()["meta"]
    long_ago = datetime.now(UTC) - timedelta(days=3)
    UserSession.objects.filter(user=user).update(created_at=long_ago, last_seen_at=long_ago)
    renewed = Accounts().post("/tokens/refresh", {"refresh_token": meta["refresh_token"]}).json()["data"]
    [session] = sessions(renewed["access_token"])["items"]
    assert datetime.fromisoformat(session["created_at"]) - long_ago < timedelta(seconds=1)
    assert datetime.now(UTC) - datetime.fromisoformat(session["last_seen_at"]) < timedelta(minutes=1)
    assert (session["browser"], session["system"]) == ("Chrome", "Android")


def test_a_login_that_has_run_out_is_not_shown() -> None:
    user = make_user()
    token = token_for(user)
    gone = log_in(user)
    UserSession.objects.filter(session_key=gone.session_key).update(expire_date=datetime.now(UTC) - timedelta(days=1))
    assert sessions(token)["count"] == 1


def test_logging_out_everywhere_refuses_every_token_and_no_one_elses(api: Api) -> None:
    artist = make_artist()
    fan, other = make_fan(artist), make_fan(artist)
    elsewhere = log_in_from(fan.user, TABLET)
    assert end(elsewhere).json() == {"ended": 2}
    for token in (fan.access_token, elsewhere):
        assert Client().get("/api/v1/me", headers=bearer(token)).status_code == 401
    assert api.get("/me", other).status_code == 200
    assert not UserSession.objects.filter(user=fan.user).exists()
    [note] = AuditNote.objects.using("system").filter(object_id=str(fan.user.id), action="sessions.ended")
    assert (note.actor, note.subject, note.content) == (f"user:{fan.user.id}", fan.user.id, {"sessions": 2})


def test_a_refresh_token_of_an_ended_login_is_refused() -> None:
    user = make_user()
    meta = Accounts().log_in(user.email).json()["meta"]
    end(meta["access_token"])
    assert Accounts().post("/tokens/refresh", {"refresh_token": meta["refresh_token"]}).status_code == 400
    assert not UserSession.objects.filter(user=user).exists()


def test_a_login_of_the_console_is_one_of_hers_and_ends_with_the_others() -> None:
    user = make_staff(make_artist(), "owner")
    console = Client(headers={"User-Agent": TABLET})
    console.post(reverse("admin:login"), {"username": user.email, "password": PASSWORD})
    assert console.get("/console/").status_code == 200
    token = token_for(user)
    assert {(s["browser"], s["current"]) for s in sessions(token)["items"]} == {("Safari", False), ("", True)}
    assert end(token).json() == {"ended": 2}
    assert console.get("/console/").status_code == 302


def test_without_a_login_nothing_is_told_or_ended(api: Api) -> None:
    fan = make_fan(make_artist())
    assert refusal(api.get("/me/sessions")) == (401, "unauthenticated")
    assert refusal(api.send("DELETE", "/me/sessions", b"")) == (401, "unauthenticated")
    assert UserSession.objects.filter(user=fan.user).count() == 1


def test_a_session_that_the_release_before_wrote_is_named_when_it_is_next_saved(
    superuser_db: psycopg.Connection,
) -> None:
    """That release knows Django's columns alone."""
    fan = make_fan(make_artist())
    superuser_db.execute(
        "update django_session set user_id = null, browser = '', system = '' where session_key = %s", [fan.session_key]
    )
    superuser_db.commit()
    session = SessionStore(fan.session_key)
    session["seen"] = 1
    session.save()
    assert sessions(fan.access_token)["count"] == 1
