"""A person's own two-step log-in: set up, new recovery codes, off; and for an owner, that of the team."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import qrcode  # type: ignore[import-untyped]  # ships no types
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from companion.console.mfa import PAGES, safe_next
from companion.kernel.errors import CompanionError, NotFound, ValidationFailed
from tenancy import mfa
from tenancy.console.access import Access, access_of, choose
from tenancy.console.second_step import Gate, has_passed
from tenancy.context import tenant
from tenancy.models import Artist, StaffRole, User
from tenancy.roles import Capability

SECRET = "console_new_totp"  # noqa: S105 -- the session's key for it, not the secret
QUIET = 4  # modules of white around a QR code (ISO/IEC 18004)
Action = Callable[[HttpRequest, Access, User], HttpResponseBase]


def two_step(request: HttpRequest) -> HttpResponseBase:
    """Open to who is in the console, and to who comes in only after setting this up."""
    access = access_of(request)
    if access.gate is Gate.CODE:
        return HttpResponseRedirect(reverse(PAGES[Gate.CODE]))
    if access.wanted is None or not isinstance(request.user, User):
        return HttpResponseRedirect(reverse("admin:login"))
    if request.method != "POST":
        return _page(request, access, request.user)
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        return HttpResponseRedirect(reverse("admin:two_step"))
    try:
        return action(request, access, request.user)
    except CompanionError as refusal:
        messages.error(request, refusal.detail)
        return HttpResponseRedirect(request.get_full_path())


# -- one's own -------------------------------------------------------------------------------------------------------


def _set_up(request: HttpRequest, access: Access, user: User) -> HttpResponseBase:
    sealed = request.session.get(SECRET)
    if sealed is None:
        raise ValidationFailed("This page was open for too long. Scan the new code.")
    secret = mfa.MFAAdapter().decrypt(sealed)
    authenticator, codes = mfa.activate(user, secret, request.POST.get("code", ""), artist=_artist(access))
    del request.session[SECRET]
    request.session.cycle_key()
    has_passed(request, authenticator)
    return _page(request, access, user, codes=codes)


def _new_codes(request: HttpRequest, access: Access, user: User) -> HttpResponseBase:
    _prove(user, request.POST.get("code", ""))
    return _page(request, access, user, codes=mfa.new_codes(user, artist=_artist(access)))


def _turn_off(request: HttpRequest, access: Access, user: User) -> HttpResponseBase:
    fits = mfa.verify(user, request.POST.get("code", "")) is not None
    if not (user.check_password(request.POST.get("password", "")) and fits):
        raise ValidationFailed("Password and code do not fit. Nothing was changed.")
    mfa.deactivate(user, artist=_artist(access))
    messages.success(request, "Two-step log-in is off.")
    return HttpResponseRedirect(reverse("admin:two_step"))


def _turn_to_other_artist(request: HttpRequest, access: Access, user: User) -> HttpResponseBase:
    """Away from an artist whose team needs the second step, to one whose does not."""
    choose(request, request.POST.get("artist", ""))
    return HttpResponseRedirect(reverse("admin:index"))


def _prove(user: User, code: str) -> None:
    if mfa.verify(user, code) is None:
        raise ValidationFailed("That code does not fit.")


# -- the team's ------------------------------------------------------------------------------------------------------


def _require(request: HttpRequest, access: Access, user: User) -> HttpResponseBase:
    _owner_alone(access)
    required = request.POST.get("required") == "yes"
    mfa.require_for_team(Artist.objects.get(pk=access.artist), required, owner=user)
    told = "The team opens the console with a code from now on." if required else "The password alone is enough again."
    messages.success(request, told)
    return HttpResponseRedirect(reverse("admin:two_step"))


def _reset(request: HttpRequest, access: Access, user: User) -> HttpResponseBase:
    _owner_alone(access)
    with tenant(access.artist):
        assigned = _member(request.POST.get("member", ""))
        if assigned.user_id == user.pk:
            raise ValidationFailed("Turn your own off with password and code.")
        mfa.reset_member(assigned, actor=access.actor)
    messages.success(request, f"{assigned.user.email} logs in with the password alone and sets it up anew.")
    return HttpResponseRedirect(reverse("admin:two_step"))


def _owner_alone(access: Access) -> None:
    if not access.allows(Capability.MANAGE_STAFF):
        raise ValidationFailed("Only an owner decides this.")


def _member(key: str) -> StaffRole:
    try:
        found = StaffRole.objects.select_related("user").filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("There is no such member in the team.")
    return found


ACTIONS: dict[str, Action] = {
    "set_up": _set_up,
    "codes": _new_codes,
    "off": _turn_off,
    "artist": _turn_to_other_artist,
    "require": _require,
    "reset": _reset,
}


# -- the page --------------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, access: Access, user: User, codes: list[str] | None = None) -> HttpResponse:
    with tenant(_artist(access)):
        authenticator = mfa.totp_of(user.pk)
        context = admin.site.each_context(request) | {
            "title": "Two-step log-in",
            "layout": "unfold/layouts/unauthenticated.html" if access.gate else "admin/base_site.html",
            "access": access,
            "authenticator": authenticator,
            "codes": codes,
            "next": safe_next(request),
            "codes_left": mfa.codes_left(user.pk),
            "team": _team(access),
            "required": access.wanted is not None and access.wanted.totp_required,
        }
        if authenticator is None:
            context |= _secret(request, user)
        response = TemplateResponse(request, "console/two_step.html", context)
        response["Cache-Control"] = "no-store"
        return response.render()


def _secret(request: HttpRequest, user: User) -> dict[str, Any]:
    """The same secret until it is set up, so that a page that is loaded again fits the app that scanned it."""
    adapter = mfa.MFAAdapter()
    sealed = request.session.setdefault(SECRET, adapter.encrypt(mfa.new_secret()))
    secret = adapter.decrypt(sealed)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    path, size = _qr(mfa.setup_url(user, secret))
    return {"secret": spaced, "qr": path, "qr_size": size}


def _qr(text: str) -> tuple[str, int]:
    """The dark modules as an SVG path, and the side's length in modules."""
    code = qrcode.QRCode(border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    return "".join(dark), len(rows)


def _team(access: Access) -> list[dict[str, Any]]:
    """For an owner: who of the team has it."""
    if not access.allows(Capability.MANAGE_STAFF):
        return []
    members = list(StaffRole.objects.select_related("user").order_by("user__email"))
    having = Authenticator.objects.filter(user__in=[m.user_id for m in members], type=Authenticator.Type.TOTP)
    since = {found.user_id: found.created_at for found in having}
    return [
        {
            "key": member.pk,
            "email": member.user.email,
            "role": member.role,
            "since": since.get(member.user_id),
            "me": member.user_id == access.user,
        }
        for member in members
    ]


def _artist(access: Access) -> UUID:
    """The artist in whose audit log it stands."""
    if access.wanted is None:
        raise LookupError("two_step lets nobody through without an artist")
    return access.wanted.artist
