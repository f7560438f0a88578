"""The console's read-only pages of conversations: a fan's talk in order, each turn with its trace, fans' reports."""

import json
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conversations.models import Message, Report, Turn, TurnTrace
from tenancy.console.admin import ReadOnlyAdmin
from tenancy.models import Fan
from tenancy.roles import Capability

# What one page of a talk shows at most; older messages follow by `?before=`.
PAGE = 200


class TurnAdmin(ReadOnlyAdmin):
    read = Capability.READ_CONVERSATIONS
    list_display = ("created_at", "fan_link", "status", "transport", "ended_at")
    list_filter = ("status", "transport")
    list_select_related = ("fan__user",)
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("fan_link", "status", "transport", "created_at", "ended_at", "talk")}),
        ("Why this reply", {"fields": ("persona_version", "mood_and_schedule", "passages", "verdicts")}),
        ("Who answered", {"fields": ("provider", "usage", "timings")}),
        ("Exact prompt", {"fields": ("prompt",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for _, options in self.fieldsets for name in options["fields"])

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (("fan/<uuid:fan>/", "conversations_turn_fan", self.talk_view),)

    def talk_view(self, request: HttpRequest, fan: UUID, model_admin: object) -> HttpResponse:
        """One fan's messages, oldest first, each with the way to its turn."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Fan.objects.select_related("user").filter(pk=fan).first()
        if found is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, Fan._meta, str(fan))
            return missing
        messages = list(_messages_before(found, request.GET.get("before", ""))[: PAGE + 1])
        context = self.admin_site.each_context(request) | {
            "title": f"Conversation with {found.user.name or found.user.email}",
            "opts": self.opts,
            "talk": messages[:PAGE][::-1],
            "older": messages[PAGE - 1].pk if len(messages) > PAGE else None,
        }
        return TemplateResponse(request, "console/talk.html", context)

    @admin.display(description="fan", ordering="fan__user__email")
    def fan_link(self, turn: Turn) -> SafeString:
        address = reverse("admin:conversations_turn_fan", args=[turn.fan_id])
        return format_html('<a href="{}">{}</a>', address, turn.fan.user.email)

    @admin.display(description="messages")
    def talk(self, turn: Turn) -> SafeString:
        messages = list(turn.messages.order_by("created_at", "id"))
        return _pre("\n\n".join(f"{m.role} ({m.status}{_extras(m)}): {m.text}" for m in messages))

    @admin.display(description="persona version")
    def persona_version(self, turn: Turn) -> str:
        trace = _trace(turn)
        return f"{trace.context.get('persona_version', '')} ({trace.persona_version_id})" if trace else ""

    @admin.display(description="mood and schedule")
    def mood_and_schedule(self, turn: Turn) -> SafeString:
        trace = _trace(turn)
        return _json({key: trace.context.get(key) for key in ("mood", "schedule")} if trace else None)

    @admin.display(description="context")
    def passages(self, turn: Turn) -> SafeString:
        trace = _trace(turn)
        return _json({k: v for k, v in trace.context.items() if k not in ("mood", "schedule")} if trace else None)

    @admin.display(description="verdicts")
    def verdicts(self, turn: Turn) -> SafeString:
        trace = _trace(turn)
        return _json(trace.verdicts if trace else None)

    @admin.display(description="provider and model")
    def provider(self, turn: Turn) -> str:
        trace = _trace(turn)
        return f"{trace.provider} {trace.model}".strip() if trace else ""

    @admin.display(description="tokens")
    def usage(self, turn: Turn) -> SafeString:
        trace = _trace(turn)
        return _json(trace.usage if trace else None)

    @admin.display(description="timings in ms")
    def timings(self, turn: Turn) -> SafeString:
        trace = _trace(turn)
        return _json(trace.timings_ms if trace else None)

    @admin.display(description="prompt")
    def prompt(self, turn: Turn) -> SafeString:
        trace = _trace(turn)
        return _json(trace.prompt if trace else None)


class ReportAdmin(ReadOnlyAdmin):
    read = Capability.MODERATE
    list_display = ("created_at", "reason", "note")
    list_filter = ("reason",)
    list_select_related = ("message",)
    ordering = ("-created_at",)
    fields = ("created_at", "reason", "note", "reported", "turn")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    @admin.display(description="message")
    def reported(self, report: Report) -> SafeString:
        return _pre(report.message.text)

    @admin.display(description="turn")
    def turn(self, report: Report) -> SafeString:
        address = reverse("admin:conversations_turn_change", args=[report.message.turn_id])
        return format_html('<a href="{}">{}</a>', address, "what led to it")


def _messages_before(fan: Fan, before: str) -> Any:
    """Newest first; ids are ordered by time. A `before` that is no id is ignored."""
    messages = Message.objects.filter(fan=fan).order_by("-id")
    try:
        return messages.filter(pk__lt=UUID(before))
    except ValueError:
        return messages


def _trace(turn: Turn) -> TurnTrace | None:
    """The trace, read once for the page's many fields."""
    if not hasattr(turn, "console_trace"):
        turn.console_trace = turn.traces.first()  # type: ignore[attr-defined]  # lives as long as this page
    found: TurnTrace | None = turn.console_trace  # type: ignore[attr-defined]  # set above
    return found


def _extras(message: Message) -> str:
    marks = [message.emotion, "degraded" if message.degraded else ""]
    return "".join(f", {mark}" for mark in marks if mark)


def _pre(text: str) -> SafeString:
    return format_html('<div class="console-pre">{}</div>', text)


def _json(value: object) -> SafeString:
    return _pre("" if value is None else json.dumps(value, indent=1, ensure_ascii=False))


admin.site.register(Turn, TurnAdmin)
admin.site.register(Report, ReportAdmin)
