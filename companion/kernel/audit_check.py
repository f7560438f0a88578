"""Verifies the audit chain a piece at a time, off every page: the scheduler goes on from where it stood.

A check that has reached the head goes on with what is appended. It starts anew from the first entry once a day, and
when somebody asks. What it found stays until a later check finds the chain whole.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.db import transaction
from django.utils import timezone

from companion.kernel import audit
from companion.kernel.models import AuditCheck, AuditContent, AuditEntry, AuditHead, AuditKey

PIECE = 1000  # entries a step: about a tenth of a second
ANEW = timedelta(days=1)
AT_ONCE_S = 0.25
SYSTEM = audit.SYSTEM


@dataclass(frozen=True, slots=True)
class Verification:
    """`count` entries fit; `broken` says what does not after them, None where the whole chain fits."""

    count: int
    broken: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """`position` of `count` entries are verified. `broken_seq` is the first that does not fit, with `broken` why.

    `took_ms` is what the way from the first entry to the head took, without the waits between its steps; 0 while it is
    being walked again.
    """

    position: int
    count: int
    whole_at: datetime | None
    took_ms: int
    broken: str
    broken_seq: int | None
    head: str

    @property
    def percent(self) -> int:
        return 100 if not self.count else min(100, self.position * 100 // self.count)

    @property
    def running(self) -> bool:
        """Whether there is more to look at than was just appended: no check has stood at the head since it began."""
        return not self.broken and self.whole_at is None


def verify() -> Verification:
    """Walks the whole chain at once as the system role: links, contents that still have their key, the signed head."""
    check = AuditCheck(position=0, hash=audit.GENESIS)
    wrong, more = None, True
    while more and wrong is None:
        piece = _piece(check)
        wrong, more = _first_wrong(check, piece), len(piece) == PIECE
    wrong = wrong or _against_head(check, _head(), exactly=True)
    return Verification(check.position, wrong[1] if wrong else None)


def status() -> Status:
    """What is known, by two rows; the application's role may read both."""
    check = AuditCheck.objects.filter(id=1).first() or AuditCheck()
    head = AuditHead.objects.filter(id=1).first()
    return Status(
        position=check.position,
        count=head.count if head else 0,
        whole_at=check.whole_at,
        took_ms=0 if _is_walking(check) else check.took_ms,
        broken=check.broken,
        broken_seq=check.broken_seq,
        head=bytes(head.hash).hex() if head else "",
    )


def restart() -> None:
    """The next steps verify from the first entry on."""
    fresh = {"position": 0, "hash": audit.GENESIS, "began_at": timezone.now(), "whole_at": None}
    fresh |= {"broken": "", "broken_seq": None, "took_ms": 0}
    AuditCheck.objects.using(SYSTEM).update_or_create(id=1, defaults=fresh)


def work() -> None:
    """Pieces for a quarter of a second, so that what shares the scheduler's thread is not kept waiting."""
    until = monotonic() + AT_ONCE_S
    while step() == PIECE and monotonic() < until:
        continue


def step() -> int:
    """Verifies the next piece; answers how many entries. The check's row lock makes it the only one."""
    with transaction.atomic(using=SYSTEM):
        first = {"hash": audit.GENESIS, "began_at": timezone.now()}
        AuditCheck.objects.using(SYSTEM).get_or_create(id=1, defaults=first)
        check = AuditCheck.objects.using(SYSTEM).select_for_update().get(id=1)
        if check.broken:
            return 0
        if check.began_at is None or check.began_at + ANEW < timezone.now():
            _begin_anew(check)
        done = _advance(check)
        check.save(using=SYSTEM)
    return done


def _begin_anew(check: AuditCheck) -> None:
    """Once a day, and for the page it stays whole meanwhile: only the position goes back."""
    check.position, check.hash, check.began_at, check.took_ms = 0, audit.GENESIS, timezone.now(), 0


def _is_walking(check: AuditCheck) -> bool:
    """On the way from the first entry: it has not stood at the head since it began."""
    return check.whole_at is None or (check.began_at is not None and check.whole_at < check.began_at)


def _advance(check: AuditCheck) -> int:
    began, walking = monotonic(), _is_walking(check)
    head, piece = _head(), _piece(check)
    wrong = _first_wrong(check, piece)
    if wrong is None:
        wrong = _against_head(check, head) if len(piece) < PIECE else None
    if walking:
        check.took_ms += round((monotonic() - began) * 1000)
    if wrong is not None:
        check.broken_seq, check.broken = wrong
        check.whole_at = None
    elif len(piece) < PIECE:
        check.whole_at = timezone.now()
    return len(piece)


def _head() -> AuditHead | None:
    return AuditHead.objects.using(SYSTEM).filter(id=1).first()


def _piece(check: AuditCheck) -> list[AuditEntry]:
    return list(AuditEntry.objects.using(SYSTEM).filter(seq__gt=check.position).order_by("seq")[:PIECE])


def _first_wrong(check: AuditCheck, piece: Sequence[AuditEntry]) -> tuple[int, str] | None:
    """Moves the check along the piece as far as it fits; answers the first entry that does not, and why."""
    seqs = [entry.seq for entry in piece]
    contents = {content.seq: content for content in AuditContent.objects.using(SYSTEM).filter(seq__in=seqs)}
    keys = _keys({content.person for content in contents.values()})
    for entry in piece:
        expected = check.position + 1
        if entry.seq != expected:
            return expected, f"entry {expected} is missing"
        if bytes(entry.previous) != bytes(check.hash) or bytes(entry.hash) != audit.link(entry):
            return entry.seq, f"entry {entry.seq} does not fit the one before it"
        if not _content_fits(entry, contents.get(entry.seq), keys):
            return entry.seq, f"entry {entry.seq}: its content was changed"
        check.position, check.hash = entry.seq, bytes(entry.hash)
    return None


def _keys(people: set[UUID]) -> dict[UUID, Fernet]:
    found = AuditKey.objects.using(SYSTEM).filter(person__in=people)
    return {key.person: audit.fernet_of(key) for key in found}


def _content_fits(entry: AuditEntry, content: AuditContent | None, keys: dict[UUID, Fernet]) -> bool:
    if content is None:
        return False
    key = keys.get(content.person)
    if key is None:  # erased: the commitment stands, the content is gone for good
        return True
    try:
        salted = key.decrypt(bytes(content.sealed))
    except InvalidToken:
        return False
    return hashlib.sha256(salted).digest() == bytes(entry.commitment)


def _against_head(check: AuditCheck, head: AuditHead | None, *, exactly: bool = False) -> tuple[int, str] | None:
    """At the chain's end: the signed head names this very entry. A head that was read before the last piece may name an
    earlier one, for more may have been appended since; not so where it was read after it (`exactly`)."""
    if head is None:
        return (check.position, "the signed head is missing") if check.position else None
    if not hmac.compare_digest(bytes(head.signature), audit.signature(head.count, bytes(head.hash))):
        return head.count, "the head's signature is not ours"
    if check.position < head.count or (exactly and check.position > head.count):
        return check.position + 1, f"the head names {head.count} entries, the chain has {check.position}"
    if check.position == head.count and bytes(head.hash) != bytes(check.hash):
        return head.count, "the head names another last entry"
    return None
