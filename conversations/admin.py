"""The console's lists of turns and of fans' reports. What was said stands behind a reason (console/pages.py)."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from companion.kernel.metrics import TRANSPORTS
from conversations.console.explain import Figures, figures
from conversations.console.pages import address_of, conversation
from conversations.models import Report, Turn, TurnTrace
from tenancy.console.admin import ReadOnlyAdmin
from tenancy.console.columns import column
from tenancy.console.paging import known_values
from tenancy.models import Fan
from tenancy.roles import Capability

OUTCOMES = {"completed": "success", "failed": "danger", "cancelled": "warning", "running": "info"}
NOTHING = Figures(chart=None, tokens="", cost="", provider="", persona="")
VERDICTS = {"allow": "success", "hold": "warning", "deflect": "info", "block": "danger", "crisis": "danger"}


class TurnAdmin(ReadOnlyAdmin):
    """Counts and statuses. A search is by a fan's whole e-mail address or an id: nothing else has an index."""

    read = Capability.READ_CONVERSATIONS
    list_display = ("when", "fan_link", "outcome", "first_token", "whole_turn", "verdict", "transport", "open_link")
    list_display_links = ("when",)
    list_filter = ("status", known_values("transport", TRANSPORTS))
    list_select_related = ("fan__user",)
    search_fields = ("pk",)
    search_help_text = "E-mail address, or id of a turn or fan"
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("open_link", "fan_link", "outcome", "transport", "created_at", "ended_at")}),
        ("Figures", {"fields": ("first_token", "whole_turn", "tokens", "cost", "provider", "persona", "verdict")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Turn]:
        """The traces come along in one query, without their prompts, which may be long."""
        traces = Prefetch("traces", TurnTrace.objects.defer("prompt"))
        rows: QuerySet[Turn] = super().get_queryset(request).prefetch_related(traces)
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for _, options in self.fieldsets for name in options["fields"])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Turn], search_term: str
    ) -> tuple[QuerySet[Turn], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        try:
            key = UUID(term)
        except ValueError:
            return queryset.filter(fan__user__email=term.lower()), False
        return queryset.filter(fan_id=key) if Fan.objects.filter(pk=key).exists() else queryset.filter(pk=key), False

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (("fan/<uuid:fan>/", "conversations_turn_fan", self.talk_view),)

    def talk_view(self, request: HttpRequest, fan: UUID, model_admin: object) -> HttpResponse:
        """One fan's conversation, for whoever gives a reason."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Fan.objects.select_related("user").filter(pk=fan).first()
        if found is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, Fan._meta, str(fan))
            return missing
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return conversation(request, found, frame)

    @column("when, UTC", ordering="id")
    def when(self, turn: Turn) -> str:
        return f"{turn.created_at:%-d %b %Y, %H:%M:%S}"

    @column("fan")
    def fan_link(self, turn: Turn) -> SafeString:
        return format_html('<a href="{}">{}</a>', address_of(turn.fan_id), turn.fan.user.email)

    @column("conversation")
    def open_link(self, turn: Turn) -> SafeString:
        return format_html('<a href="{}">Open at this turn</a>', address_of(turn.fan_id, turn.pk))

    @column("outcome", labels=OUTCOMES)
    def outcome(self, turn: Turn) -> str:
        return turn.status

    @column("first token")
    def first_token(self, turn: Turn) -> str:
        chart = _figures(turn).chart
        return f"{chart.first_token_ms:.0f} ms" if chart and chart.first_token_ms is not None else "none"

    @column("whole turn")
    def whole_turn(self, turn: Turn) -> str:
        chart = _figures(turn).chart
        return f"{chart.whole_ms:,.0f} ms" if chart else "not known"

    @column("tokens in + out")
    def tokens(self, turn: Turn) -> str:
        return _figures(turn).tokens

    @column("cost")
    def cost(self, turn: Turn) -> str:
        return _figures(turn).cost

    @column("provider and model")
    def provider(self, turn: Turn) -> str:
        return _figures(turn).provider

    @column("persona version")
    def persona(self, turn: Turn) -> str:
        return _figures(turn).persona

    @column("verdict", labels=VERDICTS)
    def verdict(self, turn: Turn) -> str:
        """The one that decided: whatever is not allow."""
        trace = _trace(turn)
        told = trace.verdicts if trace and isinstance(trace.verdicts, list) else []
        return next((v["action"] for v in told if v.get("action") != "allow"), "allow" if told else "")


class ReportAdmin(ReadOnlyAdmin):
    """What a fan reported; the message itself stands in the conversation, behind a reason."""

    read = Capability.MODERATE
    list_display = ("created_at", "reason", "note", "open_link")
    list_filter = ("reason",)
    list_select_related = ("message",)
    ordering = ("-id",)
    fields = ("created_at", "reason", "note", "open_link")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    @column("conversation")
    def open_link(self, report: Report) -> SafeString:
        address = address_of(report.fan_id, report.message.turn_id, reason=f"A fan's report: {report.reason}")
        return format_html('<a href="{}">What led to it</a>', address)


def _trace(turn: Turn) -> TurnTrace | None:
    """As get_queryset fetched it: no query of its own."""
    return next(iter(turn.traces.all()), None)


def _figures(turn: Turn) -> Figures:
    trace = _trace(turn)
    return figures(trace) if trace else NOTHING


admin.site.register(Turn, TurnAdmin)
admin.site.register(Report, ReportAdmin)
