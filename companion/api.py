"""The REST API: every app's router below /api/v1, one security scheme, and a problem document for every failure."""

from typing import Any

import orjson
import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from redis.exceptions import RedisError

from billing.api import router as billing
from companion.api_schema import complete
from companion.kernel.errors import (
    CompanionError,
    FieldError,
    Internal,
    Malformed,
    NotFound,
    TooLarge,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from companion.kernel.problems import error_of_status, problem_response
from conversations.api import router as conversations
from memory.api import router as memory
from personas.api import router as personas
from tenancy.accounts import async_bearer
from tenancy.api import router as tenancy

log = structlog.get_logger(__name__)
PREFIX = "/api/v1"


class JsonParser(Parser):
    """JSON in UTF-8 and nothing else; orjson also refuses lone surrogates, which no database takes."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise UnsupportedMediaType("Send application/json.")
        try:
            body = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise Malformed("The body is not JSON in UTF-8.") from error
        if not isinstance(body, dict):  # Ninja would read a list's attributes, and find every default
            raise ValidationFailed(errors=(FieldError("body", "type", "A JSON object is needed."),))
        return body


class Api(NinjaAPI):
    """Ninja's API, whose schema also tells what all operations share."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        return complete(super().get_openapi_schema(**options))


api = Api(
    title="Voice Companion",
    version="1",
    description="What fans' clients call. The page at / uses nothing else.",
    docs_url=None,
    openapi_url="/openapi.json",
    parser=JsonParser(),
    urls_namespace="api",
)
api.add_router("", tenancy)
api.add_router("", personas)
api.add_router("", billing)
api.add_router("", memory)
api.add_router("", conversations, auth=async_bearer)


@api.exception_handler(CompanionError)
def told(_request: HttpRequest, error: CompanionError) -> HttpResponse:
    return problem_response(error)


@api.exception_handler(Http404)
def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem_response(NotFound())


@api.exception_handler(HttpError)
def framework(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own refusals; a body that could not be parsed carries the reason as its cause."""
    cause = error.__cause__
    if isinstance(cause, CompanionError):
        return problem_response(cause)
    if isinstance(cause, RequestDataTooBig):
        return problem_response(TooLarge())
    if isinstance(cause, UnreadablePostError):
        return problem_response(Malformed())
    return problem_response(error_of_status(error.status_code))


@api.exception_handler(RequestDataTooBig)
def too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return problem_response(TooLarge())


@api.exception_handler(ValidationError)
def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """One entry a field; the place of a field is its path without where it came from and the parameter's name."""
    fields = tuple(FieldError(_field(e["loc"]), _code(e["type"]), _sentence(e["msg"])) for e in error.errors)
    return problem_response(ValidationFailed(errors=fields))


@api.exception_handler(Exception)
def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """A dependency that is away is not our fault; anything else is, and is reported."""
    if _is_outage(error):
        log.warning("api.dependency_away", error=type(error).__name__)
        return problem_response(Unavailable())
    log.exception("api.failed", method=request.method, path=request.path, error=type(error).__name__)
    return problem_response(Internal())


def _is_outage(error: BaseException | None) -> bool:
    """Whether Postgres or Redis could not be reached, however deep in the chain of causes it says so."""
    while error is not None:
        if isinstance(error, OperationalError | PoolTimeout | RedisError | ConnectionError):
            return True
        error = error.__cause__
    return False


def _field(place: tuple[Any, ...]) -> str:
    path = [str(part) for part in place[1:]]
    return ".".join(path[1:] if len(path) > 1 and place[0] == "body" else path)


def _code(kind: str) -> str:
    return kind.partition(".")[0]


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{text[:1].upper()}{text[1:]}." if not text.endswith(".") else text
