"""Saved filters above every list: apply, save, rename, delete. The list's own page takes their forms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from companion.kernel.errors import CompanionError, NotFound
from tenancy import saved_filters
from tenancy.console.access import access_of

ACTION = "filter_action"


def is_filter_action(request: HttpRequest) -> bool:
    return request.method == "POST" and ACTION in request.POST


class SavedFiltersMixin:
    """For model admins, before Unfold's. A list with a template of its own above it includes the chips there."""

    list_before_template = "console/saved_filters.html"
    opts: Any
    has_view_permission: Any

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if is_filter_action(request):
            return self.filter_action(request, self.opts.label_lower)
        shown = self.saved_filters(request, self.opts.label_lower, request.GET.urlencode())
        answer: HttpResponseBase = super().changelist_view(request, shown | (extra_context or {}))  # type: ignore[misc]  # the admin's
        return answer

    def saved_filters(self, request: HttpRequest, page: str, query: str) -> dict[str, Any]:
        """What the chips need: the filters, which of them the list shows, and whether there is something to save."""
        user = access_of(request).user
        if user is None:
            return {}
        query = saved_filters.normalised(query)
        kept = saved_filters.of_page(page, user)
        return {
            "saved_filters": [{"row": row, "current": row.query == query, "own": row.user_id == user} for row in kept],
            "filter_query": query,
            "filter_is_saved": any(row.query == query for row in kept),
        }

    def filter_action(self, request: HttpRequest, page: str) -> HttpResponse:
        """Saves, renames or deletes, and leads back to the page that asked."""
        access = access_of(request)
        if access.user is None:
            raise PermissionDenied
        back = request.POST.get("query", "")
        if request.POST.get("console_artist", str(access.artist)) != str(access.artist):
            messages.error(request, "Another artist was chosen since this page was opened. Nothing was saved.")
            return HttpResponseRedirect(request.path)
        try:
            told, back = self._do(request, page, access.actor, access.user, back)
            messages.success(request, told)
        except CompanionError as refusal:
            messages.error(request, refusal.detail)
        query = saved_filters.normalised(back)
        return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)

    def _do(self, request: HttpRequest, page: str, actor: str, user: UUID, query: str) -> tuple[str, str]:
        """What happened, and the query of the list that follows."""
        name = request.POST.get("name", "")
        match request.POST[ACTION]:
            case "save":
                team = request.POST.get("team") == "on"
                kept = saved_filters.save(page, user, name, query, team=team, actor=actor)
                return f"“{kept.name}” is saved{' for the team' if team else ''}.", kept.query
            case "rename":
                saved_filters.rename(_key(request), user, name, actor=actor)
                return "The filter has its new name.", query
            case "delete":
                saved_filters.delete(_key(request), user, actor=actor)
                return "The filter is deleted.", query
        raise NotFound("There is no such step.")


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("filter", ""))
    except ValueError as error:
        raise NotFound("That filter is not yours, or it is gone.") from error
