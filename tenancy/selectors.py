"""Reads about people for the API."""

from uuid import UUID

from django.utils import timezone

from tenancy.access import access_person
from tenancy.context import person
from tenancy.contracts import Login, LoginSession, Person
from tenancy.models import Fan, User, UserSession


def joined_slugs(user: UUID) -> list[str]:
    """The artists whom a person has joined, by slug."""
    with person(user):
        return sorted(Fan.objects.values_list("artist__slug", flat=True))


def profile(login: Login) -> tuple[Person, str, list[str]]:
    """The person behind a login, her e-mail address, and whom she has joined. Raises Unauthenticated."""
    known = access_person(login.user)
    email = User.objects.values_list("email", flat=True).get(id=login.user)
    return known, email, joined_slugs(login.user)


def login_sessions(login: Login, limit: int) -> tuple[list[LoginSession], int]:
    """The person's log-ins that are good now, the newest `limit` of them, and how many there are in all."""
    good = UserSession.objects.filter(user_id=login.user, expire_date__gt=timezone.now())
    newest = good.order_by("-created_at", "session_key")[:limit]
    return [_described(row, login.session_key) for row in newest], good.count()


def _described(row: UserSession, current: str) -> LoginSession:
    return LoginSession(row.session_key == current, row.created_at, row.last_seen_at, row.browser, row.system)
