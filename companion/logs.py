"""Logs as JSON lines with request and turn ids, and what Sentry may see. A fan's words and tickets are in neither.

Request ids come from django-structlog; turns bind their own (conversations). Every line passes `redact`.
"""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.types import Event, Hint

# Secrets in addresses: query parameters, and the keys of the links that e-mails carry.
SECRET = re.compile(
    r"((?:ticket|token|key|password|secret)=|/(?:confirm-email|reset-password)/)[^&\s\"']+", re.IGNORECASE
)
# Keys whose value is a secret or a person's words, wherever a line or an event has them.
NEVER = frozenset({"text", "body", "password", "ticket", "token", "authorization", "cookie", "email", "prompt"})
REDACTED = "[redacted]"

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
]


def redact(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: hides values that must never be written down."""
    for key, value in line.items():
        if key.lower() in NEVER:
            line[key] = REDACTED
        elif isinstance(value, str):
            line[key] = SECRET.sub(rf"\1{REDACTED}", value)
    return line


def logging_config(level: str) -> dict[str, Any]:
    """Django's LOGGING: every logger, the libraries' too, writes one JSON object a line to standard error."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(default=str),
        ],
    }
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # uvicorn logs each socket's address with its ticket; requests and what failed in them: django-structlog.
            "uvicorn.error": quiet,
            "uvicorn.access": {"level": "CRITICAL"},
            "websockets": quiet,
            "asyncio": quiet,
            "rq": quiet,
            "django.request": {"level": "CRITICAL"},
        },
    }


def configure_structlog() -> None:
    """structlog's own loggers go the same way. Filtered by the standard logger's level."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def configure_sentry(dsn: str, environment: str, release: str) -> None:
    """Errors go to Sentry when a DSN is set: without bodies, variables, cookies, addresses and query strings."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release or None,
        integrations=[DjangoIntegration(middleware_spans=False, signals_spans=False)],
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=0.0,
        max_breadcrumbs=0,
        before_send=scrub,
    )


def scrub(event: Event, _hint: Hint) -> Event:
    """What is left of a request: its method and path. An error's text may quote what a fan wrote, so it goes too."""
    request = event.get("request")
    if isinstance(request, dict):
        path = str(request.get("url", "")).partition("?")[0]
        event["request"] = {"method": request.get("method"), "url": path}
    event.pop("user", None)
    event.pop("extra", None)
    event.pop("breadcrumbs", None)
    for error in event.get("exception", {}).get("values", ()):
        error["value"] = REDACTED
    entry = event.get("logentry")
    if isinstance(entry, dict):
        message = SECRET.sub(rf"\1{REDACTED}", str(entry.get("message", "")))
        event["logentry"] = {"message": message, "formatted": message}
    return event


def level_of(name: str) -> str:
    """A level's name, checked. Raises ValueError."""
    if name not in logging.getLevelNamesMapping():
        raise ValueError(f"COMPANION_LOG_LEVEL must be a level such as INFO, not {name!r}")
    return name
