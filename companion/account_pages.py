"""The two pages that an e-mail leads to: confirming an address, and setting a new password. Nothing happens by GET."""

from contextlib import suppress
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import UserTokenForm
from allauth.account.internal.flows.password_reset import finalize_password_reset
from allauth.account.internal.flows.password_reset import reset_password as set_new_password
from allauth.account.models import get_emailconfirmation_model
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from companion.fan.appearance import look
from companion.kernel.errors import NotFound
from tenancy.access import access_artist
from tenancy.models import Artist


@never_cache
@require_http_methods(["GET", "POST"])
def confirm_email(request: HttpRequest, key: str) -> HttpResponse:
    """Confirms the address whose signed key the link carries."""
    title = gettext("Confirm your e-mail")
    confirmation = get_emailconfirmation_model().from_key(key)
    if confirmation is None:
        return _gone(request, title)
    if request.method == "GET":
        told = gettext("Confirm that {email} is yours.").format(email=confirmation.email_address.email)
        return _page(request, title, message=told, action=gettext("Confirm"))
    confirmation.confirm(request)
    return _page(request, title, message=gettext("Your e-mail is confirmed. You can log in now."))


@never_cache
@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest, key: str) -> HttpResponse:
    """Sets a new password. The key is void afterwards, and so is every login made with the old password."""
    title = gettext("Choose a new password")
    uid, _, token = key.partition("-")
    form = UserTokenForm(data={"uidb36": uid, "key": token})
    if not form.is_valid():
        return _gone(request, title, asks_again=True)
    asked: dict[str, Any] = {"action": gettext("Save"), "asks_password": True}
    if request.method == "GET":
        return _page(request, title, **asked)
    user = form.reset_user
    try:
        password = get_adapter().clean_password(request.POST.get("password", ""), user=user)
    except ValidationError as error:
        return _page(request, title, errors=error.messages, status=422, **asked)
    set_new_password(user, password)
    finalize_password_reset(request, user)
    return _page(request, title, message=gettext("Your new password is set. You can log in with it now."))


def _gone(request: HttpRequest, title: str, *, asks_again: bool = False) -> HttpResponse:
    """`asks_again`: the page leads to where a new link is asked for."""
    if asks_again:
        message = gettext("This link does not work any more: each works once, and not for long.")
    else:
        message = gettext("This link does not work any more. Ask for a new one in the app.")
    return _page(request, title, message=message, asks_again=asks_again, status=404)


def _page(request: HttpRequest, title: str, *, status: int = 200, **content: Any) -> HttpResponse:
    artist = _artist(request.GET.get("artist", ""))
    shown = look(request.COOKIES, artist.accent_hue) | {"title": title, "artist": artist}
    return render(request, "accounts/page.html", shown | content, status=status)


def _artist(slug: str) -> Artist:
    """The artist in whose app the link was asked for (tenancy/adapter.py), else whom the installation shows first."""
    for known in (slug, settings.DEFAULT_ARTIST):
        with suppress(NotFound):
            return access_artist(known)
    return Artist(slug=settings.DEFAULT_ARTIST)  # nobody is here yet: the page is the house's own
