"""The one error tree. Each error names the contract's code and HTTP status; the edges only translate it.

Titles and details are what fans read, each in her own language once an edge says them; programs go by the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from companion.kernel.words import Say, as_written
from companion.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class FieldError:
    field: str
    code: str
    message: str


class CompanionError(Exception):
    """What a caller may be told. `extra` holds further members of the problem document."""

    code: ClassVar[str] = "unavailable"
    status: ClassVar[int] = 503
    title: ClassVar[str] = _("Something is not available")
    close_code: ClassVar[int | None] = None

    def __init__(
        self,
        detail: str = "",
        *,
        retry_after_s: int | None = None,
        errors: tuple[FieldError, ...] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail or self.title
        self.retry_after_s = retry_after_s
        self.errors = errors
        self.extra = dict(extra or {})

    def problem(self, say: Say = as_written) -> dict[str, Any]:
        """The RFC 9457 document of contract.md, also the members of a socket's `error` frame.

        `say` puts its words into the reader's language (problems.py).
        """
        body: dict[str, Any] = {
            "type": f"urn:companion:problem:{self.code}",
            "title": say(self.title),
            "status": self.status,
            "detail": say(self.detail),
            "code": self.code,
        }
        if self.errors:
            body["errors"] = [{"field": e.field, "code": e.code, "message": say(e.message)} for e in self.errors]
        if self.retry_after_s is not None:
            body["retry_after_s"] = self.retry_after_s
        return body | self.extra


class Malformed(CompanionError):
    code, status, title = "malformed", 400, _("This request cannot be read")


class ValidationFailed(CompanionError):
    code, status, title = "validation_error", 422, _("Some fields are not valid")


class UnknownFrame(CompanionError):
    code, status, title = "unknown_frame", 422, _("No such frame type")


class Unauthenticated(CompanionError):
    code, status, title, close_code = "unauthenticated", 401, _("Log in first"), 4401


class QuotaExhausted(CompanionError):
    code, status, title = "quota_exhausted", 402, _("Nothing is left of this quota")


class Forbidden(CompanionError):
    code, status, title, close_code = "forbidden", 403, _("Not allowed"), 4403


class Sanctioned(CompanionError):
    code, status, title, close_code = "sanctioned", 403, _("Writing is off for this account"), 4403


class Underage(CompanionError):
    code, status, title = "underage", 403, _("Not old enough")


class NotFound(CompanionError):
    code, status, title, close_code = "not_found", 404, _("Not found"), 4404


class MethodNotAllowed(CompanionError):
    code, status, title = "malformed", 405, _("This method is not allowed here")


class IdempotencyMismatch(CompanionError):
    code, status, title = "idempotency_mismatch", 409, _("The same id came with another body")


class AcknowledgementRequired(CompanionError):
    """`extra["required"]` lists the disclosure ids."""

    code, status, title = "acknowledgement_required", 409, _("Something has to be acknowledged first")


class Conflict(CompanionError):
    code, status, title = "conflict", 409, _("Another request is still at it")


class TooLarge(CompanionError):
    code, status, title = "too_large", 413, _("Too large")


class UnsupportedMediaType(CompanionError):
    code, status, title = "unsupported_media_type", 415, _("This content type is not taken here")


class RateLimited(CompanionError):
    code, status, title, close_code = "rate_limited", 429, _("Too many requests"), 4429


class Paused(CompanionError):
    """A kill switch is on, or the artist is suspended."""

    code, status, title, close_code = "paused", 503, _("Paused by the artist's team"), 4403

    def __init__(self, detail: str = "", *, retry_after_s: int | None = 60, **more: Any) -> None:
        super().__init__(detail, retry_after_s=retry_after_s, **more)


class Unavailable(CompanionError):
    """A dependency is away or the process is draining; trying again helps."""

    code, status, title = "unavailable", 503, _("Not available just now")

    def __init__(self, detail: str = "", *, retry_after_s: int | None = 2, **more: Any) -> None:
        super().__init__(detail, retry_after_s=retry_after_s, **more)


class Internal(CompanionError):
    code, status, title = "unavailable", 500, _("Something went wrong on our side")
