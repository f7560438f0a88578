"""What happens when a client, or two of them, ask the same thing at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from django.db import connections

from companion.kernel.errors import Conflict, IdempotencyMismatch
from companion.kernel.idempotency import once
from conversations.models import Feedback, Report
from tenancy.context import person, tenant
from tenancy.models import Acknowledgement, Fan, User
from tests.api.client import Api
from tests.factories import PASSWORD, FanLogin, make_artist, make_exchange, make_fan, make_user, token_for, unique

AT_ONCE = 6
T = TypeVar("T")


def at_once(ask: Callable[[], T]) -> list[T]:
    """Asks from several threads that start together."""
    barrier = Barrier(AT_ONCE)

    def one() -> T:
        barrier.wait(20)
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [asked.result(60) for asked in [threads.submit(one) for _ in range(AT_ONCE)]]


def test_joining_at_once_makes_one_fan_and_one_proof() -> None:
    artist, user = make_artist(), make_user()
    who = FanLogin(user, Fan(), token_for(user), "")
    body = {"acknowledge": ["ai-persona.eu.v1"]}
    answers = at_once(lambda: Api().post(f"/artists/{artist.slug}/join", body, who))
    assert {answer.status_code for answer in answers} == {200}
    with person(user.id):
        assert Fan.objects.count() == 1
    with tenant(artist.id):
        assert Acknowledgement.objects.count() == 1


def test_one_key_at_once_is_one_report_and_the_others_are_told_to_wait_or_get_the_same() -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan)
    path = f"/artists/{artist.slug}/messages/{reply.id}/report"
    answers = at_once(lambda: Api().post(path, {"reason": "other"}, fan, **{"Idempotency-Key": "k"}))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    with tenant(artist.id):
        assert Report.objects.count() == 1


def test_thumbs_at_once_leave_one() -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan)
    path = f"/artists/{artist.slug}/messages/{reply.id}/feedback"
    answers = at_once(lambda: Api().post(path, {"value": "up"}, fan))
    assert {answer.status_code for answer in answers} == {200}
    with tenant(artist.id):
        assert Feedback.objects.count() == 1


def test_signing_up_at_once_with_one_address_makes_one_account(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    form = {"email": f"{unique('new')}@fans.example", "password": "right-horse-battery", "birth_date": "1990-05-17"}
    answers = at_once(lambda: Api().client.post("/_allauth/app/v1/auth/signup", form, content_type="application/json"))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 200
    assert set(codes[1:]) <= {400, 409}
    assert User.objects.filter(email=form["email"]).count() == 1


def test_while_the_first_still_runs_the_same_key_is_a_conflict_and_another_body_a_mismatch() -> None:
    who = uuid4()

    def again(body: bytes) -> dict[str, Any]:
        return once("k", person=who, route="r", body=body, work=lambda: {"done": 2})

    def slow() -> dict[str, Any]:
        with pytest.raises(Conflict):
            again(b"same")
        with pytest.raises(IdempotencyMismatch):
            again(b"other")
        return {"done": 1}

    assert once("k", person=who, route="r", body=b"same", work=slow) == {"done": 1}
    assert again(b"same") == {"done": 1}


def test_a_refresh_token_that_is_used_at_once_is_good_once() -> None:
    user = make_user()
    form = {"email": user.email, "password": PASSWORD}
    login = Api().client.post("/_allauth/app/v1/auth/login", form, content_type="application/json").json()["meta"]
    body = {"refresh_token": login["refresh_token"]}
    answers = at_once(
        lambda: Api().client.post("/_allauth/app/v1/tokens/refresh", body, content_type="application/json")
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[400] * (AT_ONCE - 1)]
