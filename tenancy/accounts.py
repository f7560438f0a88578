"""Who asks: access tokens of django-allauth headless, checked against the session behind them.

A token is good while its session row stands, the password is the one it was made with, and the account is active:
logging out, changing the password and deactivation each refuse it at its next use.
"""

from allauth.core.internal.httpkit import get_authorization_credential
from allauth.core.internal.sessionkit import get_session_user
from allauth.headless.internal.sessionkit import lookup_session
from allauth.headless.tokens.strategies.jwt.internal import session_key_from_sid, validate_access_token
from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils import translation
from ninja.security.base import AuthBase

from companion.kernel.errors import Unauthenticated
from tenancy.contracts import Login

SCHEME = "Bearer"


class Anonymous:
    """Nobody is logged in, which the route allows."""


ANONYMOUS = Anonymous()


def authenticate(request: HttpRequest) -> Login | None:
    """The login behind `Authorization: Bearer …`; None for a missing, garbled, expired or revoked token."""
    token = get_authorization_credential(request, SCHEME)
    return login_by_token(token) if token else None


def login_by_token(token: str) -> Login | None:
    """The same for a bare token."""
    try:
        validated = validate_access_token(token)
    except (ValueError, TypeError):  # claims of another shape under a good signature, or bytes that are no token
        return None
    if validated is None:
        return None
    user, payload = validated
    speak(user.language)
    session_key = session_key_from_sid(payload["sid"])
    return Login(user.pk, session_key) if session_key else None


def check_login(login: Login) -> None:
    """Raises Unauthenticated once the login has ended: by a log-out, another password, a deactivation, its age."""
    session = lookup_session(login.session_key)
    user = get_session_user(session) if session else None
    if user is None or user.pk != login.user:
        raise Unauthenticated


def speak(language: str) -> None:
    """From here on this request, or socket, is answered in the person’s own language, if it is one that we have."""
    try:
        translation.activate(translation.get_supported_language_variant(language.replace("_", "-").lower()))
    except LookupError:  # none is kept, or one of which there is no catalog: what the request asked for stands
        return


class Bearer(AuthBase):
    """The API's security scheme, for sync operations."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Login | Anonymous | None:
        return authenticate(request)


class OptionalBearer(Bearer):
    """The same where nobody has to be logged in. A token that is there has to be good."""

    def __call__(self, request: HttpRequest) -> Login | Anonymous | None:
        return authenticate(request) if "Authorization" in request.headers else ANONYMOUS


class AsyncBearer(Bearer):
    """The same for async operations."""

    is_async = True

    async def __call__(self, request: HttpRequest) -> Login | None:  # type: ignore[override]  # ninja awaits it
        return await sync_to_async(authenticate)(request)


bearer = Bearer()
optional_bearer = OptionalBearer()
async_bearer = AsyncBearer()


def login_of(request: HttpRequest) -> Login:
    """The login that the route's security scheme let through."""
    login = getattr(request, "auth", None)
    if not isinstance(login, Login):
        raise TypeError("this operation has no login: mount it with auth=bearer")
    return login


def login_if_any(request: HttpRequest) -> Login | None:
    """The same where nobody has to be logged in."""
    login = getattr(request, "auth", None)
    return login if isinstance(login, Login) else None
