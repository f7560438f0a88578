"""Problem documents (RFC 9457): how an error of the tree looks over HTTP, and how the schema names it."""

from django.http import JsonResponse
from django.utils.translation import gettext
from ninja import Schema

from companion.kernel.errors import (
    CompanionError,
    Conflict,
    Forbidden,
    Internal,
    Malformed,
    MethodNotAllowed,
    NotFound,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from companion.kernel.words import Sentence

CONTENT_TYPE = "application/problem+json"
BY_STATUS: dict[int, type[CompanionError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    409: Conflict,
    413: TooLarge,
    415: UnsupportedMediaType,
    422: ValidationFailed,
    429: RateLimited,
    503: Unavailable,
}


class FieldProblem(Schema):
    field: str
    code: str
    message: str


class Problem(Schema):
    """Any failure. `code` is what programs go by; further members belong to single codes (`required`, `help`)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] | None = None
    retry_after_s: int | None = None


def say(text: str) -> str:
    """The text in the language of whoever is being answered (companion/language.py)."""
    if isinstance(text, Sentence):
        return gettext(text.source).format(**text.values)
    return gettext(text)


def problem_response(error: CompanionError) -> JsonResponse:
    """The document with the headers that belong to its status."""
    response = JsonResponse(error.problem(say), status=error.status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    if error.retry_after_s is not None or error.status in (429, 503):
        response["Retry-After"] = str(error.retry_after_s or 1)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def error_of_status(status: int) -> CompanionError:
    """The error that a bare status of the framework means."""
    kind = BY_STATUS.get(status) or (Internal if status >= 500 else Malformed)
    return kind()
