"""What answers have in common, whoever gave them; above all those under /api/ and /_allauth/."""

from collections.abc import Awaitable

from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from psycopg_pool import PoolTimeout
from redis.exceptions import RedisError

from companion.kernel.errors import CompanionError, Conflict, Malformed, Unavailable
from companion.kernel.middleware import TwoWayMiddleware
from companion.kernel.problems import CONTENT_TYPE, error_of_status, problem_response

API = "/api/"
ACCOUNTS = "/_allauth/"
# What no page of ours may ask a browser for; the microphone is for voice messages and calls.
PERMISSIONS = "camera=(), geolocation=(), payment=(), usb=(), browsing-topics=(), microphone=(self)"


class EdgeMiddleware(TwoWayMiddleware):
    """Turns the framework's own failures (404, 405, 500, …) into problem documents and forbids caching there."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self._is_async:
            return self._later(request)
        response = _refused_early(request) or self._get_response(request)
        return _finished(request, response)  # type: ignore[arg-type]  # the handler is sync on this path

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        response = _refused_early(request) or await self._get_response(request)  # type: ignore[misc]  # async here
        return _finished(request, response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What the views of django-allauth let through; Django Ninja answers for itself (companion/api.py)."""
        if not request.path.startswith(ACCOUNTS):
            return None
        error = _error_of(exception)
        return problem_response(error) if error else None


def _error_of(exception: Exception) -> CompanionError | None:
    if isinstance(exception, CompanionError):
        return exception
    if isinstance(exception, RedisError | ConnectionError | OperationalError | InterfaceError | PoolTimeout):
        return Unavailable()
    # A lone surrogate in JSON, which neither hashes nor stores; brackets by the thousand, which its reader gives up on.
    if isinstance(exception, UnicodeError | RecursionError):
        return Malformed()
    return Conflict() if isinstance(exception, IntegrityError) else None  # two sign-ups of one address at once


def _refused_early(request: HttpRequest) -> HttpResponse | None:
    """NUL reaches no database: an address that has one names nothing."""
    asked = "%00" in request.META.get("QUERY_STRING", "")
    if not request.path.startswith(API):
        return HttpResponseBadRequest() if asked else None
    if "\x00" in request.path:
        return problem_response(error_of_status(404))
    return problem_response(error_of_status(400)) if asked else None


def _finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.setdefault("Permissions-Policy", PERMISSIONS)
    if request.path.startswith(ACCOUNTS) and response.status_code == 429 and "Retry-After" not in response:
        response["Retry-After"] = "60"  # the window of each of ACCOUNT_RATE_LIMITS that allauth answers for
    if request.path.startswith(ACCOUNTS) and response.get("Content-Type", "").startswith("text/html"):
        return _account_failure(response.status_code)  # Django's own page, for JSON that it could not read and the like
    if not request.path.startswith(API):
        return response
    if response.status_code == 301:  # Django would add the slash of the API's root; there is nothing there
        return problem_response(error_of_status(404))
    if response.status_code >= 400 and response.get("Content-Type") != CONTENT_TYPE:
        problem = problem_response(error_of_status(response.status_code))
        if "Allow" in response:
            problem["Allow"] = response["Allow"]
        response = problem
    response.setdefault("Cache-Control", "no-store")
    return response


def _account_failure(status: int) -> HttpResponse:
    """A failure in the shape of allauth's own answers."""
    error = error_of_status(status)
    failures = [{"code": error.code, "message": error.title}]
    return JsonResponse({"status": status, "errors": failures}, status=status, headers={"Cache-Control": "no-store"})
