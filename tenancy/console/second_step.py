"""Whether a session of the console has passed its second step. access.py asks for every request.

A session that has passed names the authenticator that it passed with: after a reset it has to pass anew.
"""

from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from tenancy.mfa import totp_of
from tenancy.models import User

SESSION_KEY = "console_second_step"


class Gate(StrEnum):
    """What stands between a person and the console."""

    SET_UP = "set_up"  # an authenticator is required, and there is none
    CODE = "code"  # there is one, and this session has not shown a code of it


def gate_of(request: HttpRequest, user: User, *, required: bool) -> Gate | None:
    authenticator = totp_of(user.pk)
    if authenticator is None:
        demanded = required or (user.is_superuser and settings.STAFF_TOTP_REQUIRED)
        return Gate.SET_UP if demanded else None
    passed = request.session.get(SESSION_KEY) == str(authenticator.pk)
    return None if passed else Gate.CODE


def has_passed(request: HttpRequest, authenticator: Authenticator) -> None:
    request.session[SESSION_KEY] = str(authenticator.pk)
