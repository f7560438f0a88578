"""Reads about people for the API."""

from uuid import UUID

from tenancy.access import access_person
from tenancy.context import person
from tenancy.contracts import Login, Person
from tenancy.models import Fan, User


def joined_slugs(user: UUID) -> list[str]:
    """The artists whom a person has joined, by slug."""
    with person(user):
        return sorted(Fan.objects.values_list("artist__slug", flat=True))


def profile(login: Login) -> tuple[Person, str, list[str]]:
    """The person behind a login, her e-mail address, and whom she has joined. Raises Unauthenticated."""
    known = access_person(login.user)
    email = User.objects.values_list("email", flat=True).get(id=login.user)
    return known, email, joined_slugs(login.user)
