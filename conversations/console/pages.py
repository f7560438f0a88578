"""The view of a fan's conversation: GET asks for the reason or shows the talk, POST opens and closes the access."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from companion.kernel.errors import ValidationFailed
from conversations.console import grants, reading
from conversations.models import ReadingGrant
from moderation import selectors as moderation
from tenancy.console.access import access_of
from tenancy.models import Fan


def conversation(request: HttpRequest, fan: Fan, frame: dict[str, Any]) -> HttpResponse:
    """`frame` is what every page of the console has. Whoever calls has asked for the capability to read."""
    access = access_of(request)
    if access.user is None:
        raise LookupError("the console lets nobody through without a login")
    if request.method == "POST":
        return _opened_or_closed(request, fan, access.user, frame)
    grant = grants.active(fan.pk, access.user)
    if grant is None:
        return _ask(request, fan, frame)
    return _show(request, fan, grant, frame)


def address_of(fan: UUID, turn: UUID | None = None, *, reason: str = "") -> str:
    """Where a fan's conversation stands, at one of its turns; `reason` is proposed to whoever has to give one."""
    told = {name: str(value) for name, value in (("turn", turn), ("reason", reason)) if value}
    address = reverse("admin:conversations_turn_fan", args=[fan])
    there = f"#turn-{turn}" if turn else ""  # where it stands in a long talk; a redirect without its own keeps it
    return f"{address}?{urlencode(told)}{there}" if told else address


def _opened_or_closed(request: HttpRequest, fan: Fan, user: UUID, frame: dict[str, Any]) -> HttpResponse:
    actor = access_of(request).actor
    if request.POST.get("action") == "close":
        grants.close_reading(fan, user, actor=actor)
        messages.success(request, "Access is closed.")
        return HttpResponseRedirect(reverse("admin:conversations_turn_changelist"))
    try:
        grants.open_reading(fan, user, request.POST.get("reason", ""), actor=actor)
    except ValidationFailed as refusal:
        return _ask(request, fan, frame, error=refusal.detail)
    return HttpResponseRedirect(request.get_full_path())


def _ask(request: HttpRequest, fan: Fan, frame: dict[str, Any], error: str = "") -> HttpResponse:
    context = frame | {
        "title": "Open a conversation",
        "fan": fan,
        "counts": reading.counts(fan.pk),
        "cases": moderation.open_cases_of(fan.pk),
        "reason": request.POST.get("reason", request.GET.get("reason", ""))[: grants.LONGEST_REASON],
        "longest": grants.LONGEST_REASON,
        "minutes": int(grants.LASTS.total_seconds() // 60),
        "error": error,
    }
    return TemplateResponse(request, "console/conversation_reason.html", context, status=422 if error else 200)


def _show(request: HttpRequest, fan: Fan, grant: ReadingGrant, frame: dict[str, Any]) -> HttpResponse:
    talk = reading.talk(fan.pk, turn=_id(request, "turn"), upto=_id(request, "upto"))
    left = grant.expires_at - timezone.now()
    context = frame | {
        "title": f"Conversation with {fan.user.name or fan.user.email}",
        "fan": fan,
        "grant": grant,
        "seconds_left": max(0, int(left.total_seconds())),
        "minutes_left": max(1, -int(-left.total_seconds() // 60)),
        "talk": talk,
        "explanation": talk.explanation,
    }
    return TemplateResponse(request, "console/conversation.html", context)


def _id(request: HttpRequest, name: str) -> UUID | None:
    """A turn's id from the address; None for what is none."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None
