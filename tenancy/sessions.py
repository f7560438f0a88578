"""Login sessions that know whose they are and on which device (SESSION_ENGINE), so that a person can see and end hers.

Django's own recipe for a session table with further columns: the store fills them from the session's data.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from tenancy.devices import device_of
from tenancy.models import UserSession

DEVICE = "device"


class SessionStore(db.SessionStore):
    """Django's, with the person and the device beside the data."""

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        return UserSession

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:
        return _described(super().create_model_instance(data), data)

    async def acreate_model_instance(self, data: dict[str, Any]) -> UserSession:
        return _described(await super().acreate_model_instance(data), data)


def _described(session: Any, data: dict[str, Any]) -> UserSession:
    """The row with what the data tells; a visitor's session has no person."""
    row: UserSession = session
    row.user_id = data.get(SESSION_KEY)
    row.browser, row.system = data.get(DEVICE, ("", ""))
    return row


def remember_device(request: HttpRequest) -> None:
    """Notes in a fresh login which device it is on."""
    request.session[DEVICE] = list(device_of(request.headers.get("User-Agent", "")))


class DeviceSessionMiddleware(SessionMiddleware):
    """Django's, for logins that live in a cookie (the console): each notes its device when it is first saved."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.session.modified and SESSION_KEY in request.session and DEVICE not in request.session:
            remember_device(request)
        return super().process_response(request, response)
