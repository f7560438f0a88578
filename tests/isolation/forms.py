"""What a person types into each form of the console that adds a row. A new form has to be taught here."""

from collections.abc import Callable
from typing import Any

from personas.forms import texts_of
from tests.console.teams import SHEET
from tests.factories import PASSWORD, unique

PERIOD = {"starts_at_0": "2031-01-01", "starts_at_1": "10:00", "ends_at_0": "2031-01-02", "ends_at_1": "10:00"}

FORMS: dict[str, Callable[[], dict[str, Any]]] = {
    "tenancy.staffrole": lambda: {
        "email": f"{unique('new')}@team.example",
        "role": "viewer",
        "first_password": PASSWORD,
    },
    "personas.personaversion": lambda: {"note": unique("note"), **texts_of(SHEET)},
    "personas.mood": lambda: {"label": "bright", "line": unique("Yes"), **PERIOD},
    "personas.scheduleentry": lambda: {"title": unique("Rehearsal"), **PERIOD},
    "personas.document": lambda: {
        "kind": "fact",
        "title": unique("title"),
        "text": "A text.",
        "language": "en",
        "minimum_tier": "0",
        "active": "on",
    },
    "moderation.rule": lambda: {"phrase": unique("plum"), "action": "block", "side": "both"},
}
