"""Templates: a slot that nothing fills is read out to fans as it stands."""

import re
from collections.abc import Iterator, Mapping

from personas.release.checks.base import Check, Kind, Subject, Text
from personas.release.contracts import Evidence

NAME = "{name}"
# Which slots a field may have besides the name; rules and names go into the prompt as they are and have none.
MORE: Mapping[str, frozenset[str]] = {
    "memory_recall": frozenset({"{fact}"}),
    "topics": frozenset({"{event}", "{when}"}),
}
_SLOT = re.compile(r"\{\s*\w*\s*\}")
_BROKEN = re.compile(
    r"[{}]|\[\s*(?:fan|user|first)?[ _]?name\s*\]|%\(?(?i:\w*name\w*)\)?[s%]?"
    r"|<\s*(?:fan|user|first)?[ _]?name\s*>|\$\{?name\b"
    r"|\b(?:TODO|TBD|FIXME|XXX)\b|\blorem ipsum\b|</?[a-z][^>]*>",
)
# An answer was filled from the sheet: nothing of a slot may be left of it.
_LEFT = re.compile(r"\{\w+\}")


def slots(subject: Subject) -> Iterator[Evidence]:
    for text in subject.texts:
        found = _LEFT.search(text.text) if text.kind is Kind.ANSWER else _misused(text)
        if found is not None:
            yield text.evidence(found[0])


def _misused(text: Text) -> re.Match[str] | None:
    """The first slot that this field does not know, or what is left of a broken one."""
    takes_name = text.kind is Kind.SPOKEN and not text.is_name
    known = (frozenset({NAME}) if takes_name else frozenset()) | MORE.get(text.field, frozenset())
    unknown = (slot for slot in _SLOT.finditer(text.text) if slot[0] not in known)
    return next(unknown, None) or _BROKEN.search(_SLOT.sub("", text.text))


SLOTS = (
    Check(
        "templates",
        "Templates are whole",
        "{name}, {fact}, {event} and {when} are filled where they belong; anything else is read out as it stands.",
        slots,
    ),
)
