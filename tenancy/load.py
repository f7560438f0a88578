"""Fans for load tests, made by the thousand: a few statements in all, and no password is ever hashed."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from allauth.headless.tokens.strategies.jwt.internal import create_token, session_key_to_sid
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from tenancy import disclosures
from tenancy.access import describe
from tenancy.context import tenant
from tenancy.models import Acknowledgement, Fan, User, UserSession
from tenancy.sessions import SessionStore

GOOD_FOR = timedelta(hours=6)
AT_ONCE = 2000
# An adult in every jurisdiction that we know of (21 is the highest age of majority).
BIRTH_DATE = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class LoadFan:
    email: str
    access_token: str
    expires_at: datetime


def make_fans(artist: UUID, count: int) -> Iterator[LoadFan]:
    """`count` new users, joined with the artist, every disclosure acknowledged, each with a log-in session."""
    run = secrets.token_hex(4)
    for start in range(0, count, AT_ONCE):
        users = [_user(run, number) for number in range(start, min(start + AT_ONCE, count))]
        yield from _batch(artist, users)


def _batch(artist: UUID, users: list[User]) -> list[LoadFan]:
    User.objects.bulk_create(users)
    with tenant(artist):
        fans = Fan.objects.bulk_create([Fan(artist_id=artist, user=user) for user in users])
        needed = disclosures.required(describe(users[0]))
        rows = [Acknowledgement(artist_id=artist, fan=fan, disclosure=id) for fan in fans for id in needed]
        Acknowledgement.objects.bulk_create(rows)
    expires_at = datetime.now(UTC) + GOOD_FOR
    sessions = [_session(user, expires_at) for user in users]
    UserSession.objects.bulk_create(sessions)
    return [
        LoadFan(user.email, _token(user, session), expires_at) for user, session in zip(users, sessions, strict=True)
    ]


def _user(run: str, number: int) -> User:
    user = User(email=f"load-{run}-{number}@load.example", name=f"Load {number}", birth_date=BIRTH_DATE)
    user.set_unusable_password()
    return user


def _session(user: User, expires_at: datetime) -> UserSession:
    """The row that a log-in would leave behind; the access token points at it."""
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    session = SessionStore(secrets.token_hex(16)).create_model_instance(data)
    session.expire_date = expires_at
    return session


def _token(user: User, session: UserSession) -> str:
    """As allauth's JWT strategy makes it, but good for as long as a load test runs."""
    token, _ = create_token(
        "access",
        sub=str(user.pk),
        sid=session_key_to_sid(session.session_key),
        expires_in=int(GOOD_FOR.total_seconds()),
    )
    return str(token)
