"""When an access token is good, and each way in which it stops being so."""

import time
from collections.abc import Callable

import jwt
import pytest
from allauth.headless.tokens.strategies.jwt.internal import create_token, session_key_to_sid
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from tenancy.accounts import authenticate
from tenancy.models import User
from tests.accounts.client import Accounts
from tests.factories import PASSWORD, log_in, make_user, token_for

NEW_PASSWORD = "another-horse-battery"


def login(accounts: Accounts, user: User) -> dict[str, str]:
    answer = accounts.log_in(user.email)
    assert answer.status_code == 200, answer.content
    meta: dict[str, str] = answer.json()["meta"]
    return meta


def test_a_log_in_answers_with_tokens_and_the_address_may_be_written_in_capitals(accounts: Accounts) -> None:
    user = make_user()
    answer = accounts.log_in(user.email.upper())
    assert answer.status_code == 200
    assert accounts.me(answer.json()["meta"]["access_token"]).json()["id"] == str(user.id)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(accounts: Accounts) -> None:
    known = accounts.log_in(make_user().email, "wrong-horse-battery")
    unknown = accounts.log_in("nobody@fans.example", "wrong-horse-battery")
    assert known.status_code == unknown.status_code == 400
    assert known.content == unknown.content


def test_logging_out_refuses_the_token_at_its_next_use(accounts: Accounts) -> None:
    token = login(accounts, make_user())["access_token"]
    assert accounts.me(token).status_code == 200
    assert accounts.delete("/auth/session", token).status_code == 401  # as allauth answers
    assert accounts.me(token).status_code == 401


def test_logging_out_leaves_another_login_of_the_same_person_alone(accounts: Accounts) -> None:
    user = make_user()
    first, second = login(accounts, user)["access_token"], login(accounts, user)["access_token"]
    accounts.delete("/auth/session", first)
    assert accounts.me(second).status_code == 200


def test_changing_the_password_refuses_every_token_made_with_the_old_one(accounts: Accounts) -> None:
    user = make_user()
    here, elsewhere = login(accounts, user)["access_token"], login(accounts, user)["access_token"]
    change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert accounts.post("/account/password/change", change, here).status_code == 401  # logged out here too
    assert [accounts.me(here).status_code, accounts.me(elsewhere).status_code] == [401, 401]
    assert accounts.log_in(user.email, NEW_PASSWORD).status_code == 200


def test_deactivation_refuses_tokens_logins_and_refreshing(accounts: Accounts) -> None:
    user = make_user()
    meta = login(accounts, user)
    User.objects.filter(id=user.id).update(is_active=False)
    assert accounts.me(meta["access_token"]).status_code == 401
    assert accounts.log_in(user.email).status_code != 200
    assert accounts.post("/tokens/refresh", {"refresh_token": meta["refresh_token"]}).status_code == 400


def test_a_refresh_token_rotates_and_the_rotated_one_is_refused(accounts: Accounts) -> None:
    meta = login(accounts, make_user())
    first = accounts.post("/tokens/refresh", {"refresh_token": meta["refresh_token"]})
    assert first.status_code == 200
    renewed = first.json()["data"]
    assert renewed["refresh_token"] != meta["refresh_token"]
    assert accounts.me(renewed["access_token"]).status_code == 200
    assert accounts.post("/tokens/refresh", {"refresh_token": meta["refresh_token"]}).status_code == 400
    assert accounts.post("/tokens/refresh", {"refresh_token": renewed["refresh_token"]}).status_code == 200


def test_a_refresh_whose_answer_was_lost_is_answered_again_to_who_made_it(accounts: Accounts) -> None:
    old = login(accounts, make_user())["refresh_token"]
    lost = accounts.refresh(old, "attempt-1").json()["data"]
    again = accounts.refresh(old, "attempt-1")
    assert again.status_code == 200
    renewed = again.json()["data"]
    assert accounts.me(renewed["access_token"]).status_code == 200
    assert accounts.refresh(lost["refresh_token"]).status_code == 400, "there is one good refresh token, not two"
    assert accounts.refresh(renewed["refresh_token"]).status_code == 200


def test_who_does_not_know_the_attempt_is_refused_with_a_rotated_token(accounts: Accounts) -> None:
    old = login(accounts, make_user())["refresh_token"]
    renewed = accounts.refresh(old, "attempt-1").json()["data"]
    for attempt in ("", "attempt-2", "a" * 101):
        assert accounts.refresh(old, attempt).status_code == 400
    assert accounts.refresh(renewed["refresh_token"]).status_code == 200, "and what was refused changed nothing"


