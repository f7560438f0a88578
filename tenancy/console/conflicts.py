"""Two people at one form: the later is shown the difference, keeps what was typed, and chooses for each field.

A form carries a mark of each field as it was when it was opened. Saving locks the row first, for the request's whole
transaction, and compares the marks then: of two who save at once the second waits, and sees what the first saved.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from companion.kernel.models import AuditEntry
from tenancy import context
from tenancy.console.people import names_of
from tenancy.console.wording import Comparison, compare

MINE, THEIRS = "mine", "theirs"
# The posted names: the marks, and for each differing field which side is to be saved.
OPENED_FIELD = "console_opened"
SIDE_FIELD = "console_side_"


@dataclass(frozen=True, slots=True)
class Differing:
    """One field that says something else in the row than in the form. `side` is what is chosen so far."""

    name: str
    label: str
    words: Comparison
    side: str

    @property
    def choice(self) -> str:
        return SIDE_FIELD + self.name


@dataclass(frozen=True, slots=True)
class Conflict:
    """Who saved in between, when (None: the entry is not in the chain yet), and what differs now."""

    who: str
    when: datetime | None
    fields: tuple[Differing, ...]


def hold(rows: models.QuerySet[Any], key: object) -> None:
    """Locks the row until the request's transaction ends."""
    found = rows.filter(pk=key).order_by().select_related(None).select_for_update(of=("self",))
    found.values_list("pk", flat=True).first()


def marks(row: models.Model, names: list[str]) -> dict[str, str]:
    """A short mark of each field's value."""
    return {name: mark(getattr(row, row._meta.get_field(name).attname)) for name in names}  # type: ignore[union-attr]  # columns alone


def mark(value: Any) -> str:
    # A form's times have no fractions of a second, and stand in the zone of whoever fills it in.
    is_time = isinstance(value, datetime)
    plain = value.replace(microsecond=0).astimezone(UTC) if is_time else getattr(value, "pk", value)
    told = json.dumps(plain, cls=DjangoJSONEncoder)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def read_marks(text: str | None) -> dict[str, str] | None:
    """The marks that a form brought back; None for a request that carries none and so asks for no comparison."""
    if not text:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def told(value: Any, choices: Mapping[Any, str]) -> str:
    """A field's value as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%-d %b %Y, %H:%M} {timezone.get_current_timezone_name()}"
    return str(choices.get(value, value)) if value not in (None, "") else ""


def differing(name: str, label: str, theirs: str, mine: str, side: str) -> Differing:
    return Differing(name, label, compare(theirs, mine), side)


def found_conflict(row: models.Model, fields: tuple[Differing, ...]) -> Conflict:
    """With who changed the row last, as the audit chain tells it; an entry reaches the chain within a second."""
    entries = AuditEntry.objects.filter(artist_id=context.current(), object_id=str(row.pk))
    last = entries.filter(object_type=row._meta.model_name).order_by("-seq").first()
    if last is None:
        return Conflict("Somebody else", None, fields)
    return Conflict(names_of([last.actor])[last.actor], last.at, fields)
