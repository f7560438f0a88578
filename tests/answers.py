"""What the test client answers with."""

from http.cookies import SimpleCookie
from typing import Any, Protocol


class Answer(Protocol):
    """django.test's response: an HttpResponse that also reads JSON."""

    @property
    def status_code(self) -> int: ...

    @property
    def content(self) -> bytes: ...

    @property
    def headers(self) -> Any: ...

    @property
    def cookies(self) -> "SimpleCookie": ...

    def json(self) -> Any: ...
