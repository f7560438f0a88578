"""The frames that a client may send, read and checked. Their JSON Schema is docs/frames.schema.json."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from companion.kernel.errors import FieldError, Malformed, NotFound, UnknownFrame, ValidationFailed


@dataclass(frozen=True, slots=True)
class MessageSend:
    client_message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class TurnResume:
    turn: UUID
    after: int


@dataclass(frozen=True, slots=True)
class TurnCancel:
    turn: UUID


@dataclass(frozen=True, slots=True)
class Ping:
    n: int | None


# No turn has as many events; a larger number is a mistake of the client's.
AFTER_LIMIT = 1_000_000
# The integers that every JSON reader keeps exactly; a client may count milliseconds.
NUMBER_LIMIT = 2**53

Frame = MessageSend | TurnResume | TurnCancel | Ping


def parse(text: str) -> Frame:
    """Raises Malformed, UnknownFrame, ValidationFailed; NotFound for a turn id that cannot be one."""
    try:
        body = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise Malformed("A frame is one JSON object.") from error
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise Malformed("A frame is a JSON object with a type.")
    match body["type"]:
        case "message.send":
            return MessageSend(_string(body, "client_message_id"), _string(body, "text"))
        case "turn.resume":
            return TurnResume(_turn(body), _number(body, "after", AFTER_LIMIT))
        case "turn.cancel":
            return TurnCancel(_turn(body))
        case "ping":
            return Ping(None if body.get("n") is None else _number(body, "n", NUMBER_LIMIT))
    raise UnknownFrame("This frame type is not known.")


def _string(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str):
        raise _wrong(field, "A string is needed.")
    return value


def _number(body: dict[str, Any], field: str, limit: int) -> int:
    value = body.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > limit:
        raise _wrong(field, "A whole number is needed.")
    return value


def _turn(body: dict[str, Any]) -> UUID:
    try:
        return UUID(_string(body, "turn"))
    except ValueError as error:
        raise NotFound from error


def _wrong(field: str, message: str) -> ValidationFailed:
    return ValidationFailed(message, errors=(FieldError(field, "type", message),))
