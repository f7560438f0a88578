"""The tenant of the code that runs: set for one transaction, in Python (managers raise without it) and in Postgres.

Row security reads `app.artist_id`, `app.fan_id`, `app.user_id`, set with set_config(…, true), which ends with the
transaction. Entering another tenant inside a tenant's transaction is refused: set_config is local to the transaction,
not to the savepoint, so the outer block would go on reading the inner tenant's rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from companion.kernel.postgres import EVERY_FAN

SET = """
select set_config('app.artist_id', %s, true), set_config('app.fan_id', %s, true), set_config('app.user_id', %s, true)
"""


class Unscoped(RuntimeError):
    """Tenant data was touched without a tenant, or from inside another tenant. Always a bug of ours."""


@dataclass(frozen=True, slots=True)
class Scope:
    artist: UUID | None
    fan: str
    user: str = ""


_scope: ContextVar[Scope | None] = ContextVar("tenant_scope", default=None)


@contextmanager
def tenant(artist: UUID, *, fan: UUID | str = EVERY_FAN) -> Iterator[None]:
    """A transaction that sees one artist, and of her fans only `fan` (staff and jobs: every fan)."""
    with _enter(Scope(artist, str(fan))):
        yield


@contextmanager
def person(user: UUID) -> Iterator[None]:
    """A transaction that sees what one person has across artists: her own Fan and StaffRole rows, nothing else."""
    with _enter(Scope(None, EVERY_FAN, str(user))):
        yield


@contextmanager
def _enter(scope: Scope) -> Iterator[None]:
    outer = _scope.get()
    if outer == scope:
        yield
        return
    if outer is not None:
        raise Unscoped("already inside another tenant's transaction")
    token = _scope.set(scope)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SET, [str(scope.artist or ""), scope.fan, scope.user])
            yield
    finally:
        _scope.reset(token)


def current() -> UUID:
    """The artist in scope. Raises Unscoped."""
    scope = _scope.get()
    if scope is None or scope.artist is None:
        raise Unscoped("tenant data was touched outside tenant(…)")
    return scope.artist


def current_user() -> UUID | None:
    """The person of `person(…)`, when that is the scope."""
    scope = _scope.get()
    return UUID(scope.user) if scope and scope.user else None
