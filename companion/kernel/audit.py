"""The audit chain: who changed what, provable afterwards, erasable per person.

A change writes an AuditNote in its own transaction (`record`). One appender, off every hot path, turns notes into
links: each link holds a commitment sha256(salt || content) and the hash of the link before. Salt and content lie
apart, sealed under the key of the person they are about; destroying that key erases the content, and the chain still
verifies. Head and count are signed in a table of their own, so that a cut tail shows.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction

from companion.kernel.models import AuditContent, AuditEntry, AuditHead, AuditKey, AuditNote

NOBODY = UUID(int=0)
GENESIS = bytes(32)
SYSTEM = "system"


def record(
    action: str,
    *,
    actor: str,
    artist: UUID | None,
    object_type: str,
    object_id: object,
    content: Mapping[str, Any],
    subject: UUID | None = None,
    using: str = "default",
) -> None:
    """Notes a change for the chain, in the caller's transaction on the database alias `using`.

    `actor` is "staff:<user id>", "fan:<fan id>", "user:<user id>" or "command:<name>"; `content` is JSON-able (before,
    after, reason).
    """
    AuditNote.objects.using(using).bulk_create(  # bulk_create: no RETURNING, the application's role may only insert
        [
            AuditNote(
                action=action,
                actor=actor,
                artist_id=artist,
                object_type=object_type,
                object_id=str(object_id),
                subject=subject,
                content=dict(content),
            )
        ]
    )


def append_pending(limit: int = 500) -> int:
    """Moves waiting notes into the chain, oldest first; answers how many. The head's row lock makes it the only one."""
    with transaction.atomic(using=SYSTEM):
        AuditHead.objects.using(SYSTEM).get_or_create(id=1, defaults=_signed(0, GENESIS))
        head = AuditHead.objects.using(SYSTEM).select_for_update().get(id=1)
        notes = list(AuditNote.objects.using(SYSTEM).order_by("at", "id")[:limit])
        count, previous = head.count, bytes(head.hash)
        for note in notes:
            count += 1
            previous = _append(count, previous, note)
        if notes:
            AuditHead.objects.using(SYSTEM).filter(id=1).update(**_signed(count, previous))
            AuditNote.objects.using(SYSTEM).filter(id__in=[note.id for note in notes]).delete()
    return len(notes)


def _append(seq: int, previous: bytes, note: AuditNote) -> bytes:
    person = note.subject or NOBODY
    salted = os.urandom(16) + _canonical(note.content)
    entry = AuditEntry(
        seq=seq,
        at=note.at,
        artist_id=note.artist_id,
        actor=note.actor,
        action=note.action,
        object_type=note.object_type,
        object_id=note.object_id,
        commitment=hashlib.sha256(salted).digest(),
        previous=previous,
    )
    entry.hash = link(entry)
    entry.save(using=SYSTEM, force_insert=True)
    sealed = Fernet(_person_key(person)).encrypt(salted)
    AuditContent(seq=seq, artist_id=note.artist_id, person=person, sealed=sealed).save(using=SYSTEM, force_insert=True)
    return bytes(entry.hash)


def link(entry: AuditEntry) -> bytes:
    """The hash that the entry has to have."""
    fields = [
        entry.seq,
        entry.at.isoformat(),
        str(entry.artist_id or ""),
        entry.actor,
        entry.action,
        entry.object_type,
        entry.object_id,
        bytes(entry.commitment).hex(),
        bytes(entry.previous).hex(),
    ]
    return hashlib.sha256(_canonical(fields)).digest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _derived(purpose: str) -> bytes:
    return hmac.digest(settings.AUDIT_KEY.encode(), purpose.encode(), "sha256")


def _wrapper() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived("wrap")))


def signature(count: int, last: bytes) -> bytes:
    """The head's, over how many entries there are and the last one's hash."""
    return hmac.digest(_derived("sign"), f"{count}:{last.hex()}".encode(), "sha256")


def _signed(count: int, last: bytes) -> dict[str, Any]:
    return {"count": count, "hash": last, "signature": signature(count, last)}


def fernet_of(key: AuditKey) -> Fernet:
    """A person's key, unwrapped."""
    return Fernet(_wrapper().decrypt(bytes(key.wrapped)))


def _person_key(person: UUID) -> bytes:
    wrapped = _wrapper().encrypt(Fernet.generate_key())
    key, _ = AuditKey.objects.using(SYSTEM).get_or_create(person=person, defaults={"wrapped": wrapped})
    return _wrapper().decrypt(bytes(key.wrapped))


def contents_of(seqs: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The contents of entries for the console (application's role and scope), in two queries.

    Erased ones and those out of scope are not in it; one that was tampered with says so.
    """
    contents = list(AuditContent.objects.filter(seq__in=seqs))
    keys = AuditKey.objects.filter(person__in={content.person for content in contents})
    vaults = {key.person: fernet_of(key) for key in keys}
    return {c.seq: _opened(vaults[c.person], c) for c in contents if c.person in vaults}


def _opened(vault: Fernet, content: AuditContent) -> dict[str, Any]:
    try:
        opened: dict[str, Any] = json.loads(vault.decrypt(bytes(content.sealed))[16:])
    except InvalidToken:
        return {"damaged": "this content was changed behind the product's back"}
    return opened
