"""Asking over real HTTP, and answers that can be compared byte for byte but for ids and times."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from tests.factories import FanLogin
from tests.isolation.surfaces import Operation
from tests.isolation.world import World
from tests.web import WebProcess

# Each request has its own.
OWN = {"date", "x-request-id", "x-correlation-id"}
# What the body of an operation that names an object has to be.
BODIES: dict[str, Any] = {
    "report_message": {"reason": "other", "note": "a note"},
    "give_feedback": {"value": "down"},
    "correct_memory": {"text": "Another wording of mine."},
    "forget_memory": None,
}
ID = b"ID"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def without(self, key: object) -> "Answer":
        """The same answer with the id taken out."""
        return Answer(self.status, self.headers, self.body.replace(str(key).encode(), ID))


@dataclass(frozen=True, slots=True)
class Talk:
    """An ended turn of the victim's fan that a real process ran, and the reply's id."""

    turn: str
    message: str
    text: str


# The ids of the victim's that parameters of a path may name.
PARAMETERS: Mapping[str, str] = {"message": "message", "turn": "turn", "memory": "memory"}


def ask(web: WebProcess, method: str, path: str, who: FanLogin | None, body: Any = None, **headers: str) -> Answer:
    """One request with a login's token, or with none."""
    connection = HTTPConnection("127.0.0.1", web.port, timeout=30)
    sent = (who.headers if who else {}) | headers
    if body is not None:
        sent["Content-Type"] = "application/json"
    try:
        connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        kept = {name.lower(): value for name, value in answer.getheaders() if name.lower() not in OWN}
        return Answer(answer.status, kept, answer.read())
    finally:
        connection.close()


def ask_for(web: WebProcess, operation: Operation, slug: str, key: object, who: FanLogin | None) -> Answer:
    """The operation with this id wherever it names one."""
    path = operation.path.replace("{slug}", slug)
    for name in operation.ids:
        path = path.replace(f"{{{name}}}", str(key))
    if not operation.ids:
        path = f"{path}?cursor={key}"
    return ask(web, operation.method, path, who, BODIES.get(operation.id))


def say(web: WebProcess, who: FanLogin, slug: str, text: str, client_message_id: str) -> dict[str, Any]:
    """Sends a message and waits for the end of its turn."""
    body = {"client_message_id": client_message_id, "text": text}
    answer = ask(web, "POST", f"/api/v1/artists/{slug}/messages", who, body)
    assert answer.status == 200, answer.body
    said: dict[str, Any] = json.loads(answer.body)
    return said


def talk(web: WebProcess, world: World) -> Talk:
    said = say(web, world.fan, world.slug, "Hello, this is mine.", "isolation-1")
    return Talk(said["turn"], said["message"]["id"], said["message"]["text"])
