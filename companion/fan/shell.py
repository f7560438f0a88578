"""The page of an artist, with its first screen already in the HTML: the first paint waits for no script.

It holds nothing of a person. Two cookies that the page itself keeps choose what is painted first: `signed_in`, whether
that is the chat or the welcome, and `theme`. Who is there, the page learns from the API.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from companion.fan.appearance import look
from companion.fan.colours import HOUSE_HUE
from companion.fan.modules import modules_of, styles
from companion.kernel.errors import NotFound
from personas.public import artist_card
from tenancy import disclosures
from tenancy.access import access_artist

ROUTES = ("login", "forgot", "artist", "settings", "memories")
DOORS = ("login", "forgot")
SCREENS = ("signup", "login", "forgot", "join", "chat", "artist", "settings", "memories", "calm")
REGION = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?-([A-Za-z]{2})\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Screen:
    """One view of the page, by the name that the scripts know."""

    name: str

    @property
    def template(self) -> str:
        return f"fan/_{self.name}.html"


@require_safe
def front_door(_request: HttpRequest) -> HttpResponse:
    """The product's own address leads to the artist whom this installation shows first."""
    return redirect("artist_page", slug=settings.DEFAULT_ARTIST)


@require_safe
@cache_control(private=True, no_cache=True)
@gzip_page  # nothing of it is secret (BREACH): neither a token nor a person is in it
@conditional_page
def page(request: HttpRequest, slug: str, route: str) -> HttpResponseBase:
    """The app at one of an artist's addresses; a calm page and 404 where there is no such artist."""
    try:
        content = _content(request, slug, route)
    except NotFound:
        return render(request, "fan/nobody.html", look(request.COOKIES, HOUSE_HUE), status=404)
    response = render(request, "fan/index.html", content)
    response["Companion-Release"] = settings.STATIC_RELEASE  # the service worker keeps a release's files together
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _content(request: HttpRequest, slug: str, route: str) -> dict[str, Any]:
    artist = artist_card(slug, None)
    screen = _first_screen(route, signed_in=request.COOKIES.get("signed_in") == "1")
    country = _country(request.headers.get("Accept-Language", ""))
    return look(request.COOKIES, artist["accent_hue"]) | {
        "artist": artist,
        "artist_json": DjangoJSONEncoder(separators=(",", ":")).encode(artist),
        "screen": Screen(screen),
        "screens": [Screen(name) for name in SCREENS],
        "country": country,
        "disclosures": disclosures.told(access_artist(slug), country, None),
        "styles": styles(),
        "modules": [f"fan/js/{name}" for name in modules_of(screen, get_language() or "en")],
        "home": reverse("artist_page", args=[slug]),
    }


def _first_screen(route: str, *, signed_in: bool) -> str:
    """The doors stand open to whoever asks for them; the rest is for those who have logged in."""
    if route in DOORS:
        return route
    if not signed_in:
        return "signup"
    return "chat" if route == "home" else route


def _country(accept_language: str) -> str:
    """The region of the language that the browser names first (pt-BR: BR), as the page itself tells it at sign-up."""
    found = REGION.match(accept_language.strip())
    return found[1].upper() if found else ""
