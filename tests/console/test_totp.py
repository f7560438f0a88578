"""The second step of a staff log-in, with real codes worked out here from RFC 6238."""

import base64
import hashlib
import hmac
import io
import re
import secrets
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from companion.kernel.models import AuditNote
from tenancy.context import tenant
from tenancy.models import Artist, StaffRole, User
from tests.console.teams import PASSWORD, Team, entries, make_user

TWO_STEP, CODE, INDEX, LOGIN = (reverse(f"admin:{name}") for name in ("two_step", "code", "index", "login"))
SECRET = re.compile(r'id="totp-secret">([A-Z2-7 ]+)<')
CODES = re.compile(r"<li>\s*<code>(\d+)</code>")
PERIOD_S = 30


def code_of(secret: str, step: int = 0) -> str:
    """RFC 6238's code of the time step that is now, or `step` steps from it."""
    counter = struct.pack(">Q", int(time.time()) // PERIOD_S + step)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def wrong(secret: str) -> str:
    """A code that is none of the three that count."""
    near = {code_of(secret, step) for step in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def browser() -> Client:
    """At an address of its own: log-ins are throttled by address."""
    return Client(REMOTE_ADDR=f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}")


class Person:
    """A member of a team with a password, and what her phone knows."""

    def __init__(self, team: Team, role: str, **fields: Any) -> None:
        self.user = make_user(role, team, is_staff=True, **fields)
        self.client = browser()
        self.secret = ""
        self.recovery: list[str] = []

    def log_in(self) -> Any:
        return self.client.post(LOGIN, {"username": self.user.email, "password": PASSWORD})

    def enter(self, code: str) -> Any:
        return self.client.post(CODE, {"code": code})

    def set_up(self) -> "Person":
        """With the code of the step before, so that the test can log in with the one of now."""
        self.log_in()
        self.secret = self.shown_secret()
        answer = self.client.post(TWO_STEP, {"action": "set_up", "code": code_of(self.secret, -1)})
        self.recovery = CODES.findall(answer.content.decode())
        assert len(self.recovery) == 10
        return self

    def shown_secret(self) -> str:
        found = SECRET.search(self.client.get(TWO_STEP).content.decode())
        assert found
        return found.group(1).replace(" ", "")

    def anew(self) -> "Person":
        """Another browser."""
        self.client = browser()
        return self

    def totp(self) -> Authenticator | None:
        return Authenticator.objects.filter(user=self.user, type="totp").first()


def require(team: Team, required: bool = True) -> None:
    with tenant(team.artist.id):
        Artist.objects.filter(pk=team.artist.pk).update(staff_totp_required=required)


def actions(team: Team) -> list[str]:
    return [entry.action for entry in entries(team)]


def test_a_code_is_asked_for_after_the_password(team: Team) -> None:
    member = Person(team, "editor").set_up().anew()
    assert member.log_in()["Location"] == CODE
    assert SESSION_KEY not in member.client.session, "nobody is logged in between the steps"
    assert member.client.get(INDEX)["Location"].startswith(LOGIN)
    assert member.enter(wrong(member.secret)).status_code == 200
    assert SESSION_KEY not in member.client.session
    assert member.enter(code_of(member.secret))["Location"] == INDEX
    assert member.client.get(INDEX).status_code == 200


def test_the_password_alone_opens_it_for_who_has_none(team: Team) -> None:
    member = Person(team, "editor")
    assert member.log_in()["Location"] == INDEX
    assert member.client.get(INDEX).status_code == 200


def test_a_wrong_password_says_the_same_with_and_without_a_second_step(team: Team) -> None:
    pages = []
    for member in (Person(team, "editor").set_up().anew(), Person(team, "editor")):
        answer = member.client.post(LOGIN, {"username": member.user.email, "password": "wrong-one-here"})
        text = answer.content.decode().replace(member.user.email, "")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text))
        assert "console_pending" not in member.client.session
    assert pages[0] == pages[1]


def test_a_code_works_once_and_no_older_one_after_it(team: Team) -> None:
    member = Person(team, "editor").set_up()
    now = code_of(member.secret)
    before = code_of(member.secret, -1)
    member.anew().log_in()
    assert member.enter(now).status_code == 302
    member.anew().log_in()
    for used in (now, before):
        assert member.enter(used).status_code == 200
    assert SESSION_KEY not in member.client.session


