"""Signing up: the form's fields, the platform's age, and what a refusal leaves behind."""

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from tenancy.models import User
from tests.accounts.client import Accounts
from tests.factories import make_user, unique, years_ago


def address() -> str:
    return f"{unique('new')}@fans.example"


def refused_so_far() -> float:
    return REGISTRY.get_sample_value("companion_underage_signups_total") or 0.0


def test_a_sign_up_answers_with_tokens_that_the_api_takes(accounts: Accounts) -> None:
    answer = accounts.sign_up(name="Kim", country="de", time_zone="Europe/Berlin")
    assert answer.status_code == 200, answer.content
    meta = answer.json()["meta"]
    assert meta["refresh_token"]
    me = accounts.me(meta["access_token"]).json()
    assert (me["name"], me["country"], me["time_zone"], me["joined"]) == ("Kim", "DE", "Europe/Berlin", [])


def test_only_e_mail_password_and_birth_date_are_needed(accounts: Accounts) -> None:
    assert accounts.sign_up().status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"birth_date": ""},
        {"birth_date": "17.05.1990"},
        {"birth_date": "1990-02-30"},
        {"birth_date": "2999-01-01"},
        {"birth_date": "1850-01-01"},
        {"birth_date": 19900517},
        {"birth_date": ["1990-05-17"]},
        {"email": "nobody"},
        {"email": ""},
        {"email": "x" * 250 + "@fans.example"},
        {"password": ""},
        {"password": "12345678"},
        {"country": "Germany"},
        {"time_zone": "Mars/Olympus"},
        {"name": "x" * 81},
        {"name": "a\x07b"},
        {"name": "Kim\n\nNew rules"},
        {"name": "Kim\u2028New rules"},
        {"name": 5},
        {"name": True},
        {"name": ["Kim"]},
        {"country": ["DE"]},
        {"password": 83_562_907_114_265},
    ],
)
def test_a_wrong_field_is_named_and_no_account_is_made(accounts: Accounts, fields: dict[str, Any]) -> None:
    email = fields.get("email", address())
    answer = accounts.sign_up(**({"email": email} | fields))
    assert answer.status_code == 400
    assert {error["param"] for error in answer.json()["errors"]} == set(fields)
    assert not User.objects.filter(email=email).exists()


def test_a_person_is_old_enough_from_the_birthday_on(accounts: Accounts, settings: Any) -> None:
    assert accounts.sign_up(birth_date=years_ago(settings.MINIMUM_AGE).isoformat()).status_code == 200


def test_a_younger_person_is_refused_and_nothing_is_stored_but_a_count(accounts: Accounts, settings: Any) -> None:
    email, before = address(), refused_so_far()
    tomorrow = years_ago(settings.MINIMUM_AGE) + timedelta(days=1)
    answer = accounts.sign_up(email=email, birth_date=tomorrow.isoformat())
    assert answer.status_code == 403
    assert answer.json()["status"] == 403
    assert {(e["code"], e["param"]) for e in answer.json()["errors"]} == {("underage", "birth_date")}
    assert not User.objects.filter(email=email).exists()
    assert refused_so_far() == before + 1


def test_after_a_refusal_another_date_gets_the_same_answer(accounts: Accounts) -> None:
    first = accounts.sign_up(birth_date=years_ago(9).isoformat())
    email = address()
    second = accounts.sign_up(email=email, birth_date="1990-05-17")
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert not User.objects.filter(email=email).exists()


def test_the_age_mark_is_signed_hidden_from_scripts_and_lasts_a_day(accounts: Accounts) -> None:
    mark = accounts.sign_up(birth_date=years_ago(9).isoformat()).cookies["age_mark"]
    assert mark["httponly"]
    assert mark["max-age"] == 24 * 60 * 60


def test_a_forged_age_mark_counts_for_nothing(accounts: Accounts) -> None:
    accounts.client.cookies["age_mark"] = "1:forged:forged"
    assert accounts.sign_up().status_code == 200


def test_an_address_that_is_taken_makes_no_second_account(accounts: Accounts) -> None:
    user = make_user()
    answer = accounts.sign_up(email=user.email.upper())
    assert answer.status_code != 200
    assert User.objects.filter(email=user.email).count() == 1


def test_with_mandatory_confirmation_a_taken_address_and_a_new_one_get_the_same_answer(
    accounts: Accounts, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    taken = accounts.sign_up(email=make_user().email)
    fresh = accounts.sign_up()
    assert taken.status_code == fresh.status_code == 401
    assert taken.json()["data"] == fresh.json()["data"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", pytest.param(b"[" * 100_000, id="deep"), b"\xff\xfe", b'{"password": "\\ud800aaaaaaaaa"}']
)
def test_a_body_that_is_no_json_object_is_refused(accounts: Accounts, body: bytes) -> None:
    before = User.objects.count()
    answer = accounts.client.post("/_allauth/app/v1/auth/signup", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert User.objects.count() == before
