"""The REST API as a client calls it."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tests.answers import Answer
from tests.factories import FanLogin

BASE = "/api/v1"


@dataclass
class Api:
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, who: FanLogin | None = None, **query: Any) -> Answer:
        answer: Answer = self.client.get(BASE + path, query, headers=who.headers if who else {})
        return answer

    def post(self, path: str, body: Any, who: FanLogin | None = None, **headers: str) -> Answer:
        return self.send("POST", path, json.dumps(body), who, **headers)

    def patch(self, path: str, body: Any, who: FanLogin | None = None) -> Answer:
        return self.send("PATCH", path, json.dumps(body), who)

    def send(
        self,
        method: str,
        path: str,
        body: str | bytes,
        who: FanLogin | None = None,
        content_type: str = "application/json",
        **headers: str,
    ) -> Answer:
        given = (who.headers if who else {}) | headers
        answer: Answer = self.client.generic(method, BASE + path, body, content_type=content_type, headers=given)
        return answer


def problem(answer: Answer) -> dict[str, Any]:
    """The problem document of a failure, checked for what every one of them has."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = json.loads(answer.content)
    assert {"type", "title", "status", "detail", "code"} <= body.keys()
    assert body["status"] == answer.status_code
    return body


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status_code, problem(answer)["code"]
