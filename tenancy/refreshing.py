"""Refreshing tokens over a network that may lose the answer (HEADLESS_TOKEN_STRATEGY).

A refresh token works once, so a client whose answer is lost on the way would be logged out. One that names its attempt
in `Refresh-Attempt` may ask again with the same token and attempt: it gets fresh tokens, and the refresh token of the
lost answer is void. Without the attempt's name, which its device alone knows, a rotated token is refused.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any, cast

from allauth.core import context
from allauth.headless.tokens.strategies.jwt import JWTTokenStrategy, internal
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from tenancy.models import UserSession

HEADER = "Refresh-Attempt"
KEPT = "refreshed"
AGAIN_S = 300  # a lift, a tunnel; whoever comes back later logs in again
LONGEST = 100
Claims = Mapping[str, Any]
Tokens = tuple[str, str]


class TokenStrategy(JWTTokenStrategy):  # type: ignore[misc]  # allauth ships no types
    """allauth's, which answers the same attempt again."""

    def refresh_token(self, refresh_token: str) -> Tokens | None:
        """(access token, refresh token), or None for a token that is void."""
        claims = internal.decode_token(refresh_token, "refresh")
        if claims is None:
            return None
        with transaction.atomic():
            _lock(claims)
            return self._refreshed(refresh_token, claims)

    def _refreshed(self, refresh_token: str, claims: Claims) -> Tokens | None:
        tokens = cast("Tokens | None", super().refresh_token(refresh_token))
        attempt = _attempt()
        if not attempt:
            return tokens
        tokens = tokens or self._again(claims, attempt)
        if tokens:
            _keep(claims, attempt, tokens[1])
        return tokens

    def _again(self, claims: Claims, attempt: str) -> Tokens | None:
        """In place of what the lost answer held, unless that has been used to refresh."""
        session = _session(claims)
        user = internal.validate_token_user(claims, session) if session else None
        if session is None or user is None or not _is_same(session.get(KEPT), claims, attempt):
            return None
        lost = session[KEPT]["next"]
        if lost not in internal.get_refresh_token_state(session):
            return None
        internal.invalidate_refresh_token(session, {"jti": lost})
        token = internal.create_refresh_token(user, session)
        session.save()
        return internal.create_access_token(user, session, self.get_claims(user)), token


def _attempt() -> str:
    """What this request calls its attempt, or ""."""
    named = context.request.headers.get(HEADER, "") if context.request else ""
    return named if len(named) <= LONGEST else ""


def _lock(claims: Claims) -> None:
    """Of two at once with one token the second waits here, and finds it rotated."""
    key = internal.session_key_from_sid(claims["sid"])
    UserSession.objects.select_for_update().filter(session_key=key).first()


def _session(claims: Claims) -> SessionBase | None:
    return cast("SessionBase | None", internal.get_token_session(dict(claims)))


def _is_same(kept: Mapping[str, Any] | None, claims: Claims, attempt: str) -> bool:
    if kept is None or kept["of"] != claims["jti"] or kept["until"] <= time.time():
        return False
    return hmac.compare_digest(kept["attempt"], _digest(attempt))


def _keep(claims: Claims, attempt: str, token: str) -> None:
    """Notes the attempt in the login's session, beside the id of the refresh token that it led to."""
    session, issued = _session(claims), internal.decode_token(token, "refresh")
    if session is None or issued is None:
        return
    until = time.time() + AGAIN_S
    session[KEPT] = {"of": claims["jti"], "attempt": _digest(attempt), "next": issued["jti"], "until": until}
    session.save()


def _digest(attempt: str) -> str:
    return hashlib.sha256(attempt.encode()).hexdigest()
