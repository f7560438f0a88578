"""The one model admin of the console: every page of every model goes through it, and tests walk the registry."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from companion.kernel.errors import CompanionError
from tenancy.console import conflicts
from tenancy.console.access import Access, access_of
from tenancy.console.filters import SavedFiltersMixin
from tenancy.console.forms import ConsoleForm
from tenancy.console.paging import CappedPaginator
from tenancy.roles import Capability

# Every form of the console carries the artist that it was opened for (templates/admin/change_form.html).
ARTIST_FIELD = "console_artist"


class TenantModelAdmin(SavedFiltersMixin, ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Reads through the model's scoped manager, asks tenancy/roles.py, and writes through services alone.

    A subclass names the capability for reading and, where something may change, the one for writing and the verbs;
    `write_row` and `remove_row` hand over to the app's service, which audits.
    """

    read: ClassVar[Capability]
    write: ClassVar[Capability | None] = None
    verbs: ClassVar[frozenset[str]] = frozenset()

    form = ConsoleForm
    actions = None
    list_per_page = 50
    list_max_show_all = 0
    paginator = CappedPaginator
    show_full_result_count = False
    list_select_related: bool | tuple[str, ...] = False
    view_on_site = False

    def write_row(self, access: Access, obj: Any, form: Any) -> None:
        """Saves through the app's service. CompanionError becomes a message on the form's page."""
        raise NotImplementedError

    def remove_row(self, access: Access, obj: Any) -> None:
        """Deletes through the app's service."""
        raise NotImplementedError

    # What a role may do. `obj` may be a string id (Unfold), so nothing is read from it.
    def _may(self, request: HttpRequest, verb: str) -> bool:
        return verb in self.verbs and self.write is not None and access_of(request).allows(self.write)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return access_of(request).allows(self.read)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.has_view_permission(request) and self._may(request, "change") and self.may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.has_view_permission(request) and self._may(request, "delete") and self.may_touch(request, obj)

    def may_touch(self, request: HttpRequest, obj: object) -> bool:
        """Whether this very row may be written; shared rows of no artist are the platform's."""
        return True

    # What is written goes through services; Django's own log stays empty, the audit chain is the log.
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.write_row(access_of(request), obj, form)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove_row(access_of(request), obj)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return LogEntry()

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return LogEntry()

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        return []

    # Pages
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        def view() -> HttpResponseBase:
            if request.method == "POST" and object_id is not None:
                self._hold(request, object_id)
            answer: HttpResponseBase = super(TenantModelAdmin, self).changeform_view(
                request, object_id, form_url, extra_context
            )
            return answer

        return self._guarded(request, view)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return self._guarded(
            request, lambda: super(TenantModelAdmin, self).delete_view(request, object_id, extra_context)
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Leads to the object's entries in the audit log, which only exist for rows of this artist."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, object_id)
        if obj is None:
            redirect: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return redirect
        return HttpResponseRedirect(reverse("admin:kernel_auditentry_changelist") + f"?object_id={obj.pk}")

    def _hold(self, request: HttpRequest, object_id: str) -> None:
        """The row's lock, before the form compares what it was opened with (conflicts.py)."""
        try:
            key = self.opts.pk.to_python(object_id)
        except ValidationError:
            return  # Django's view tells that there is no such row
        if self.has_change_permission(request):
            conflicts.hold(self.get_queryset(request), key)

    def _guarded(self, request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """Refuses a form that was opened for another artist, and tells a service's refusal in its own words."""
        opened_for = request.POST.get(ARTIST_FIELD)
        if opened_for and opened_for != str(access_of(request).artist):
            messages.error(request, "Another artist was chosen since this page was opened. Nothing was saved.")
            return HttpResponseRedirect(reverse("admin:index"))
        try:
            return view()
        except CompanionError as refusal:
            messages.error(request, refusal.detail)
            return HttpResponseRedirect(request.get_full_path())


class ReadOnlyAdmin(TenantModelAdmin):
    """Rows that the product writes and staff only look at."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(field.name for field in self.opts.fields)
