"""allauth's endpoints as a client calls them."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tests.answers import Answer
from tests.factories import ADULT, PASSWORD, unique

BASE = "/_allauth/app/v1"


@dataclass
class Accounts:
    client: Client = field(default_factory=Client)

    def post(self, path: str, body: Any, token: str = "") -> Answer:
        return self._send("post", path, json.dumps(body), token)

    def refresh(self, token: str, attempt: str = "") -> Answer:
        """`attempt` names it, so that it can be asked again when its answer was lost."""
        headers = {"Refresh-Attempt": attempt} if attempt else {}
        answer: Answer = self.client.post(
            f"{BASE}/tokens/refresh", {"refresh_token": token}, content_type="application/json", headers=headers
        )
        return answer

    def delete(self, path: str, token: str = "") -> Answer:
        return self._send("delete", path, "", token)

    def _send(self, method: str, path: str, body: str, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        call = getattr(self.client, method)
        answer: Answer = call(f"{BASE}{path}", data=body, content_type="application/json", headers=headers)
        return answer

    def sign_up(self, **fields: Any) -> Answer:
        form = {"email": f"{unique('new')}@fans.example", "password": PASSWORD, "birth_date": ADULT.isoformat()}
        return self.post("/auth/signup", form | fields)

    def log_in(self, email: str, password: str = PASSWORD) -> Answer:
        return self.post("/auth/login", {"email": email, "password": password})

    def me(self, token: str) -> Answer:
        answer: Answer = self.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        return answer
