"""The cases in the console: the queue's page, one case in it, and the plain list of all, the decided ones too."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from companion.console.review import listing, page, steps
from companion.kernel.errors import CompanionError
from moderation.models import Case
from tenancy.console.admin import ReadOnlyAdmin
from tenancy.console.columns import column
from tenancy.console.filters import is_filter_action
from tenancy.console.people import names_of
from tenancy.roles import Capability

# The page under which the queue's saved filters are kept: its filters are not those of the plain list.
FILTERS = "moderation.case.queue"


class CaseAdmin(ReadOnlyAdmin):
    """Cases are decided in the queue; here they are found again. Nothing of what a fan said stands in the list."""

    read = Capability.MODERATE
    list_display = ("created_at", "kind", "status", "outcome", "closed_at", "open_link")
    list_filter = ("status", "kind", "outcome")
    fields = ("kind", "status", "outcome", "decider", "open_link", "created_at", "closed_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("queue/", "moderation_case_queue", self.queue_view),
            ("queue/<uuid:key>/", "moderation_case_review", self.review_view),
        )

    @column("review")
    def open_link(self, case: Case) -> SafeString:
        address = reverse("admin:moderation_case_review", args=[case.pk])
        return format_html('<a href="{}">Open in the queue</a>', address)

    @column("decided by")
    def decider(self, case: Case) -> str:
        return names_of([case.decided_by])[case.decided_by] if case.decided_by else ""

    def queue_view(self, request: HttpRequest, model_admin: object) -> HttpResponseBase:
        """The queue beside its first case."""
        return self._opened(request, lambda: self._queue(request))

    def review_view(self, request: HttpRequest, key: UUID, model_admin: object) -> HttpResponseBase:
        """The queue beside this case; a POST takes one of its steps."""
        return self._opened(request, lambda: self._guarded(request, lambda: self._review(request, key)))

    def _opened(self, request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """To whoever may see cases; the forms of the saved filters are the queue's on either page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.filter_action(request, FILTERS) if is_filter_action(request) else view()

    def _queue(self, request: HttpRequest) -> HttpResponse:
        return self._shown(request, None) if request.method == "GET" else HttpResponseNotAllowed(["GET"])

    def _review(self, request: HttpRequest, key: UUID) -> HttpResponse:
        case = page.case_of(key)
        if case is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, str(key))
            return missing
        if request.method != "POST":
            return self._shown(request, case)
        try:
            return steps.take(request, case, listing.filter_of(request))
        except CompanionError as refusal:
            return self._shown(request, page.case_of(key), refusal)

    def _shown(self, request: HttpRequest, case: Case | None, refusal: CompanionError | None = None) -> HttpResponse:
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        if request.GET.get("part") == "list":
            return page.show_list(request, case, frame)
        kept = self.saved_filters(request, FILTERS, listing.filter_of(request).query)
        return page.show(request, case, frame | kept, refusal)
