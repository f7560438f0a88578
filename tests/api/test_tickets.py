"""Tickets for sockets."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from companion.kernel.lifecycle import lifecycle
from companion.kernel.sync_redis import client
from tenancy import services
from tenancy.context import tenant
from tenancy.models import Acknowledgement, Artist, Fan
from tests.api.client import Api, refusal
from tests.factories import ACTOR, FanLogin, make_artist, make_fan

PATH = "/realtime/tickets"


def ask(api: Api, artist: Artist, fan: FanLogin) -> Any:
    return api.post(PATH, {"artist": artist.slug}, fan)


def test_a_ticket_is_bound_to_the_login_and_lies_hashed_for_half_a_minute(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    answer = ask(api, artist, fan)
    assert answer.status_code == 201
    ticket = answer.json()["ticket"]
    left = datetime.fromisoformat(answer.json()["expires_at"]) - datetime.now(UTC)
    assert 28 < left.total_seconds() <= 30
    key = f"ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"
    stored = client().get(key)
    assert isinstance(stored, bytes)
    assert ticket.encode() not in stored
    assert json.loads(stored) == {
        "artist": str(artist.id),
        "fan": str(fan.fan.id),
        "user": str(fan.user.id),
        "session": fan.session_key,
        "slug": artist.slug,
    }
    assert 28 <= client().ttl(key) <= 30


def tickets() -> int:
    return sum(1 for _ in client().scan_iter("ticket:*"))


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("suspended", (503, "paused")),
        ("artist", (503, "paused")),
        ("surface", (503, "paused")),
        ("sanctioned", (403, "sanctioned")),
        ("draining", (503, "unavailable")),
        ("unknown", (404, "not_found")),
    ],
)
def test_a_ticket_is_refused_with_the_reason_and_none_is_kept(
    api: Api, how: str, expected: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    if how == "suspended":
        with tenant(artist.id):
            Artist.objects.filter(id=artist.id).update(status=Artist.Status.SUSPENDED)
    elif how == "artist":
        services.set_switch(on=True, scope="artist", artist=artist.id, reason="test", actor=ACTOR)
    elif how == "surface":
        services.set_switch(on=True, scope="surface", artist=artist.id, surface="text", reason="test", actor=ACTOR)
    elif how == "sanctioned":
        with tenant(artist.id):
            Fan.objects.filter(id=fan.fan.id).update(sanction=Fan.Sanction.MUTED)
    elif how == "draining":
        monkeypatch.setattr(lifecycle, "draining", True)
    before = tickets()
    answer = api.post(PATH, {"artist": "nobody" if how == "unknown" else artist.slug}, fan)
    assert refusal(answer) == expected
    assert tickets() == before


def test_a_disclosure_that_fell_due_does_not_close_the_way_to_the_socket(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    Acknowledgement.objects.across_tenants().filter(fan_id=fan.fan.id).delete()
    assert ask(api, artist, fan).status_code == 201


def test_asking_without_end_is_limited_with_the_time_to_wait(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    codes = [ask(api, artist, fan).status_code for _ in range(20)]
    assert set(codes) == {201}
    answer = ask(api, artist, fan)
    assert refusal(answer) == (429, "rate_limited")
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert answer.json()["retry_after_s"] == int(answer.headers["Retry-After"])
    assert ask(api, artist, make_fan(artist)).status_code == 201


def test_without_rate_limits_nothing_is_counted(api: Api, settings: Any) -> None:
    settings.RATE_LIMITS = False
    artist = make_artist()
    fan = make_fan(artist)
    assert {ask(api, artist, fan).status_code for _ in range(25)} == {201}
