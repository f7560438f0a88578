"""In which language an answer speaks: the page's cookie, else what the browser asks for; the console is English.

A person's own language, once the API knows who asks, comes before both (tenancy/accounts.py). Problem documents are
written after the views, so this stands outside of them all.
"""

from collections.abc import Awaitable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from companion.kernel.middleware import TwoWayMiddleware

ENGLISH_ONLY = ("/console/", "/livez", "/readyz", "/metrics")


class LanguageMiddleware(TwoWayMiddleware):
    """Activates the request's language for as long as it is answered, and says in the answer which it was."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self._is_async:
            return self._later(request)
        with translation.override(language_of(request)):
            return _told(request, self._get_response(request))  # type: ignore[arg-type]  # sync on this path

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(language_of(request)):
            return _told(request, await self._get_response(request))  # type: ignore[misc]  # async here


def language_of(request: HttpRequest) -> str:
    """One of settings.LANGUAGES: the cookie that the page sets, else the best of Accept-Language, else English."""
    if request.path.startswith(ENGLISH_ONLY):
        return settings.LANGUAGE_CODE
    return translation.get_language_from_request(request)


def _told(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
    if not request.path.startswith(ENGLISH_ONLY):
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response
