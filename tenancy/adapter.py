"""Where django-allauth asks us: whose address counts, what a new account holds, how a throttled log-in is answered."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from companion.kernel.limits import client_address
from tenancy.models import User
from tenancy.signup import apply_fields

LOCKED_S = 300  # ACCOUNT_RATE_LIMITS["login_failed"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request.META, settings.TRUSTED_PROXIES)

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Writes the account in one statement, with everything that the form asked for."""
        apply_fields(user, form.cleaned_data, request.headers.get("Accept-Language", ""))
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return request.build_absolute_uri(reverse("confirm_email", args=[emailconfirmation.key]))

    def get_reset_password_from_key_url(self, key: str) -> str:
        return str(context.request.build_absolute_uri(reverse("reset_password", args=[key])))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many wrong passwords for one account: 429, whether or not the account exists."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise ImmediateHttpResponse(_throttled()) from error


def _throttled() -> JsonResponse:
    error = {"code": "rate_limited", "message": "Too many attempts. Try again in a few minutes."}
    response = JsonResponse({"status": 429, "errors": [error]}, status=429)
    response["Retry-After"] = str(LOCKED_S)
    response["Cache-Control"] = "no-store"
    return response
