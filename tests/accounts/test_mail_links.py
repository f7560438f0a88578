"""The pages that e-mails lead to: confirming an address, setting a new password."""

import re
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from tenancy.models import User
from tests.accounts.client import Accounts
from tests.factories import PASSWORD, make_user, token_for, unique

NEW_PASSWORD = "another-horse-battery"


def link_in_the_mail() -> str:
    """The path of the one link of the last e-mail."""
    found = re.search(r"https?://[^/\s]+(/(?:confirm-email|reset-password)/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def post_as_a_browser(path: str, **fields: str) -> HttpResponse:
    """Opens the page, takes its token along, and sends the form."""
    browser = Client(enforce_csrf_checks=True)
    browser.get(path)
    answer: Any = browser.post(path, fields | {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value})
    return HttpResponse(answer.content, status=answer.status_code)


@pytest.fixture
def _confirmation_is_mandatory(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.mark.usefixtures("_confirmation_is_mandatory")
def test_where_confirmation_is_mandatory_nobody_logs_in_before_it_and_everybody_after(accounts: Accounts) -> None:
    email = f"{unique('new')}@fans.example"
    assert accounts.sign_up(email=email).status_code == 401
    assert accounts.log_in(email).status_code == 401
    path = link_in_the_mail()
    looked = Client().get(path)
    assert looked.status_code == 200
    assert f"Confirm that {email} is yours." in looked.content.decode()
    assert accounts.log_in(email).status_code == 401, "looking at the page confirms nothing"
    assert post_as_a_browser(path).status_code == 200
    assert accounts.log_in(email).status_code == 200


@pytest.mark.parametrize("path", ["/confirm-email/nonsense", "/reset-password/nonsense", "/reset-password/a-b-c"])
def test_a_link_that_is_not_ours_says_so(path: str) -> None:
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"password": NEW_PASSWORD}).status_code == 404


def test_a_reset_sets_the_password_once_and_ends_every_login(accounts: Accounts) -> None:
    user = make_user()
    token = token_for(user)
    assert accounts.post("/auth/password/request", {"email": user.email}).status_code == 200
    path = link_in_the_mail()
    assert accounts.me(token).status_code == 200
    assert post_as_a_browser(path, password="12345678").status_code == 422
    assert User.objects.get(id=user.id).check_password(PASSWORD)
    assert post_as_a_browser(path, password=NEW_PASSWORD).status_code == 200
    assert accounts.me(token).status_code == 401
    assert accounts.log_in(user.email, NEW_PASSWORD).status_code == 200
    gone = Client().get(path)
    assert gone.status_code == 404
    assert "/forgot" in gone.content.decode(), "where a new link is asked for"


def test_asking_for_a_reset_tells_nobody_who_has_an_account(accounts: Accounts) -> None:
    known = accounts.post("/auth/password/request", {"email": make_user().email})
    sent = len(mail.outbox)
    unknown = accounts.post("/auth/password/request", {"email": f"{unique('ghost')}@fans.example"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert len(mail.outbox) == sent


def test_another_site_cannot_send_the_form(accounts: Accounts) -> None:
    user = make_user()
    accounts.post("/auth/password/request", {"email": user.email})
    answer = Client(enforce_csrf_checks=True).post(link_in_the_mail(), {"password": NEW_PASSWORD})
    assert answer.status_code == 403
    assert User.objects.get(id=user.id).check_password(PASSWORD)
