"""What makes the app an artist's own: her accent, her icon, and the manifest by which a phone installs it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from companion.fan.colours import inks, paper
from companion.kernel.errors import NotFound
from tenancy.access import access_artist
from tenancy.models import Artist

THEMES = ("light", "dark")
PNG_ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))
CORNER = 88  # of 400: as round as the sleeve in the page
SHORT_NAME = 12  # characters that a home screen shows under an icon


@require_safe
@cache_control(private=True, no_cache=True)
@conditional_page
def theme(_request: HttpRequest, slug: str) -> HttpResponse:
    """One rule: the accent's hue. Everything else of an artist's colours follows from it (tokens.css)."""
    artist = _artist(slug)
    if artist is None:
        return HttpResponse(status=404, content_type="text/css")
    return HttpResponse(f":root {{ --accent-hue: {artist.accent_hue}; }}\n", content_type="text/css")


@require_safe
@cache_control(private=True, no_cache=True)
@conditional_page
def icon(request: HttpRequest, slug: str) -> HttpResponse:
    """The sleeve as a picture of its own, in the artist's colours."""
    artist = _artist(slug)
    if artist is None:
        return HttpResponse(status=404)
    return render(
        request, "fan/icon.svg", {"inks": inks(artist.accent_hue), "corner": CORNER}, content_type="image/svg+xml"
    )


@require_safe
@cache_control(private=True, no_cache=True)
@conditional_page
def manifest(_request: HttpRequest, slug: str) -> HttpResponseBase:
    """The web app manifest: an installed app of each artist, which opens her chat."""
    artist = _artist(slug)
    if artist is None:
        return HttpResponse(status=404)
    response = JsonResponse(_manifest(artist), content_type="application/manifest+json")
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def look(cookies: dict[str, str], hue: int) -> dict[str, Any]:
    """What a page for fans needs before it is painted: the chosen theme, and the colours of the phone's own bar.

    theme: light, dark or nothing (the system's). bars: (theme, colour, for which preference of the system).
    """
    chosen = cookies.get("theme", "")
    chosen = chosen if chosen in THEMES else ""
    return {"theme": chosen, "bars": [(name, paper(name, hue), _media(name, chosen)) for name in THEMES]}


def _media(name: str, chosen: str) -> str:
    if not chosen:
        return f"(prefers-color-scheme: {name})"
    return "all" if name == chosen else "not all"


def _artist(slug: str) -> Artist | None:
    try:
        return access_artist(slug)
    except NotFound:
        return None


def _manifest(artist: Artist) -> dict[str, Any]:
    home = reverse("artist_page", args=[artist.slug])
    return {
        "id": home,
        "name": f"{artist.name}, {gettext('AI persona')}",
        "short_name": artist.name[:SHORT_NAME].strip(),
        "description": artist.tagline or gettext("A conversation with a licensed AI persona."),
        "lang": get_language() or "en",
        "dir": "auto",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "theme_color": paper("light", artist.accent_hue),
        "background_color": paper("light", artist.accent_hue),
        "icons": _icons(artist),
        "shortcuts": [
            {"name": gettext("Mood and dates"), "url": f"{home}/artist"},
            {"name": gettext("Settings"), "url": f"{home}/settings"},
        ],
    }


def _icons(artist: Artist) -> list[dict[str, str]]:
    drawn = {"src": reverse("artist_icon", args=[artist.slug]), "sizes": "any", "type": "image/svg+xml"}
    return [drawn, *(_png(size, purpose) for size, purpose in PNG_ICONS)]


def _png(size: str, purpose: str) -> dict[str, str]:
    name = f"fan/icons/{purpose}-{size}.png"
    return {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
