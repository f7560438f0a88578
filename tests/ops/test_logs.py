"""Logs and Sentry: what is in them, and what never is."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
import structlog
from django.test import Client
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from companion.logs import configure_sentry, logging_config, scrub
from tenancy import services
from tests.factories import ACTOR, make_artist, make_exchange, make_fan

WORDS = "my secret birthday is tomorrow"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the product's own handler writes while the test runs."""
    config = logging_config("DEBUG")
    stream = io.StringIO()
    config["handlers"]["stderr"]["stream"] = stream
    config["loggers"] = {}
    previous = logging.root.handlers[:], logging.root.level
    logging.config.dictConfig(config)
    yield stream
    logging.root.handlers[:], logging.root.level = previous[0], previous[1]
    logging.config.dictConfig(logging_config("INFO"))


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_line_is_json_and_those_of_a_request_share_its_id(written: io.StringIO) -> None:
    Client().get("/api/v1/artists", headers={"X-Request-ID": "abc"})
    logged = [line for line in lines(written) if line["event"].startswith("request_")]
    assert len({line["request_id"] for line in logged}) == 1
    assert {"timestamp", "level", "logger", "event"} <= logged[0].keys()


def test_a_turns_id_is_on_every_line_of_its_context(written: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(turn="t-1"):
        logging.getLogger("some.library").warning("something")
    assert lines(written)[-1]["turn"] == "t-1"


def test_tickets_links_and_tokens_are_in_no_line(written: io.StringIO) -> None:
    logging.getLogger("uvicorn").info('%s - "WebSocket %s" [accepted]', "peer", "/ws/v1/x?ticket=hushhush&a=1")
    logging.getLogger("django").info("GET /reset-password/hushhush")
    structlog.get_logger("ours").info("event", token="hushhush", text="hushhush", email="hushhush", note="key=hushhush")
    Client().get("/confirm-email/hushhush")
    Client().get("/livez?ticket=hushhush")
    assert len(lines(written)) >= 5
    assert "hushhush" not in written.getvalue()


def test_a_fans_words_and_tokens_are_in_no_line_of_her_requests(written: io.StringIO) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan, WORDS, WORDS)
    client = Client(raise_request_exception=False)
    client.get(f"/api/v1/artists/{artist.slug}/messages", headers=fan.headers)
    path = f"/api/v1/artists/{artist.slug}/messages/{reply.id}/report"
    for body in ({"reason": "other", "note": WORDS}, {"reason": WORDS * 3}, [WORDS]):
        client.post(path, body, content_type="application/json", headers=fan.headers)
    assert written.getvalue()
    assert WORDS not in written.getvalue()
    assert fan.access_token not in written.getvalue()
    assert fan.user.email not in written.getvalue()


def test_an_answer_that_is_meant_is_told_once_and_is_no_error(written: io.StringIO) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    services.set_switch(on=True, scope="artist", artist=artist.id, reason="test", actor=ACTOR)
    body = {"artist": artist.slug}
    answer = Client().post("/api/v1/realtime/tickets", body, content_type="application/json", headers=fan.headers)
    assert answer.status_code == 503
    told = [line for line in lines(written) if line.get("code") == 503 or "Unavailable" in line["event"]]
    assert [(line["event"], line["level"]) for line in told] == [("request_finished", "warning")]


def test_what_fails_is_an_error_told_once_with_its_place(written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError(WORDS)

    monkeypatch.setattr("companion.fan.shell.render", broken)
    assert Client(raise_request_exception=False).get(f"/a/{make_artist().slug}").status_code == 500
    errors = [line for line in lines(written) if line["level"] == "error"]
    assert [line["event"] for line in errors] == ["request_failed"]
    assert "in broken" in errors[0]["exception"]


class Kept(Transport):
    """A transport that keeps instead of sending."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.events.append(envelope.get_event())


@pytest.fixture
def sentry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    kept = Kept()
    real = sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: real(**options, transport=kept))
    configure_sentry("https://key@sentry.example/1", "test", "1")
    yield kept
    sentry_sdk.get_global_scope().set_client(None)


def test_sentry_gets_the_place_of_an_error_and_nothing_of_the_person(sentry: Kept) -> None:
    fan = make_fan(make_artist())

    def broken(_text: str) -> None:
        inner = WORDS  # a local variable that a report could show
        raise ValueError(f"cannot handle {inner}")

    client = Client(raise_request_exception=False, headers=fan.headers)
    client.get(f"/livez?ticket={fan.access_token}")
    try:
        broken(WORDS)
    except ValueError as error:
        sentry_sdk.capture_exception(error)
    sentry_sdk.flush()
    assert len(sentry.events) == 1
    event = sentry.events[0]
    assert event["exception"]["values"][0]["type"] == "ValueError"
    assert event["exception"]["values"][0]["stacktrace"]["frames"]
    told = json.dumps(event, default=str)
    assert WORDS not in told
    assert fan.access_token not in told


def test_a_request_is_told_to_sentry_by_method_and_path_alone() -> None:
    event: Any = {
        "request": {
            "method": "POST",
            "url": "https://x/ws/v1/a/chat?ticket=hush",
            "query_string": "ticket=hush",
            "data": WORDS,
            "cookies": {"a": "hush"},
            "headers": {"Authorization": "hush"},
        },
        "user": {"email": "hush"},
        "logentry": {"message": "seen ticket=hush", "params": ["hush"], "formatted": "hush"},
    }
    told = scrub(event, {})
    assert told["request"] == {"method": "POST", "url": "https://x/ws/v1/a/chat"}
    assert "hush" not in json.dumps(told)


def test_without_a_dsn_sentry_stays_off() -> None:
    configure_sentry("", "test", "")
    assert not sentry_sdk.get_client().is_active()
