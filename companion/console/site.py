"""The admin site of the console: each view runs inside the chosen artist's transaction, under the console's CSP."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from unfold.sites import UnfoldAdminSite

from companion.console import pages
from companion.console.login import ConsoleLoginForm
from tenancy.console.access import access_of
from tenancy.console.admin import TenantModelAdmin
from tenancy.context import tenant

View = Callable[..., HttpResponseBase]
# Alpine evaluates its attributes and Unfold writes the accent inline (design/console/README.md, CSP).
console_csp = cast(
    "Callable[[View], View]", csp_replace({"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]})
)
# Django's shortcut looks objects up outside of our admins.
LEFT_OUT = ("view_on_site",)


class ConsoleSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold ships no types
    site_title = "Voice Companion"
    site_header = "Voice Companion"
    index_title = "Today"
    index_template = "console/today.html"
    login_form = ConsoleLoginForm

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, models: Any, admin_class: type[Any] | None = None, **options: Any) -> None:
        """Takes pages that know their tenant. Libraries register theirs (groups, queues, addresses); those stay out."""
        if admin_class is not None and issubclass(admin_class, TenantModelAdmin):
            super().register(models, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff with a role somewhere, and platform staff; read anew for each request."""
        return access_of(request).chosen is not None

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        chosen = access_of(request).chosen
        context: dict[str, Any] = super().each_context(request) | {"console_artist": chosen.artist if chosen else ""}
        return context

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        wrapped: View = super().admin_view(within_artist(view), cacheable)
        return console_csp(wrapped)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return console_csp(super().login)(request, extra_context)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Ends the session at once (by POST) and shows the log-in page."""
        return LogoutView.as_view(next_page="admin:login")(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        known = [url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT]
        own = [path("artist/", self.admin_view(pages.choose_artist), name="choose_artist")]
        return own + known

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The palette finds pages, not rows; Unfold's own search keeps answers across artists."""
        return pages.search(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        answer: HttpResponseBase = super().index(request, pages.today(request) | (extra_context or {}))
        return answer


def within_artist(view: View) -> View:
    """Runs a view and renders its page inside the artist's transaction; an exception rolls it back."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with tenant(access_of(request).artist):
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, TemplateResponse) else response

    return inner
