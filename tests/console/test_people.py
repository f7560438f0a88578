"""Log-in, roles that come and go, artists that one person works for, sanctions, switches."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tenancy.context import tenant
from tenancy.models import Fan, KillSwitch, StaffRole, User
from tests.console.teams import Team, entries, make_user
from tests.factories import PASSWORD

INDEX = "/console/"
SWITCH = "/console/tenancy/killswitch/set/"
LOGIN = "/console/login/"


def test_staff_log_in_by_e_mail_and_land_where_they_wanted(team: Team) -> None:
    user = make_user("editor", team, is_staff=True)
    client = Client()
    answer = client.post(f"{LOGIN}?next=/console/personas/mood/", {"username": user.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/console/personas/mood/")
    assert client.get("/console/personas/mood/").status_code == 200


def test_the_login_page_tells_nothing_about_accounts(team: Team) -> None:
    user = make_user("editor", team, is_staff=True)
    fan = make_user()
    wrong = [(user.email, "wrong"), ("nobody@people.example", "wrong"), (fan.email, PASSWORD)]
    pages = [Client().post(LOGIN, {"username": name, "password": password}) for name, password in wrong]
    said = {tuple(page.context["form"].non_field_errors()) for page in pages}
    assert len(said) == 1
    assert [page.status_code for page in pages] == [200, 200, 200]


def test_the_login_page_works_by_keyboard_alone() -> None:
    page = Client().get(LOGIN).content.decode()
    for needed in ('type="email"', 'autocomplete="username"', 'type="password"', 'type="submit"', "<label"):
        assert needed in page, needed


def test_the_console_sends_its_own_policy_and_nothing_is_kept_by_caches(team: Team) -> None:
    for page in (Client().get(LOGIN), team.client("viewer").get(INDEX)):
        policy = page["Content-Security-Policy"]
        assert "script-src 'self' 'unsafe-eval'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "no-store" in page["Cache-Control"]
        assert "<script>" not in page.content.decode()


def test_logging_out_is_a_post_and_ends_the_session(team: Team) -> None:
    client = team.client("viewer")
    assert client.get("/console/logout/").status_code == 405
    assert client.get(INDEX).status_code == 200
    assert client.post("/console/logout/")["Location"] == LOGIN
    assert client.get(INDEX).status_code == 302


def test_a_member_changes_her_own_password(team: Team) -> None:
    user = make_user("viewer", team, is_staff=True)
    client, elsewhere = Client(), Client()
    for browser in (client, elsewhere):
        browser.force_login(user)
    new = {"old_password": PASSWORD, "new_password1": "another-good-one-7", "new_password2": "another-good-one-7"}
    assert client.post("/console/password_change/", new).status_code == 302
    user.refresh_from_db()
    assert user.check_password("another-good-one-7")
    assert (client.get(INDEX).status_code, elsewhere.get(INDEX).status_code) == (200, 302)


def test_a_deactivated_member_is_out_at_once(team: Team) -> None:
    client = team.client("editor")
    assert client.get(INDEX).status_code == 200
    User.objects.filter(pk=team.members["editor"].pk).update(is_active=False)
    assert client.get(INDEX).status_code == 302


def test_a_role_taken_away_is_gone_at_the_next_request(team: Team) -> None:
    client = team.client("editor")
    with tenant(team.artist.id):
        assigned = StaffRole.objects.get(user=team.members["editor"])
    assert (
        team.client("owner").post(f"/console/tenancy/staffrole/{assigned.pk}/delete/", {"post": "yes"}).status_code
        == 302
    )
    assert client.get(INDEX).status_code == 302
    assert entries(team)[-1].action == "staffrole.deleted"


def test_a_new_member_can_log_in_with_the_first_password(team: Team) -> None:
    fields = {"email": f"New.{team.artist.slug}@people.example", "role": "viewer", "first_password": PASSWORD}
    assert team.client("owner").post("/console/tenancy/staffrole/add/", fields).status_code == 302
    client = Client()
    client.post(LOGIN, {"username": fields["email"].lower(), "password": PASSWORD})
    assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "unknown@people.example", "first_password": ""}, "give it a first password"),
        ({"email": "unknown@people.example", "first_password": "12345"}, "too short"),
    ],
)
def test_a_member_that_cannot_be_made_is_refused_in_words(team: Team, fields: dict[str, str], sentence: str) -> None:
    before = team.read(StaffRole.objects.count)
    page = team.client("owner").post("/console/tenancy/staffrole/add/", {"role": "viewer", **fields}, follow=True)
    assert sentence in page.content.decode()
    assert team.read(StaffRole.objects.count) == before
    assert not User.objects.filter(email=fields["email"]).exists()


def test_the_last_owner_stays(team: Team) -> None:
    with tenant(team.artist.id):
        owner = StaffRole.objects.get(role="owner")
    client = team.client("owner")
    client.post(f"/console/tenancy/staffrole/{owner.pk}/delete/", {"post": "yes"})
    client.post(f"/console/tenancy/staffrole/{owner.pk}/change/", {"role": "viewer"})
    assert team.read(lambda: StaffRole.objects.get(pk=owner.pk).role) == "owner"
    assert client.get("/console/tenancy/staffrole/").status_code == 200


def test_who_works_for_two_artists_chooses_by_post(team: Team, other_team: Team) -> None:
    user = make_user("viewer", team, is_staff=True)
    with tenant(other_team.artist.id):
        StaffRole.objects.create(artist=other_team.artist, user=user, role="owner")
    client = Client()
    client.force_login(user)
    first, second = sorted((team, other_team), key=lambda t: t.artist.name)
    assert first.artist.name in client.get(INDEX).content.decode()
    client.get(f"/console/artist/?artist={second.artist.id}")
    assert first.artist.name in client.get(INDEX).content.decode()
    client.post("/console/artist/", {"artist": str(second.artist.id)})
    assert second.artist.name in client.get(INDEX).content.decode()


def test_nobody_enters_an_artist_without_a_role_there(team: Team, other_team: Team) -> None:
    client = team.client("owner")
    client.post("/console/artist/", {"artist": str(other_team.artist.id)})
    page = client.get(INDEX).content.decode()
    assert team.artist.name in page
    assert other_team.artist.name not in page


def test_platform_staff_may_enter_any_artist(team: Team) -> None:
    client = Client()
    client.force_login(make_user(is_superuser=True))
    client.post("/console/artist/", {"artist": str(team.artist.id)})
    assert team.artist.name in client.get(INDEX).content.decode()


def test_a_sanction_needs_a_reason_and_ends_in_the_future(team: Team) -> None:
    address = f"/console/tenancy/fan/{team.rows[Fan].pk}/change/"
    client = team.client("manager")
    assert client.post(address, {"sanction": "banned"}).status_code == 200
    past = {"sanction": "banned", "sanction_until_0": "2020-01-01", "sanction_until_1": "00:00", "reason": "late"}
    client.post(address, past)
    assert team.read(lambda: Fan.objects.get().sanction) == "none"
    until = {"sanction": "muted", "sanction_until_0": "2100-01-01", "sanction_until_1": "00:00", "reason": "rude"}
    assert client.post(address, until).status_code == 302
    fan = team.read(Fan.objects.get)
    assert (fan.sanction, fan.sanction_until) == ("muted", datetime(2100, 1, 1, tzinfo=UTC))


def test_a_manager_stops_her_own_artists_surface_and_nothing_else(team: Team, other_team: Team) -> None:
    client = team.client("manager")
    own = {"scope": "surface", "surface": "text", "on": "on", "reason": "a reason of ours"}
    assert client.post(SWITCH, own).status_code == 302
    for wider in ({"scope": "global", "surface": "", "confirm": "PAUSE"}, {"surface": "voice", "for_all": "on"}):
        assert client.post(SWITCH, own | wider).status_code == 403
    mine = team.read(lambda: set(KillSwitch.objects.filter(on=True).values_list("scope", "surface", "artist")))
    assert mine == {("surface", "text", team.artist.id)}
    assert other_team.read(lambda: KillSwitch.objects.filter(on=True).count()) == 0


def test_only_platform_staff_touch_a_switch_for_everybody(team: Team) -> None:
    platform = Client()
    platform.force_login(make_user(is_superuser=True))
    fields = {"scope": "provider", "provider": "openai", "reason": "an outage of theirs"}
    assert platform.post(SWITCH, fields | {"on": "on"}).status_code == 302
    shared = KillSwitch.objects.across_tenants().get(scope="provider", provider="openai", artist=None)
    try:
        assert shared.on
        manager = team.client("manager")
        assert manager.get(f"/console/tenancy/killswitch/{shared.pk}/change/").status_code == 200
        assert manager.post(SWITCH, fields | {"on": "off"}).status_code == 403
        assert KillSwitch.objects.across_tenants().get(pk=shared.pk).on
    finally:
        platform.post(SWITCH, fields | {"on": "off"})
    assert not KillSwitch.objects.across_tenants().get(pk=shared.pk).on


def test_switches_have_no_form_beside_the_dialogs_of_their_page(team: Team) -> None:
    client, key = team.client("owner"), team.rows[KillSwitch].pk
    before = len(entries(team))
    fields = {"scope": "artist", "on": "on", "reason": "by the back door"}
    for address in ("add/", f"{key}/change/"):
        assert client.post(f"/console/tenancy/killswitch/{address}", fields).status_code == 403
    assert "a test" in client.get(f"/console/tenancy/killswitch/{key}/change/").content.decode()
    history = client.get(f"/console/tenancy/killswitch/{key}/history/")
    assert history["Location"] == f"/console/kernel/auditentry/?object_id={key}"
    assert (team.read(lambda: KillSwitch.objects.filter(on=True).count()), len(entries(team))) == (0, before)


def test_guessing_a_password_is_throttled_per_account(team: Team) -> None:
    user = make_user("editor", team, is_staff=True)
    for attempt in range(10):
        Client(REMOTE_ADDR=f"10.0.0.{attempt}").post(LOGIN, {"username": user.email, "password": "guess"})
    page = Client(REMOTE_ADDR="10.0.0.99").post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert page.status_code == 200
    assert "Too many requests" in page.content.decode()


def test_guessing_accounts_is_throttled_per_address(team: Team) -> None:
    address = f"2001:db8::{team.artist.id.hex[:4]}"
    for attempt in range(20):
        Client(REMOTE_ADDR=address).post(LOGIN, {"username": f"{attempt}@people.example", "password": "guess"})
    user = make_user("editor", team, is_staff=True)
    page = Client(REMOTE_ADDR=address).post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert "Too many requests" in page.content.decode()
