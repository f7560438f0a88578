"""Where django-allauth asks us: whose address counts, what a new account holds, how a throttled log-in is answered."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms import BaseForm
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext

from companion.kernel.limits import client_address
from tenancy.models import User
from tenancy.sessions import remember_device
from tenancy.signup import apply_fields

ARTIST_PAGE = re.compile(r"/a/([-\w]{1,60})(?:/|$)", re.ASCII)
LONGEST_EMAIL = 254  # of the column (RFC 5321, 4.5.3.1.3, without the angle brackets)
LOCKED_S = 300  # ACCOUNT_RATE_LIMITS["login_failed"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request.META, settings.TRUSTED_PROXIES)

    def clean_email(self, email: str) -> str:
        """allauth would cut a longer one to fit, and make an account of what is left."""
        MaxLengthValidator(LONGEST_EMAIL)(email)
        return str(super().clean_email(email))

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        remember_device(request)

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Writes the account in one statement, with everything that the form asked for."""
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or request.headers.get("Accept-Language", "")
        apply_fields(user, form.cleaned_data, wanted)
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _link(request, "confirm_email", emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _link(context.request, "reset_password", key)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many wrong passwords for one account: 429, whether or not the account exists."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise ImmediateHttpResponse(_throttled()) from error


def _link(request: HttpRequest, page: str, key: str) -> str:
    """An address for an e-mail. It names the artist in whose app it was asked for, so that the way leads back there."""
    artist = ARTIST_PAGE.match(urlsplit(request.headers.get("Referer", "")).path)
    query = f"?{urlencode({'artist': artist[1]})}" if artist else ""
    return request.build_absolute_uri(reverse(page, args=[key]) + query)


def _throttled() -> JsonResponse:
    error = {"code": "rate_limited", "message": gettext("Too many attempts. Try again in a few minutes.")}
    response = JsonResponse({"status": 429, "errors": [error]}, status=429)
    response["Retry-After"] = str(LOCKED_S)
    response["Cache-Control"] = "no-store"
    return response
