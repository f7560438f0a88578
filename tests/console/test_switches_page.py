"""The page of the kill switches: state in words, who may switch what, a reason always, and whether processes obey."""

import json
import time
from collections.abc import Iterator

import pytest

from companion.kernel import presence
from companion.kernel.sync_redis import client as redis
from tenancy import services
from tenancy.models import KillSwitch
from tenancy.switches import stored_state
from tests.console.teams import Team, entries, make_user

PAGE = "/console/tenancy/killswitch/"
SET = f"{PAGE}set/"
TEXT = {"scope": "surface", "surface": "text", "on": "on", "reason": "Wrong tour dates in replies"}


def rows(team: Team) -> list[tuple[str, str, bool]]:
    found = team.read(lambda: list(KillSwitch.objects.filter(artist=team.artist)))
    return sorted((row.scope, row.surface, row.on) for row in found)


BEFORE = [("artist", "", False)]  # the team's own row


def test_a_surface_is_paused_with_a_reason_and_made_live_again(team: Team) -> None:
    client = team.client("manager")
    assert client.post(SET, TEXT).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "Text chat: paused" in page
    assert "Wrong tour dates in replies" in page
    assert f"manager@{team.artist.slug}.example" in page
    assert client.post(SET, TEXT | {"on": "off", "reason": "The dates are right"}).status_code == 302
    assert "Everything is live" in client.get(PAGE).content.decode()
    assert rows(team) == [*BEFORE, ("surface", "text", False)]
    actions = [entry.action for entry in entries(team)][-2:]
    assert actions == ["killswitch.on", "killswitch.off"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reason": "no"}, "at least 10"),
        ({"reason": ""}, "required"),
        ({"scope": "moon"}, "not one of"),
        ({"on": "perhaps"}, "not one of"),
    ],
)
def test_a_form_that_is_not_right_comes_back_and_switches_nothing(
    team: Team, change: dict[str, str], says: str
) -> None:
    before = len(entries(team))
    answer = team.client("owner").post(SET, TEXT | change)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert (rows(team), len(entries(team))) == (BEFORE, before)


@pytest.mark.parametrize(
    "wider",
    [{"scope": "global", "surface": "", "confirm": "PAUSE"}, {"for_all": "on"}, {"scope": "provider", "surface": ""}],
)
def test_an_artists_owner_cannot_stop_other_artists(team: Team, wider: dict[str, str]) -> None:
    before = stored_state()
    assert team.client("owner").post(SET, TEXT | {"provider": "offline"} | wider).status_code == 403
    assert (stored_state(), rows(team)) == (before, BEFORE)


@pytest.mark.parametrize("role", ["viewer", "moderator", "editor"])
def test_who_may_not_control_switches_nothing(team: Team, role: str) -> None:
    client = team.client(role)
    assert client.post(SET, TEXT).status_code == 403
    assert client.get(f"{PAGE}reach/").status_code == 403
    assert rows(team) == BEFORE


def test_the_global_stop_wants_its_word(team: Team) -> None:
    client = team.client("owner")
    client.force_login(make_user(is_superuser=True, is_staff=True))
    before = stored_state()
    everything = {"scope": "global", "on": "on", "reason": "Everything has to stop"}
    for word in ("", "pause"):
        answer = client.post(SET, everything | {"confirm": word})
        assert (answer.status_code, "Type PAUSE" in answer.content.decode()) == (422, True)
    assert stored_state() == before


def test_a_form_of_another_artist_is_refused(team: Team, other_team: Team) -> None:
    answer = team.client("owner").post(SET, TEXT | {"console_artist": str(other_team.artist.id)})
    assert answer.status_code == 302
    assert (rows(team), rows(other_team)) == (BEFORE, BEFORE)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No process but those that the test invents; real ones of other tests tell of themselves under the real name."""
    monkeypatch.setattr(presence, "NAMES", f"{presence.NAMES}:invented")
    yield
    redis().delete(presence.NAMES)


def told(name: str, switches: str, *, age_s: float = 0, applied_at: float = 0) -> None:
    now = time.time() - age_s
    row = {"at": now, "switches": switches, "applied_at": applied_at, "breakers": {}}
    redis().zadd(presence.NAMES, {name: time.time() - age_s})
    redis().set(presence.ROW.format(name), json.dumps(row), ex=60)


@pytest.mark.usefixtures("alone")
def test_the_page_says_how_many_processes_obey_and_which_do_not(team: Team) -> None:
    services.set_switch(
        on=True, scope="surface", artist=team.artist.id, surface="text", reason="a drill of ours", actor="command:t"
    )
    wanted, now = stored_state().fingerprint, time.time() + 0.25
    reach = team.client("owner")
    assert "No web process is heard" in reach.get(f"{PAGE}reach/").content.decode()
    told("web-1", wanted, applied_at=now)
    told("web-2", wanted, applied_at=now)
    text = " ".join(reach.get(f"{PAGE}reach/").content.decode().split())
    assert "has reached 2 of 2 processes in " in text
    told("web-2", "something older")
    told("web-3", wanted, age_s=60)
    text = " ".join(reach.get(f"{PAGE}reach/").content.decode().split())
    assert "1 of 3 obey; web-2, web-3 are silent or behind." in text


def test_another_artists_pause_stands_nowhere_on_the_page(team: Team, other_team: Team) -> None:
    assert other_team.client("owner").post(SET, TEXT).status_code == 302
    page = team.client("owner").get(PAGE).content.decode()
    assert "Everything is live" in page
    assert TEXT["reason"] not in page
