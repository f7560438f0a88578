"""The two pages that an e-mail leads to: confirming an address, and setting a new password. Nothing happens by GET."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import UserTokenForm
from allauth.account.internal.flows.password_reset import finalize_password_reset
from allauth.account.internal.flows.password_reset import reset_password as set_new_password
from allauth.account.models import get_emailconfirmation_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

GONE = "This link does not work any more. Ask for a new one in the app."


@never_cache
@require_http_methods(["GET", "POST"])
def confirm_email(request: HttpRequest, key: str) -> HttpResponse:
    """Confirms the address whose signed key the link carries."""
    confirmation = get_emailconfirmation_model().from_key(key)
    if confirmation is None:
        return _page(request, "Confirm your e-mail", message=GONE, status=404)
    if request.method == "GET":
        return _page(request, "Confirm your e-mail", action="Confirm")
    confirmation.confirm(request)
    return _page(request, "Confirm your e-mail", message="Your e-mail is confirmed. You can log in now.")


@never_cache
@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest, key: str) -> HttpResponse:
    """Sets a new password. The key is void afterwards, and so is every login made with the old password."""
    uid, _, token = key.partition("-")
    form = UserTokenForm(data={"uidb36": uid, "key": token})
    if not form.is_valid():
        return _page(request, "New password", message=GONE, status=404)
    if request.method == "GET":
        return _page(request, "New password", action="Save", asks_password=True)
    user = form.reset_user
    try:
        password = get_adapter().clean_password(request.POST.get("password", ""), user=user)
    except ValidationError as error:
        return _page(request, "New password", action="Save", asks_password=True, errors=error.messages, status=422)
    set_new_password(user, password)
    finalize_password_reset(request, user)
    return _page(request, "New password", message="Your new password is set. You can log in with it now.")


def _page(
    request: HttpRequest,
    title: str,
    *,
    message: str = "",
    action: str = "",
    asks_password: bool = False,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    content = {
        "title": title,
        "message": message,
        "action": action,
        "asks_password": asks_password,
        "errors": errors or [],
    }
    return render(request, "accounts/page.html", content, status=status)
