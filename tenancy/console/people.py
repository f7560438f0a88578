"""Who did something, as people read it: the audit chain names actors by id."""

from collections.abc import Iterable
from uuid import UUID

from tenancy.models import User

STAFF = "staff:"


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Each actor with its name: a person's name or address, a command as it is called. One query for all of them."""
    wanted = set(actors)
    ids = {actor: _user_id(actor) for actor in wanted if actor.startswith(STAFF)}
    known = User.objects.in_bulk([key for key in ids.values() if key])
    return {actor: _name(actor, known.get(ids.get(actor) or UUID(int=0))) for actor in wanted}


def _user_id(actor: str) -> UUID | None:
    try:
        return UUID(actor.removeprefix(STAFF))
    except ValueError:
        return None


def _name(actor: str, user: User | None) -> str:
    if user is not None:
        return user.name or user.email
    if actor.startswith(STAFF):
        return "someone who is no longer there"
    kind, _, name = actor.partition(":")
    return f"the command {name}" if kind == "command" and name else actor
