"""The second step of a staff log-in, with real codes."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.console.second_step import (
    CODE,
    CODES,
    INDEX,
    LOGIN,
    SECRET,
    TWO_STEP,
    Person,
    actions,
    code_of,
    require,
    wrong,
)
from tests.console.teams import Team, entries
from tests.factories import PASSWORD


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
    latest = code_of(member.secret)
    before = code_of(member.secret, 0)
    member.anew().log_in()
    assert member.enter(latest).status_code == 302
    member.anew().log_in()
    for used in (latest, before):
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


def test_under_another_key_no_code_fits_and_nobody_gets_in(team: Team, settings: Settings) -> None:
    member = Person(team, "editor").set_up().anew()
    settings.MFA_KEY = "another-key-altogether"
    assert member.log_in()["Location"] == CODE
    answer = member.enter(code_of(member.secret))
    assert answer.status_code == 200
    assert "cannot be checked just now" in answer.content.decode()
    assert SESSION_KEY not in member.client.session
