"""The page that fans open. It holds nothing of a person: who is there, the page learns from the API."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(no_cache=True)
def fan_page(request: HttpRequest) -> HttpResponse:
    """The fan app's page. Caches may keep it but ask each time, so that a release reaches every fan at once."""
    return render(request, "fan/index.html", {"artist_slug": settings.DEFAULT_ARTIST})