def test_a_recovery_code_opens_the_console_once_and_is_noted(team: Team) -> None:
    member = Person(team, "editor").set_up()
    member.anew().log_in()
    assert member.enter(member.recovery[3]).status_code == 302
    assert "login.recovery_code_used" in actions(team)
    member.anew().log_in()
    assert member.enter(member.recovery[3]).status_code == 200
    assert SESSION_KEY not in member.client.session


def test_guessing_codes_is_slow(team: Team, settings: Settings) -> None:
    member = Person(team, "editor").set_up().anew()
    member.log_in()
    settings.RATE_LIMITS = True
    told = [member.enter(wrong(member.secret)).content.decode() for _ in range(6)]
    assert "Try again in" in told[-1]
    assert member.enter(code_of(member.secret)).status_code == 200, "a right code waits as well"
    assert SESSION_KEY not in member.client.session


def test_the_wait_between_the_steps_ends(team: Team) -> None:
    member = Person(team, "editor").set_up().anew()
    member.log_in()
    session = member.client.session
    session["console_pending"] |= {"at": time.time() - 301}
    session.save()
    assert member.enter(code_of(member.secret))["Location"] == LOGIN
    assert SESSION_KEY not in member.client.session


def test_a_password_that_changed_between_the_steps_ends_the_log_in(team: Team) -> None:
    member = Person(team, "editor").set_up().anew()
    member.log_in()
    member.user.set_password("another-right-horse")
    member.user.save()
    assert member.enter(code_of(member.secret))["Location"] == LOGIN
    assert SESSION_KEY not in member.client.session


def test_a_session_from_before_the_set_up_needs_the_code_too(team: Team) -> None:
    member = Person(team, "editor")
    member.log_in()
    other = member.client
    member.anew().set_up()
    assert other.get(INDEX)["Location"].startswith(CODE)
    assert other.post(CODE, {"code": code_of(member.secret)}).status_code == 302
    assert other.get(INDEX).status_code == 200


@pytest.mark.parametrize(
    "knock",
    [
        lambda client, team: client.get(INDEX),
        lambda client, team: client.get(reverse("admin:search"), {"s": "mood"}),
        lambda client, team: client.get(reverse("admin:kernel_auditentry_changelist")),
        lambda client, team: client.get(reverse("admin:personas_mood_add")),
        lambda client, team: client.post(reverse("admin:choose_artist"), {"artist": str(team.artist.id)}),
        lambda client, team: client.get(INDEX + "no/such/page/"),
        lambda client, team: client.get(reverse("admin:jsi18n")),
        lambda client, team: client.post(reverse("admin:password_change"), {"old_password": PASSWORD}),
    ],
    ids=["index", "palette", "audit", "form", "artist", "unknown", "texts", "password"],
)
def test_where_the_artist_requires_it_every_page_leads_to_the_set_up(team: Team, knock: Callable[..., Any]) -> None:
    member = Person(team, "owner")
    require(team)
    member.log_in()
    before = len(entries(team))
    answer = knock(member.client, team)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, TWO_STEP)
    assert len(entries(team)) == before


def test_a_fragment_leads_the_whole_page_to_the_set_up(team: Team) -> None:
    member = Person(team, "owner")
    require(team)
    member.log_in()
    answer = member.client.get(reverse("admin:search"), {"s": "mood"}, headers={"HX-Request": "true"})
    assert (answer.headers["HX-Redirect"], answer.content) == (TWO_STEP, b"")


def test_every_page_of_the_site_stands_behind_the_gate(team: Team) -> None:
    """Walked from the addresses themselves: what answers somebody without the second step is listed here."""
    from django.contrib import admin

    member = Person(team, "owner")
    require(team)
    member.log_in()
    before_the_gate = {"login", "logout", "code", "two_step"}
    for url in admin.site.get_urls():
        name = getattr(url, "name", None)
        if name and name not in before_the_gate and not url.pattern.converters and not url.pattern.regex.groups:
            answer = member.client.get(reverse(f"admin:{name}"))
            assert (answer.status_code, answer.get("Location", "").split("?")[0]) == (302, TWO_STEP), name


