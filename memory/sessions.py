"""The session mark of a fan: when she last spoke, what has been read, and who reads now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from companion.kernel.heartbeats import LEASE
from memory.models import SessionMark
from tenancy.context import tenant

# After so many answers that could not be read, the talk is passed over.
ATTEMPTS = 3
LONGEST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to read a fan's talk after the message `after`; void once somebody raised the epoch."""

    artist: UUID
    fan: UUID
    epoch: int
    after: UUID | None


def locked(artist: UUID, fan: UUID) -> SessionMark:
    """The fan's mark, locked: whoever writes her memory waits here. Within the tenant's scope."""
    SessionMark.objects.bulk_create([SessionMark(artist_id=artist, fan_id=fan)], ignore_conflicts=True)
    return SessionMark.objects.select_for_update().get(fan_id=fan)


def touch(artist: UUID, fan: UUID, said_at: datetime) -> None:
    """Notes that she spoke; an older moment changes nothing."""
    with tenant(artist, fan=fan):
        mark = locked(artist, fan)
        if mark.last_said_at is None or mark.last_said_at < said_at:
            mark.last_said_at = said_at
            mark.save(update_fields=["last_said_at"])


def told(artist: UUID, fan: UUID, now: datetime) -> None:
    """Notes that the end of the session was told."""
    with tenant(artist, fan=fan):
        locked(artist, fan)
        SessionMark.objects.filter(fan_id=fan).update(asked_at=now)


def begin(artist: UUID, fan: UUID, now: datetime) -> Lease | None:
    """Takes the lease, which its holder renews; None while somebody else holds it."""
    with tenant(artist, fan=fan):
        mark = locked(artist, fan)
        if mark.lease_until is not None and mark.lease_until > now:
            return None
        mark.epoch += 1
        mark.lease_until = now + LEASE
        mark.save(update_fields=["epoch", "lease_until"])
        return Lease(artist, fan, mark.epoch, mark.extracted_upto)


def renew(lease: Lease) -> None:
    """Says that the reader lives; nothing once the lease is given up or taken."""
    with tenant(lease.artist, fan=lease.fan):
        ours = SessionMark.objects.filter(fan_id=lease.fan, epoch=lease.epoch, lease_until__isnull=False)
        ours.update(lease_until=timezone.now() + LEASE)


def give_up(lease: Lease) -> None:
    """Lets the next one begin at once."""
    with tenant(lease.artist, fan=lease.fan):
        SessionMark.objects.filter(fan_id=lease.fan, epoch=lease.epoch).update(lease_until=None)


def held(lease: Lease) -> SessionMark | None:
    """The mark, locked, while the lease is good. Within the tenant's scope, in which what was read is written."""
    mark = locked(lease.artist, lease.fan)
    return mark if mark.epoch == lease.epoch else None


def read_upto(mark: SessionMark, message: UUID, said_at: datetime) -> None:
    """The talk up to this message is done with; a failure that was passed over before it stands until it is retried."""
    if not mark.passed_over:
        mark.failed_at, mark.failed_code, mark.failed_text, mark.failed_after = None, "", "", None
    mark.extracted_upto, mark.extracted_said_at = message, said_at
    mark.attempts, mark.lease_until = 0, None
    mark.save()


def fail(mark: SessionMark, code: str, answer: str, *, upto: UUID, said_at: datetime, now: datetime) -> None:
    """Keeps an answer that could not be read, for staff; the talk is tried again with the next session, but not for
    ever. The caller holds the mark's lock."""
    if mark.failed_at is None:
        mark.failed_after = mark.extracted_upto
    mark.attempts += 1
    mark.failed_at, mark.failed_code, mark.failed_text, mark.lease_until = now, code, answer[:LONGEST_KEPT], None
    if mark.attempts >= ATTEMPTS:
        mark.attempts, mark.extracted_upto, mark.extracted_said_at = 0, upto, said_at
    mark.save()


def begin_again(mark: SessionMark) -> None:
    """What could not be read is unread again. The caller holds the mark's lock."""
    mark.extracted_upto, mark.extracted_said_at = mark.failed_after, None
    mark.attempts, mark.failed_at, mark.failed_code, mark.failed_text, mark.failed_after = 0, None, "", "", None
    mark.save()
