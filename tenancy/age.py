"""The platform's minimum age at sign-up. Nothing is kept of a child who asked, but a count.

The refusal sets a signed cookie for 24 hours, so that another date from the same browser gets the same answer.
"""

from datetime import date

from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.http import HttpRequest, JsonResponse

from companion.kernel.metrics import UNDERAGE_SIGNUPS
from tenancy.contracts import years_between

COOKIE = "age_mark"
COOKIE_S = 24 * 60 * 60
SALT = "tenancy.age_mark"


def check_old_enough(born: date, today: date) -> None:
    """Ends the present sign-up with 403 when the person is too young, or was a moment ago."""
    if years_between(born, today) < settings.MINIMUM_AGE or _is_marked(context.request):
        UNDERAGE_SIGNUPS.inc()
        raise ImmediateHttpResponse(_refusal())


def _is_marked(request: HttpRequest) -> bool:
    return request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=COOKIE_S) is not None


def _refusal() -> JsonResponse:
    error = {"code": "underage", "param": "birth_date", "message": "You are not old enough for this."}
    response = JsonResponse({"status": 403, "errors": [error]}, status=403)
    response["Cache-Control"] = "no-store"
    response.set_signed_cookie(
        COOKIE,
        "1",
        salt=SALT,
        max_age=COOKIE_S,
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
    )
    return response
