"""The admin site of the console: each view runs inside the chosen artist's transaction, under the console's CSP."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from companion.console import corpus_ask, frame, pages, palette, today
from companion.console.login import ConsoleLoginForm
from companion.console.mfa import ConsoleLoginView, code, gated
from companion.console.mfa_pages import two_step
from tenancy.console.access import access_of
from tenancy.console.admin import TenantModelAdmin
from tenancy.context import tenant
from tenancy.roles import Capability

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
        access = access_of(request)
        own = {
            "console_artist": access.chosen.artist if access.chosen else "",
            "console_stops": frame.stops(request),
            "console_may_switch": access.allows(Capability.CONTROL),
        }
        context: dict[str, Any] = super().each_context(request) | own
        return context

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        wrapped: View = super().admin_view(within_artist(view), cacheable)
        return console_csp(gated(wrapped))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        context = self.each_context(request) | {"title": "Log in", "app_path": request.get_full_path()}
        if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
            context[REDIRECT_FIELD_NAME] = reverse("admin:index")
        view = ConsoleLoginView.as_view(
            extra_context=context | (extra_context or {}),
            authentication_form=self.login_form,
            template_name="admin/login.html",
        )
        return console_csp(view)(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Ends the session at once (by POST) and shows the log-in page."""
        return LogoutView.as_view(next_page="admin:login")(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        known = [url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT]
        own = [
            path("artist/", self.admin_view(pages.choose_artist), name="choose_artist"),
            path("today/", self.admin_view(today.figures), name="today_figures"),
            path("corpus/ask/", self.admin_view(corpus_ask.ask), name="corpus_ask"),
            path("code/", never_cache(console_csp(code)), name="code"),
            path("two-step/", never_cache(console_csp(two_step)), name="two_step"),
        ]
        return own + known

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Our own palette: Unfold's search keeps answers across artists."""
        return palette.search(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        answer: HttpResponseBase = super().index(request, today.context(request) | (extra_context or {}))
        return answer


def within_artist(view: View) -> View:
    """Runs a view and renders its page inside the artist's transaction; an exception rolls it back."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with tenant(access_of(request).artist):
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, TemplateResponse) else response

    return inner
