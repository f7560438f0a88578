"""Who demands the second step of whom, who resets it; and the API, which asks for it too."""

import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from companion.kernel.models import AuditNote
from tenancy.context import tenant
from tenancy.models import Artist, StaffRole, User
from tests.console.second_step import INDEX, TWO_STEP, Person, actions, browser, code_of, require, wrong
from tests.console.teams import Team, entries, make_user
from tests.factories import PASSWORD


def required(team: Team) -> bool:
    return Artist.objects.get(pk=team.artist.pk).staff_totp_required


def test_an_owner_requires_it_only_with_her_own(team: Team) -> None:
    owner = Person(team, "owner")
    owner.log_in()
    before = len(entries(team))
    owner.client.post(TWO_STEP, {"action": "require", "required": "yes"})
    assert not required(team)
    assert len(entries(team)) == before
    owner.set_up()
    owner.client.post(TWO_STEP, {"action": "require", "required": "yes"})
    assert required(team)
    assert actions(team)[-1] == "artist.changed"
    assert owner.client.get(INDEX).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "moderator", "editor", "manager"])
def test_nobody_else_decides_for_the_team(team: Team, role: str) -> None:
    member = Person(team, role).set_up()
    other = Person(team, "editor").set_up()
    with tenant(team.artist.id):
        assigned = StaffRole.objects.get(user=other.user)
    before = len(entries(team))
    member.client.post(TWO_STEP, {"action": "require", "required": "yes"})
    member.client.post(TWO_STEP, {"action": "reset", "member": str(assigned.pk)})
    assert not required(team)
    assert other.totp() is not None
    assert len(entries(team)) == before
    assert other.user.email not in member.client.get(TWO_STEP).content.decode()


def test_an_owner_resets_a_member_whose_phone_is_lost(team: Team) -> None:
    owner, member = Person(team, "owner").set_up(), Person(team, "editor").set_up()
    with tenant(team.artist.id):
        assigned = StaffRole.objects.get(user=member.user)
    owner.client.post(TWO_STEP, {"action": "reset", "member": str(assigned.pk)})
    assert not Authenticator.objects.filter(user=member.user).exists()
    entry = entries(team)[-1]
    assert (entry.action, entry.actor) == ("login.totp_reset", f"staff:{owner.user.pk}")
    assert member.anew().log_in()["Location"] == INDEX


def test_an_owner_cannot_reset_who_is_not_hers_alone(team: Team, other_team: Team) -> None:
    owner = Person(team, "owner").set_up()
    stranger = Person(other_team, "editor").set_up()
    shared = Person(team, "editor").set_up()
    with tenant(other_team.artist.id):
        theirs = StaffRole.objects.get(user=stranger.user)
        StaffRole.objects.create(artist=other_team.artist, user=shared.user, role="editor")
    with tenant(team.artist.id):
        ours = StaffRole.objects.get(user=shared.user)
    before = len(entries(team)), len(entries(other_team))
    for key in (theirs.pk, ours.pk, "no id"):
        owner.client.post(TWO_STEP, {"action": "reset", "member": str(key)})
    assert stranger.totp()
    assert shared.totp()
    assert (len(entries(team)), len(entries(other_team))) == before


def test_who_works_for_two_artists_can_turn_to_the_one_that_does_not_require_it(team: Team, other_team: Team) -> None:
    member = Person(team, "editor")
    with tenant(other_team.artist.id):
        StaffRole.objects.create(artist=other_team.artist, user=member.user, role="editor")
    require(team)
    member.log_in()
    member.client.post(TWO_STEP, {"action": "artist", "artist": str(other_team.artist.id)})
    assert member.client.get(INDEX).status_code == 200
    member.client.post(TWO_STEP, {"action": "artist", "artist": str(team.artist.id)})
    assert member.client.get(INDEX)["Location"].startswith(TWO_STEP)


def test_the_platform_requires_it_of_its_own_staff(team: Team, settings: Settings) -> None:
    platform = Person(team, "owner", is_superuser=True)
    settings.STAFF_TOTP_REQUIRED = True
    platform.log_in()
    assert platform.client.get(INDEX)["Location"].startswith(TWO_STEP)
    other = Person(team, "owner")
    other.log_in()
    assert other.client.get(INDEX).status_code == 200


def test_the_platform_resets_a_login_by_command(team: Team) -> None:
    member = Person(team, "owner").set_up()
    call_command("reset_totp", member.user.email, stdout=io.StringIO())
    assert not Authenticator.objects.filter(user=member.user).exists()
    before = AuditNote.objects.using("system").count()
    with pytest.raises(CommandError, match="no two-step"):
        call_command("reset_totp", member.user.email)
    assert AuditNote.objects.using("system").count() <= before


# -- the API ---------------------------------------------------------------------------------------------------------

API = "/_allauth/app/v1"


def api_log_in(user: User) -> Any:
    body = {"email": user.email, "password": PASSWORD}
    return browser().post(f"{API}/auth/login", body, content_type="application/json")


def test_the_api_asks_a_member_of_staff_for_the_code_as_well(team: Team) -> None:
    member = Person(team, "editor").set_up(-1)  # allauth itself takes the code of now alone
    asked = api_log_in(member.user)
    assert asked.status_code == 401
    flows = {flow["id"]: flow for flow in asked.json()["data"]["flows"]}
    assert flows["mfa_authenticate"]["is_pending"]
    assert "access_token" not in asked.json()["meta"]
    session = {"X-Session-Token": asked.json()["meta"]["session_token"]}
    where = f"{API}/auth/2fa/authenticate"
    refused = Client().post(where, {"code": wrong(member.secret)}, content_type="application/json", headers=session)
    assert refused.status_code == 400
    given = Client().post(where, {"code": code_of(member.secret, 0)}, content_type="application/json", headers=session)
    assert given.status_code == 200
    assert given.json()["meta"]["access_token"]


def test_a_session_between_the_consoles_steps_is_none_for_the_api(team: Team) -> None:
    member = Person(team, "editor").set_up().anew()
    member.log_in()
    key = member.client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = Client().get(f"{API}/auth/session", headers={"X-Session-Token": key})
    assert answer.status_code == 401
    assert "access_token" not in answer.json()["meta"]


def test_the_api_neither_sets_it_up_nor_takes_it_away(team: Team) -> None:
    member = Person(team, "editor").set_up()
    for method in ("get", "post", "delete"):
        for what in ("totp", "recovery-codes"):
            assert getattr(Client(), method)(f"{API}/account/authenticators/{what}").status_code == 404
    assert member.totp() is not None


def test_a_fan_logs_in_as_before() -> None:
    fan = make_user()
    given = api_log_in(fan)
    assert given.status_code == 200
    assert given.json()["meta"]["access_token"]
