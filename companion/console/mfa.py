"""The second step of the console's log-in: the page that asks for the code, and the gate before every other page."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login as auth_login
from django.contrib.auth import logout as auth_logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from companion.kernel.errors import CompanionError
from tenancy import mfa
from tenancy.console.access import access_of
from tenancy.console.second_step import Gate, has_passed
from tenancy.models import User

View = Callable[..., HttpResponseBase]
PENDING = "console_pending"
PENDING_S = 300
PAGES = {Gate.SET_UP: "admin:two_step", Gate.CODE: "admin:code"}


class CodeForm(forms.Form):
    code = forms.CharField(max_length=40, strip=True)


class ConsoleLoginView(LoginView):
    """The password is the first step. Nobody is logged in before the second, where there is one."""

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if mfa.totp_of(user.pk) is None:
            return super().form_valid(form)
        auth_logout(self.request)
        self.request.session[PENDING] = {
            "user": str(user.pk),
            "password": user.get_session_auth_hash(),
            "at": time.time(),
            "next": self.get_success_url(),
        }
        return HttpResponseRedirect(reverse("admin:code"))


def gated(view: View) -> View:
    """Leads to the step that is missing, from whatever page, list, export or fragment was asked for."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        gate = access_of(request).gate
        return view(request, *args, **kwargs) if gate is None else _lead_to(gate, request)

    return inner


def code(request: HttpRequest) -> HttpResponseBase:
    """Asks whoever gave the right password, or has a session from before, for the code."""
    user, onward = _whose_turn(request)
    if user is None:
        return HttpResponseRedirect(reverse("admin:login"))
    error = _try_code(request, user) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return HttpResponseRedirect(onward)
    context = admin.site.each_context(request) | {"title": "Enter the code", "error": error, "next": onward}
    return TemplateResponse(request, "console/code.html", context)


def _lead_to(gate: Gate, request: HttpRequest) -> HttpResponse:
    where = reverse(PAGES[gate])
    if request.method == "GET" and "HX-Request" not in request.headers:
        where += f"?{urlencode({'next': request.get_full_path()})}"
    if "HX-Request" in request.headers:  # a fragment's answer would be put into the page: the page itself has to go
        return HttpResponse(headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def _whose_turn(request: HttpRequest) -> tuple[User | None, str]:
    """Who is between the steps, and where it goes on after the second."""
    if access_of(request).gate is Gate.CODE and isinstance(request.user, User):
        return request.user, safe_next(request)
    pending = request.session.get(PENDING)
    if pending is None or time.time() - pending["at"] > PENDING_S:
        request.session.pop(PENDING, None)
        return None, ""
    user = User.objects.filter(pk=UUID(pending["user"]), is_active=True).first()
    known = user is not None and user.get_session_auth_hash() == pending["password"]
    return (user if known else None), pending["next"]


def safe_next(request: HttpRequest) -> str:
    """The page that was asked for, when it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("admin:index")


def _try_code(request: HttpRequest, user: User) -> str:
    """What is wrong with the code that was sent; with a right one the person is logged in, and it says nothing."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return "Enter the code."
    try:
        method = mfa.verify(user, form.cleaned_data["code"])
    except CompanionError as refusal:
        wait = f" Try again in {refusal.retry_after_s} s." if refusal.retry_after_s else ""
        return f"{refusal.detail}.{wait}"
    if method is None:
        return "That code does not fit."
    _let_in(request, user, method)
    return ""


def _let_in(request: HttpRequest, user: User, method: mfa.Method) -> None:
    if request.session.pop(PENDING, None) is not None:
        auth_login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    authenticator = mfa.totp_of(user.pk)
    if authenticator is not None:
        has_passed(request, authenticator)
    request.session.cycle_key()
    if method is mfa.Method.RECOVERY:
        mfa.recovered(user)
