"""The fan app's addresses. The page itself moves between the screens of `a/<slug>/` (static/fan/js/router.js)."""

from django.urls import path
from django.views.generic import RedirectView

from companion.fan import appearance, shell, worker

urlpatterns = [
    path("", shell.front_door, name="fan_page"),
    path("a/<str:slug>", shell.page, {"route": "home"}, name="artist_page"),
    path("a/<str:slug>/", RedirectView.as_view(pattern_name="artist_page")),
    path("a/<str:slug>/theme.css", appearance.theme, name="artist_theme"),
    path("a/<str:slug>/icon.svg", appearance.icon, name="artist_icon"),
    path("a/<str:slug>/manifest.webmanifest", appearance.manifest, name="artist_manifest"),
    *(path(f"a/<str:slug>/{route}", shell.page, {"route": route}) for route in shell.ROUTES),
    path("sw.js", worker.service_worker, name="service_worker"),
    path("static/<slug:release>/<path:path>", worker.other_release),
]
