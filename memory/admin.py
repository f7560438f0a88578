"""The console's page of memory: talk that could not be read, and how far the vectors are. No fan's words stand here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from companion.providers.embeddings import configured
from memory import reembedding, services
from memory.models import SessionMark
from tenancy.console.access import Access, access_of
from tenancy.console.columns import column
from tenancy.console.steps import Step, StepAdmin
from tenancy.roles import Capability

WHY = {"unreadable_answer": "the model's answer could not be read, twice"}
WAITS, PASSED = "tried again with the next session", "passed over"


def _read_again(access: Access, mark: SessionMark) -> str:
    services.read_again(mark.fan_id, artist=access.artist, actor=access.actor)
    return "The talk is read again; what was kept from later talk stays, and nothing is kept twice."


class SessionMarkAdmin(StepAdmin):
    """Only what failed is listed. The model's answer is kept for nobody's eyes here: it quotes the fan."""

    read = Capability.CONTROL
    write = Capability.CONTROL
    list_display = ("when", "fan_id", "why", "state", "open_link")
    list_display_links = ("when",)
    ordering = ("-failed_at",)
    fields = ("fan_id", "when", "why", "state", "tries", "last_said_at")
    list_before_template = "console/memory_vectors.html"
    nothing_yet = "No talk waits: whatever ended was read."
    steps = (
        Step(
            "read_again",
            "Read it again",
            lambda _mark: "A job asks the model once more about this talk and all that was said after it.",
            _read_again,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SessionMark]:
        rows: QuerySet[SessionMark] = super().get_queryset(request)
        return rows.filter(failed_at__isnull=False)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        model = configured.model()
        shown = {"model": model, "vectors": reembedding.progress(model, artist=access_of(request).artist)}
        answer: HttpResponseBase = super().changelist_view(request, shown | (extra_context or {}))
        return answer

    @column("failed, UTC", ordering="failed_at")
    def when(self, mark: SessionMark) -> str:
        return f"{mark.failed_at:%-d %b %Y, %H:%M}" if mark.failed_at else ""

    @column("why")
    def why(self, mark: SessionMark) -> str:
        return WHY.get(mark.failed_code, mark.failed_code or "not known")

    @column("state", labels={WAITS: "info", PASSED: "warning"})
    def state(self, mark: SessionMark) -> str:
        return PASSED if mark.passed_over else WAITS

    @column("tries since")
    def tries(self, mark: SessionMark) -> int:
        return mark.attempts

    @column("read it again")
    def open_link(self, mark: SessionMark) -> SafeString:
        address = reverse(f"admin:{self.step_url(self.steps[0])}", args=[mark.pk])
        return format_html('<a href="{}">Read it again</a>', address)


admin.site.register(SessionMark, SessionMarkAdmin)
