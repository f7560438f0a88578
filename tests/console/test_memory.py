"""Talk that could not be read: who may see it and have it read again; and how far the vectors are."""

import html

from django.urls import reverse

from companion.kernel.models import OutboxEvent
from memory import services
from memory.models import Memory, SessionMark
from memory.sessions import ATTEMPTS
from tenancy.context import tenant
from tests.console.teams import Team, entries
from tests.factories import FanLogin, make_fan
from tests.memory.people import Script, read, tell

LIST = reverse("admin:memory_sessionmark_changelist")


def failed(fan: FanLogin, *, times: int = 1) -> SessionMark:
    for _ in range(times):
        read(fan, Script(broken=True))
    with tenant(fan.fan.artist_id):
        return SessionMark.objects.get(fan=fan.fan)


def again(mark: SessionMark) -> str:
    return reverse("admin:memory_sessionmark_read_again", args=[mark.pk])


def asked(fan: FanLogin) -> int:
    events = OutboxEvent.objects.using("system").filter(topic=services.UNREAD, artist_id=fan.fan.artist_id)
    return events.filter(payload__fan_id=str(fan.fan.id)).count()


def test_the_page_names_the_fan_and_the_reason_and_none_of_her_words(team: Team) -> None:
    fan = make_fan(team.artist)
    tell(fan, "home: She lives in Paris")
    failed(fan)
    page = html.unescape(team.client("manager").get(LIST).content.decode())
    assert str(fan.fan.id) in page
    assert "could not be read, twice" in page
    assert "{not json" not in page
    assert "Paris" not in page
    assert "tried again with the next session" in page


def test_an_artist_of_whom_all_was_read_has_an_empty_page(team: Team) -> None:
    team.read(lambda: SessionMark.objects.update(failed_at=None))
    page = team.client("owner").get(LIST).content.decode()
    assert "whatever ended was read" in page


def test_who_may_not_control_sees_nothing_and_changes_nothing(team: Team) -> None:
    fan = make_fan(team.artist)
    tell(fan, "home: She lives in Paris")
    mark = failed(fan)
    for role in ("viewer", "moderator", "editor"):
        client = team.client(role)
        assert client.get(LIST).status_code == 403
        assert client.post(again(mark)).status_code == 403
    assert asked(fan) == 0
    assert team.read(lambda: SessionMark.objects.get(pk=mark.pk).failed_at) is not None


def test_what_was_passed_over_is_read_again_from_where_it_failed(team: Team) -> None:
    fan = make_fan(team.artist)
    tell(fan, "home: She lives in Paris")
    failed(fan, times=ATTEMPTS)
    tell(fan, "drink: She likes green tea")
    read(fan)
    with tenant(fan.fan.artist_id):
        mark = SessionMark.objects.get(fan=fan.fan)
        assert list(Memory.objects.values_list("text", flat=True)) == ["She likes green tea"]
    assert mark.passed_over
    client = team.client("manager")
    assert "passed over" in client.get(LIST).content.decode()
    assert client.get(again(mark)).status_code == 200
    assert asked(fan) == 0
    before = len(entries(team))
    assert client.post(again(mark)).status_code == 302
    assert asked(fan) == 1
    (entry,) = entries(team)[before:]
    assert entry.action == "sessionmark.read_again"
    read(fan)
    with tenant(fan.fan.artist_id):
        assert set(Memory.objects.values_list("text", flat=True)) == {"She lives in Paris", "She likes green tea"}
        assert SessionMark.objects.get(fan=fan.fan).failed_at is None
    assert client.post(again(mark)).status_code == 302
    assert asked(fan) == 1


def test_the_page_counts_rows_by_model(team: Team) -> None:
    fan = make_fan(team.artist)
    tell(fan, "home: She lives in Paris")
    read(fan)
    page = team.client("owner").get(LIST).content.decode()
    assert "words-1: 1" in page
    assert "0 %" in page
