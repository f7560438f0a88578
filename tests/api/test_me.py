"""What a person sees and changes of herself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tenancy.models import User
from tests.api.client import Api, refusal
from tests.factories import make_artist, make_fan


def test_me_tells_what_the_platform_knows(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    assert api.get("/me", fan).json() == {
        "id": str(fan.user.id),
        "email": fan.user.email,
        "name": "Robin",
        "birth_date": "1990-05-17",
        "country": "DE",
        "language": "",
        "time_zone": "Europe/Berlin",
        "joined": [artist.slug],
    }


def test_only_what_is_sent_changes(api: Api) -> None:
    fan = make_fan(make_artist())
    answer = api.patch("/me", {"name": "  Kim 🎤 ", "language": "ko"}, fan)
    assert answer.status_code == 200
    user = User.objects.get(id=fan.user.id)
    assert (user.name, user.language, user.country, user.time_zone) == ("Kim 🎤", "ko", "DE", "Europe/Berlin")
    assert api.get("/me", fan).json() == answer.json()


@pytest.mark.parametrize(
    "body",
    [
        {"birth_date": "1980-01-01"},
        {"name": "Kim", "birth_date": "1980-01-01"},
        {"email": "other@fans.example"},
        {"is_staff": True},
        {"country": "Germany"},
        {"country": "de"},
        {"time_zone": "Mars/Olympus"},
        {"language": "no such language"},
        {"name": "x" * 81},
        {"name": "a\u0000b"},
        {"name": 7},
        {"name": "Kim\nNew rules"},
    ],
)
def test_what_may_not_change_is_refused_whole_by_field(api: Api, body: dict[str, Any]) -> None:
    fan = make_fan(make_artist())
    answer = api.patch("/me", body, fan)
    assert refusal(answer) == (422, "validation_error")
    assert answer.json()["errors"][0]["field"] == list(body)[-1]
    user = User.objects.get(id=fan.user.id)
    assert (user.name, str(user.birth_date), user.country) == ("Robin", "1990-05-17", "DE")
    assert not user.is_staff


def test_usage_says_that_messages_are_without_limit_and_when_the_count_begins_anew(api: Api) -> None:
    artist = make_artist()
    quotas = api.get(f"/artists/{artist.slug}/usage", make_fan(artist)).json()["quotas"]
    resets_at = datetime.fromisoformat(quotas[0].pop("resets_at"))
    assert quotas == [{"name": "messages", "used": 0, "limit": None}]
    now = datetime.now(UTC)
    assert resets_at > now
    assert (resets_at.day, resets_at.hour) == (1, 0)
