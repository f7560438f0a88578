"""Throttles of sign-up and log-in: per address, per account, over all processes."""

import uuid
from typing import Any

import pytest

from companion.kernel.limits import client_address
from tenancy.models import User
from tests.accounts.client import Accounts
from tests.factories import make_user, unique


@pytest.fixture
def limits(settings: Any) -> dict[str, str]:
    """Throttles of this test alone: the cache is shared, so its keys are not."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}
    rates = {"signup": "2/m/ip", "login": "50/m/ip", "login_failed": "50/m/ip,3/300s/key"}
    settings.ACCOUNT_RATE_LIMITS = rates
    return rates


def test_an_account_is_closed_to_guessing_for_a_while_even_with_the_right_password(
    accounts: Accounts, limits: dict[str, str]
) -> None:
    user = make_user()
    assert [accounts.log_in(user.email, f"guess-number-{n}").status_code for n in range(3)] == [400, 400, 400]
    answer = accounts.log_in(user.email)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["errors"][0]["code"] == "rate_limited"
    assert accounts.log_in(make_user().email).status_code == 200


def test_an_account_that_is_not_there_is_throttled_alike(accounts: Accounts, limits: dict[str, str]) -> None:
    email = f"{unique('ghost')}@fans.example"
    answers = [accounts.log_in(email, "guess-number-one").status_code for _ in range(4)]
    assert answers == [400, 400, 400, 429]


def test_sign_ups_from_one_address_are_throttled_and_then_make_no_account(
    accounts: Accounts, limits: dict[str, str]
) -> None:
    assert [accounts.sign_up().status_code for _ in range(2)] == [200, 200]
    email = f"{unique('third')}@fans.example"
    answer = accounts.sign_up(email=email)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert not User.objects.filter(email=email).exists()


def test_a_made_up_forwarded_address_does_not_help(accounts: Accounts, limits: dict[str, str]) -> None:
    limits["login_failed"] = "2/m/ip"
    accounts.client.defaults["HTTP_X_FORWARDED_FOR"] = "192.0.2.1"
    for _ in range(2):
        accounts.log_in(make_user().email, "guess-number-one")
    accounts.client.defaults["HTTP_X_FORWARDED_FOR"] = "192.0.2.2"
    assert accounts.log_in(make_user().email).status_code == 429


def test_behind_a_proxy_of_ours_each_client_has_an_address_of_its_own(
    accounts: Accounts, limits: dict[str, str], settings: Any
) -> None:
    settings.TRUSTED_PROXIES = 1
    limits["login_failed"] = "2/m/ip"
    accounts.client.defaults["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 192.0.2.1"
    for _ in range(2):
        accounts.log_in(make_user().email, "guess-number-one")
    assert accounts.log_in(make_user().email).status_code == 429
    accounts.client.defaults["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 192.0.2.2"
    assert accounts.log_in(make_user().email).status_code == 200


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("", 0, "10.0.0.1"),
        ("6.6.6.6", 0, "10.0.0.1"),
        ("6.6.6.6, 192.0.2.1", 1, "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1, 10.0.0.2", 2, "192.0.2.1"),
        ("192.0.2.1", 2, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
        (" , ", 1, "10.0.0.1"),
    ],
)
def test_the_address_that_our_outermost_proxy_saw_counts(forwarded: str, proxies: int, expected: str) -> None:
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(meta, proxies) == expected
