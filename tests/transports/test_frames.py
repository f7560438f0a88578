"""The committed JSON Schema of the frames against the code and against what really goes over a socket."""

import json
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from bench.upstream import ScriptedUpstream
from conversations.transports.frames import parse
from conversations.transports.schema import frames_schema
from tests.factories import make_artist, make_fan
from tests.transports.test_socket import answer
from tests.web import Frame, WebProcess, chat

COMMITTED = settings.BASE_DIR / "docs" / "frames.schema.json"
TURN = "01890000-0000-7000-8000-000000000000"


def validator(direction: str) -> Draft202012Validator:
    schema: dict[str, Any] = frames_schema()
    return Draft202012Validator({"$defs": schema["$defs"], "$ref": f"#/$defs/{direction}"})


def test_the_committed_schema_is_the_codes() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == frames_schema(), "run `manage.py frames_schema`"


async def test_every_frame_of_a_visit_fits_the_schema(web: WebProcess, paced_upstream: ScriptedUpstream) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    seen: list[Frame] = []
    async with (
        chat(web, fan.access_token, artist.slug) as phone,
        chat(web, fan.access_token, artist.slug) as laptop,
    ):
        await answer(phone, "hello", "m1")
        paced_upstream.play("500")
        await answer(phone, "hello again", "m2")
        paced_upstream.play("cut")
        await answer(phone, "and again", "m3")
        paced_upstream.play("drip")
        await phone.say("stop me", "m4")
        token = await phone.until("turn.token")
        await phone.send("turn.cancel", turn=token["turn"])
        await phone.ending()
        await answer(phone, "i want to kill myself", "m5")
        await phone.send("nonsense")
        await phone.send("ping", n=1)
        await phone.until("pong")
        await laptop.until("message.created")
        seen = phone.frames + laptop.frames
    assert {frame["type"] for frame in seen} >= {
        "session.ready",
        "turn.started",
        "turn.token",
        "turn.notice",
        "turn.completed",
        "turn.failed",
        "turn.cancelled",
        "message.created",
        "error",
        "pong",
    }
    server = validator("server")
    for frame in seen:
        assert [error.message for error in server.iter_errors(frame)] == [], frame


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "message.send", "client_message_id": "m1", "text": "hi"},
        {"type": "turn.resume", "turn": TURN, "after": 0},
        {"type": "turn.cancel", "turn": TURN},
        {"type": "ping"},
        {"type": "ping", "n": 3},
    ],
)
def test_what_the_schema_lets_a_client_send_is_what_the_parser_takes(frame: Frame) -> None:
    assert validator("client").is_valid(frame)
    assert parse(json.dumps(frame)) is not None
    lacking = {key: value for key, value in frame.items() if key not in ("text", "turn")}
    assert validator("client").is_valid(lacking) is ("text" not in frame and "turn" not in frame)