def test_an_attempt_is_over_once_its_answer_was_used_or_five_minutes_have_passed(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = login(accounts, make_user())["refresh_token"]
    renewed = accounts.refresh(old, "attempt-1").json()["data"]
    assert accounts.refresh(renewed["refresh_token"]).status_code == 200
    assert accounts.refresh(old, "attempt-1").status_code == 400

    late = login(accounts, make_user())["refresh_token"]
    assert accounts.refresh(late, "attempt-1").status_code == 200
    monkeypatch.setattr("tenancy.refreshing.AGAIN_S", -1)
    other = login(accounts, make_user())["refresh_token"]
    assert accounts.refresh(other, "attempt-1").status_code == 200
    assert accounts.refresh(other, "attempt-1").status_code == 400
    assert accounts.refresh(late, "attempt-1").status_code == 200


def test_neither_a_log_out_nor_a_deactivation_is_undone_by_asking_again(accounts: Accounts) -> None:
    left, dismissed = make_user(), make_user()
    for user in (left, dismissed):
        meta = login(accounts, user)
        assert accounts.refresh(meta["refresh_token"], "attempt-1").status_code == 200
        if user is left:
            accounts.delete("/auth/session", meta["access_token"])
        else:
            User.objects.filter(id=user.id).update(is_active=False)
        assert accounts.refresh(meta["refresh_token"], "attempt-1").status_code == 400


def test_a_refresh_token_is_no_access_token_and_the_other_way_round(accounts: Accounts) -> None:
    meta = login(accounts, make_user())
    assert accounts.me(meta["refresh_token"]).status_code == 401
    assert accounts.post("/tokens/refresh", {"refresh_token": meta["access_token"]}).status_code == 400


def signed(**changes: object) -> Callable[[User], str]:
    """A token with our own signature, and claims that we would not have written."""

    def make(user: User) -> str:
        sid = session_key_to_sid(str(log_in(user).session_key))
        claims = {"sub": str(user.pk), "sid": sid, "jti": "1", "token_use": "access"}
        claims |= {"iat": int(time.time()), "exp": int(time.time()) + 60} | changes
        return jwt.encode(claims, settings.SECRET_KEY, algorithm="HS256")

    return make


@pytest.mark.parametrize(
    "make",
    [
        lambda _user: "nonsense",
        lambda _user: "a.b.c",
        lambda _user: "\x00",
        lambda user: token_for(user)[:-3] + "AAA",
        signed(exp=int(time.time()) - 1),
        signed(iat=int(time.time()) + 3600),
        signed(nbf=int(time.time()) + 3600),
        signed(sub="not-a-uuid"),
        signed(sid="%%%"),
        signed(sid=""),
        signed(sid=7),
        signed(token_use="other"),
        lambda user: jwt.encode({"sub": str(user.pk)}, "x" * 50, algorithm="HS256"),
        lambda user: jwt.encode({"sub": str(user.pk)}, "", algorithm="none"),
    ],
)
def test_a_token_that_is_not_ours_or_not_for_now_is_a_401_problem(
    accounts: Accounts, make: Callable[[User], str]
) -> None:
    answer = accounts.me(make(make_user()))
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "unauthenticated"


def test_a_token_of_one_person_with_the_session_of_another_is_refused(accounts: Accounts) -> None:
    sid = session_key_to_sid(str(log_in(make_user()).session_key))
    token, _ = create_token("access", sub=str(make_user().pk), sid=sid, expires_in=60)
    assert accounts.me(token).status_code == 401


def test_a_session_that_has_expired_takes_its_tokens_along(accounts: Accounts) -> None:
    user = make_user()
    token = token_for(user)
    Session.objects.filter(expire_date__isnull=False, pk=authenticated_session(token)).update(
        expire_date="2020-01-01T00:00Z"
    )
    assert accounts.me(token).status_code == 401


def authenticated_session(token: str) -> str:
    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    login = authenticate(request)
    assert login is not None
    return login.session_key


def test_the_scheme_is_bearer_and_nothing_else(accounts: Accounts) -> None:
    token = token_for(make_user())
    for header in (token, f"Token {token}", f"Basic {token}", "Bearer", ""):
        answer = accounts.client.get("/api/v1/me", headers={"Authorization": header})
        assert answer.status_code == 401, header
