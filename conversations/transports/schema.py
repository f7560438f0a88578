"""The JSON Schema of the socket's frames, both ways; committed as docs/frames.schema.json and checked for drift."""

from typing import Any

from conversations.transports.frames import AFTER_LIMIT
from conversations.turn.contracts import Outcome
from conversations.turn.text import LONGEST_ID

JSON = dict[str, Any]

STRING: JSON = {"type": "string"}
ID: JSON = {"type": "string", "minLength": 1}
WHOLE: JSON = {"type": "integer"}
SEQ: JSON = {"type": "integer", "minimum": 1}
MESSAGE: JSON = {"$ref": "#/$defs/message"}
MESSAGE_OR_NULL: JSON = {"anyOf": [MESSAGE, {"type": "null"}]}


def frames_schema() -> JSON:
    """Draft 2020-12. `client` and `server` are the two directions; unknown members are allowed everywhere."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:companion:frames:v1",
        "title": "Frames of /ws/v1/artists/{slug}/chat",
        "$defs": {
            "message": _message(),
            "problem": _object(type=STRING, title=STRING, status=WHOLE, detail=STRING, code=STRING),
            "quota": _object(name=STRING, used=WHOLE, limit={"type": ["integer", "null"]}, resets_at=STRING),
            "usage": _object(
                input_tokens=WHOLE,
                output_tokens=WHOLE,
                quotas={"type": "array", "items": {"$ref": "#/$defs/quota"}},
            ),
            "action": _object(label=STRING, href=STRING),
            "client": {"oneOf": _client_frames()},
            "server": {"oneOf": [*_events(), *_other_server_frames()]},
        },
        "anyOf": [{"$ref": "#/$defs/client"}, {"$ref": "#/$defs/server"}],
    }


def _object(optional: JSON | None = None, **required: JSON) -> JSON:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def _frame(frame_type: str, optional: JSON | None = None, /, **required: JSON) -> JSON:
    return _object(optional, type={"const": frame_type}, **required)


def _event(frame_type: str, optional: JSON | None = None, /, **required: JSON) -> JSON:
    return _frame(frame_type, optional, turn=ID, seq=SEQ, **required)


def _message() -> JSON:
    return _object(
        {"emotion": STRING, "remembered_from": {"type": "string", "format": "date-time"}},
        id=ID,
        turn=ID,
        role={"enum": ["fan", "persona"]},
        text=STRING,
        created_at={"type": "string", "format": "date-time"},
        status={"enum": ["complete", "cancelled", "failed", "blocked", "held"]},
        source={"enum": ["text", "voice", "call", "campaign"]},
        degraded={"type": "boolean"},
    )


def _client_frames() -> list[JSON]:
    client_message_id = {"type": "string", "minLength": 1, "maxLength": LONGEST_ID}
    return [
        _frame("message.send", client_message_id=client_message_id, text=STRING),
        _frame("turn.resume", turn=ID, after={"type": "integer", "minimum": 0, "maximum": AFTER_LIMIT}),
        _frame("turn.cancel", turn=ID),
        _frame("ping", {"n": WHOLE}),
    ]


def _events() -> list[JSON]:
    actions = {"type": "array", "items": {"$ref": "#/$defs/action"}}
    usage, problem = {"$ref": "#/$defs/usage"}, {"$ref": "#/$defs/problem"}
    return [
        _event("turn.started", client_message_id=ID, fan_message=MESSAGE),
        _event("turn.notice", {"title": STRING, "actions": actions}, kind=STRING, text=STRING),
        _event("turn.token", text=STRING),
        _event("turn.emotion", emotion=STRING),
        _event("turn.retracted", text=STRING),
        _event(f"turn.{Outcome.COMPLETED}", message=MESSAGE_OR_NULL, usage=usage),
        _event(f"turn.{Outcome.FAILED}", message=MESSAGE_OR_NULL, error=problem),
        _event(f"turn.{Outcome.CANCELLED}", message=MESSAGE_OR_NULL),
    ]


def _other_server_frames() -> list[JSON]:
    open_turn = _object(turn=ID, seq={"type": "integer", "minimum": 0})
    return [
        _frame("session.ready", {"open_turn": open_turn}, artist=STRING, fan=ID, heartbeat_s=WHOLE),
        _frame("message.created", message=MESSAGE),
        _frame("pong", {"n": WHOLE}),
        _frame("error", {"client_message_id": ID}, code=STRING, detail=STRING),
    ]
