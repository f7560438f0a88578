"""Lists' queries that staff keep under a name. Inside `tenant(…)`; `as_member` opens the private ones of one member."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import connection
from django.db.models import Q

from companion.kernel.errors import Conflict, NotFound, ValidationFailed
from tenancy import audited, context
from tenancy.models import SavedFilter

MOST = 30  # of one member on one list
# Where in the list one stands, which is no part of what it shows.
PASSING = frozenset({"p", "e", "all", "_changelist_filters"})


def normalised(query: str) -> str:
    """Two queries that show the same list are the same text."""
    kept = {(name, value) for name, value in parse_qsl(query.lstrip("?")) if name not in PASSING and value}
    return urlencode(sorted(kept))


def of_page(page: str, user: UUID) -> Sequence[SavedFilter]:
    """The member's own and the team's, by name."""
    as_member(user)
    return list(SavedFilter.objects.filter(Q(user_id=user) | Q(team=True), page=page).order_by("name", "id"))


def save(page: str, user: UUID, name: str, query: str, *, team: bool, actor: str) -> SavedFilter:
    """Keeps a query. Raises ValidationFailed for an empty one or a bad name, Conflict for a name that is taken."""
    as_member(user)
    query = normalised(query)
    longest = SavedFilter._meta.get_field("query").max_length or 0
    if not query or len(query) > longest:
        raise ValidationFailed("There is no filter to save: choose one first." if not query else "That is too long.")
    mine = SavedFilter.objects.filter(user_id=user, page=page)
    if mine.count() >= MOST:
        raise Conflict(f"You have {MOST} filters here: delete one first.")
    kept = SavedFilter(user_id=user, page=page, name=_free_name(name, user, page), query=query, team=team)
    audited.write(kept, actor=actor)
    return kept


def rename(key: UUID, user: UUID, name: str, *, actor: str) -> None:
    """Raises NotFound for what is not the member's own, and as `save`."""
    kept = _own(key, user)
    kept.name = _free_name(name, user, kept.page, apart_from=kept.pk)
    audited.write(kept, actor=actor)


def delete(key: UUID, user: UUID, *, actor: str) -> None:
    """Raises NotFound for what is not the member's own."""
    audited.remove(_own(key, user), actor=actor)


def as_member(user: UUID) -> None:
    """Row security shows this member's private filters from here to the transaction's end."""
    context.current()
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.staff_id', %s, true)", [str(user)])


def _own(key: UUID, user: UUID) -> SavedFilter:
    as_member(user)
    found = SavedFilter.objects.select_for_update().filter(pk=key, user_id=user).first()
    if found is None:
        raise NotFound("That filter is not yours, or it is gone.")
    return found


def _free_name(name: str, user: UUID, page: str, apart_from: UUID | None = None) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60:
        raise ValidationFailed("A filter's name has 1 to 60 characters.")
    taken = SavedFilter.objects.filter(user_id=user, page=page, name=name).first()
    if taken is not None and taken.pk != apart_from:
        raise Conflict(f"You have a filter “{name}” here already.")
    return name
