"""A member of staff with a second step: her browser, her phone's codes worked out from RFC 6238."""

import base64
import hashlib
import hmac
import re
import secrets
import struct
import time
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tenancy.context import tenant
from tenancy.models import Artist
from tests.console.teams import Team, entries, make_user
from tests.factories import PASSWORD

TWO_STEP, CODE, INDEX, LOGIN = (reverse(f"admin:{name}") for name in ("two_step", "code", "index", "login"))
SECRET = re.compile(r'id="totp-secret">([A-Z2-7 ]+)<')
CODES = re.compile(r"<li>\s*<code>(\d+)</code>")
PERIOD_S = 30


def code_of(secret: str, step: int = 1) -> str:
    """RFC 6238's code `step` time steps from now. The next one counts already, and still does should it begin."""
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

    def set_up(self, step: int = 0) -> "Person":
        """With the code of now, so that the test can log in with the one after it."""
        self.log_in()
        self.secret = self.shown_secret()
        answer = self.client.post(TWO_STEP, {"action": "set_up", "code": code_of(self.secret, step)})
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
