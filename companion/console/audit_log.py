"""Entries of the audit chain as people read them: who, what kind, what, about what, why, and what changed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from companion.kernel import audit
from companion.kernel.models import AuditEntry
from tenancy.models import StaffRole, User

# How many of the newest entries a search for words opens: the contents are sealed, so no index knows them.
SEARCHED = 2000
CHUNK = 200
# kind → the types of objects that it gathers
KINDS: Mapping[str, tuple[str, ...]] = {
    "access": ("fan", "conversation"),
    "switch": ("killswitch",),
    "decision": ("case", "decision", "appeal"),
    "rule": ("rule",),
    "release": ("persona", "personaversion"),
    "mood": ("mood", "scheduleentry"),
    "corpus": ("document", "corpusindex"),
    "memory": ("memory", "memorysettings", "sessionmark", "tombstone"),
    "team": ("staffrole", "login", "savedfilter"),
    "artist": ("artist",),
    "export": ("auditlog",),
}
KIND_OF = {object_type: kind for kind, types in KINDS.items() for object_type in types}
LABELS = {
    "access": "warning",
    "switch": "danger",
    "decision": "primary",
    "rule": "info",
    "release": "success",
    "mood": "info",
    "team": "primary",
    "export": "warning",
}
TOLD = {
    "conversation.opened": "Opened a conversation",
    "conversation.closed": "Closed the access to a conversation",
    "killswitch.on": "Paused",
    "killswitch.off": "Resumed",
    "persona.published": "Published a version",
    "login.totp_set_up": "Set up two-step log-in",
    "login.totp_removed": "Turned two-step log-in off",
    "login.totp_reset": "Reset a member's two-step log-in",
    "login.recovery_codes_made": "Made new recovery codes",
    "login.recovery_code_used": "Came in with a recovery code",
    "auditlog.exported": "Exported the audit log",
}
NOUNS = {
    "killswitch": "kill switch",
    "personaversion": "persona version",
    "scheduleentry": "schedule entry",
    "corpusindex": "corpus index",
    "memorysettings": "memory settings",
    "sessionmark": "memory of a fan",
    "tombstone": "memory of a fan",
    "staffrole": "team role",
    "savedfilter": "saved filter",
}
# Fields by which a person knows the object, the best first.
NAMING = ("name", "title", "phrase", "label", "email", "role", "scope", "note")


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of the row that the entry is about; None where it was not there."""

    field: str
    before: str | None
    after: str | None

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Told:
    """An entry's line, and what opens below it."""

    who: str
    role: str
    kind: str
    what: str
    subject: str
    reason: str
    changes: Sequence[Changed]
    others: Sequence[tuple[str, str]]
    erased: bool


def tell(entries: Sequence[AuditEntry]) -> dict[int, Told]:
    """By number. Four queries, however many there are. Inside `tenant(…)`."""
    contents = audit.contents_of([entry.seq for entry in entries])
    people = _people(entry.actor for entry in entries)
    return {entry.seq: _told(entry, contents.get(entry.seq), people) for entry in entries}


def containing(entries: Iterable[AuditEntry], words: str) -> list[int]:
    """The numbers of those whose content holds the words, in whatever case."""
    wanted = words.casefold()
    found: list[int] = []
    chunk: list[int] = []
    for entry in entries:
        chunk.append(entry.seq)
        if len(chunk) == CHUNK:
            found += _with(chunk, wanted)
            chunk = []
    return found + _with(chunk, wanted)


def _with(seqs: Sequence[int], wanted: str) -> list[int]:
    contents = audit.contents_of(seqs)
    return [seq for seq, content in contents.items() if wanted in json.dumps(content, ensure_ascii=False).casefold()]


def _people(actors: Iterable[str]) -> dict[str, tuple[str, str]]:
    """E-mail address and role of each member of staff among the actors."""
    keys = {actor.removeprefix("staff:") for actor in actors if actor.startswith("staff:")}
    users = dict(User.objects.filter(pk__in=keys).values_list("pk", "email"))
    roles = dict(StaffRole.objects.filter(user_id__in=keys).values_list("user_id", "role"))
    return {f"staff:{key}": (email, roles.get(key, "no longer in the team")) for key, email in users.items()}


def _told(entry: AuditEntry, content: Mapping[str, Any] | None, people: Mapping[str, tuple[str, str]]) -> Told:
    who, role = people.get(entry.actor, _machine(entry.actor))
    opened = content or {}
    before, after = opened.get("before"), opened.get("after")
    return Told(
        who=who,
        role=role,
        kind=KIND_OF.get(entry.object_type, entry.object_type),
        what=TOLD.get(entry.action) or _sentence(entry),
        subject=_subject(entry, after or before or opened),
        reason=str(opened.get("reason", "")),
        changes=_changes(before, after),
        others=[(name, _text(value)) for name, value in opened.items() if name not in ("before", "after", "reason")],
        erased=content is None,
    )


def _machine(actor: str) -> tuple[str, str]:
    kind, _, name = actor.partition(":")
    return (_short(name) if name else kind, kind if name else "")


def _sentence(entry: AuditEntry) -> str:
    noun, _, verb = entry.action.partition(".")
    return f"{NOUNS.get(noun, noun)} {verb.replace('_', ' ')}".capitalize()


def _subject(entry: AuditEntry, row: Any) -> str:
    named = next((str(row[name]) for name in NAMING if row.get(name)), "") if isinstance(row, Mapping) else ""
    return named or f"{NOUNS.get(entry.object_type, entry.object_type)} {_short(entry.object_id)}"


def _short(key: str) -> str:
    """The end of an id: ids of the same hour begin alike."""
    try:
        return UUID(key).hex[-6:]
    except ValueError:
        return key


def _changes(before: Any, after: Any) -> Sequence[Changed]:
    old, new = before or {}, after or {}
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return []
    names = [*old, *(name for name in new if name not in old)]
    rows = [Changed(name, _maybe(old, name), _maybe(new, name)) for name in names]
    return [row for row in rows if row.differs] if old and new else rows


def _maybe(row: Mapping[str, Any], name: str) -> str | None:
    return _text(row[name]) if name in row else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