def test_after_the_set_up_the_page_that_was_asked_for_opens(team: Team) -> None:
    member = Person(team, "editor")
    require(team)
    member.log_in()
    wanted = reverse("admin:personas_mood_changelist")
    page = member.client.get(wanted, follow=True).content.decode()
    assert "logs in with a code as well" in page
    member.secret = SECRET.findall(page)[0].replace(" ", "")
    refused = member.client.post(TWO_STEP, {"action": "set_up", "code": wrong(member.secret)}, follow=True)
    assert "does not fit" in refused.content.decode()
    assert member.totp() is None
    answer = member.client.post(TWO_STEP, {"action": "set_up", "code": code_of(member.secret), "next": wanted})
    assert f'href="{wanted}"' in answer.content.decode()
    assert member.client.get(wanted).status_code == 200
    assert actions(team)[-1] == "login.totp_set_up"


def test_the_way_on_leads_to_no_other_site(team: Team) -> None:
    member = Person(team, "editor").set_up()
    page = member.client.get(TWO_STEP, {"next": "https://elsewhere.example/"}).content.decode()
    assert "elsewhere.example" not in page
    member.anew().client.post(
        f"{LOGIN}?next=https://elsewhere.example/", {"username": member.user.email, "password": PASSWORD}
    )
    assert member.enter(code_of(member.secret))["Location"] == INDEX


def test_recovery_codes_are_shown_once(team: Team) -> None:
    member = Person(team, "editor").set_up()
    page = member.client.get(TWO_STEP).content.decode()
    assert not any(code in page for code in member.recovery)
    assert member.secret not in page.replace(" ", "")


def test_new_recovery_codes_void_the_old_ones(team: Team) -> None:
    member = Person(team, "editor").set_up()
    refused = member.client.post(TWO_STEP, {"action": "codes", "code": wrong(member.secret)}, follow=True)
    assert CODES.findall(refused.content.decode()) == []
    answer = member.client.post(TWO_STEP, {"action": "codes", "code": code_of(member.secret)})
    fresh = CODES.findall(answer.content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(member.recovery)
    member.anew().log_in()
    assert member.enter(member.recovery[0]).status_code == 200
    assert member.enter(fresh[0]).status_code == 302


def test_turning_it_off_takes_password_and_code(team: Team) -> None:
    member = Person(team, "editor").set_up()
    for fields in (
        {"password": PASSWORD, "code": wrong(member.secret)},
        {"password": "wrong-one-here", "code": member.recovery[0]},
    ):
        member.client.post(TWO_STEP, {"action": "off", **fields})
        assert member.totp() is not None
    member.client.post(TWO_STEP, {"action": "off", "password": PASSWORD, "code": code_of(member.secret)})
    assert not Authenticator.objects.filter(user=member.user).exists()
    assert actions(team)[-1] == "login.totp_removed"


def test_secrets_are_sealed_at_rest(team: Team) -> None:
    member = Person(team, "editor")
    member.log_in()
    shown = member.shown_secret()
    assert shown not in str(dict(member.client.session))
    member.set_up()
    kept = str(list(Authenticator.objects.filter(user=member.user).values_list("data", flat=True)))
    assert member.secret not in kept
    assert not any(code in kept for code in member.recovery)


# -- the team's ------------------------------------------------------------------------------------------------------


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
    member = Person(team, "editor").set_up()
    asked = api_log_in(member.user)
    assert asked.status_code == 401
    flows = {flow["id"]: flow for flow in asked.json()["data"]["flows"]}
    assert flows["mfa_authenticate"]["is_pending"]
    assert "access_token" not in asked.json()["meta"]
    session = {"X-Session-Token": asked.json()["meta"]["session_token"]}
    where = f"{API}/auth/2fa/authenticate"
    refused = Client().post(where, {"code": wrong(member.secret)}, content_type="application/json", headers=session)
    assert refused.status_code == 400
    given = Client().post(where, {"code": code_of(member.secret)}, content_type="application/json", headers=session)
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
