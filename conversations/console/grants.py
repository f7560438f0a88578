"""Who may read a fan's conversation: whoever gave a reason, for half an hour. Each opening stands in the audit log."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from companion.kernel import audit
from companion.kernel.errors import ValidationFailed
from conversations.models import ReadingGrant
from tenancy import context
from tenancy.models import Fan

LASTS = timedelta(minutes=30)
SHORTEST_REASON, LONGEST_REASON = 4, 300


def active(fan: UUID, user: UUID) -> ReadingGrant | None:
    """The grant by which this member of the team may read the conversation now. Within the tenant's scope."""
    grants = ReadingGrant.objects.filter(fan_id=fan, user_id=user, closed_at=None, expires_at__gt=timezone.now())
    return grants.order_by("-expires_at").first()


def open_reading(fan: Fan, user: UUID, reason: str, *, actor: str) -> ReadingGrant:
    """Grants access from now on. Raises ValidationFailed without a reason. Within the tenant's scope."""
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ValidationFailed("Say why you read this, in a few words: a case, a report, a fan's own question.")
    now = timezone.now()
    grant = ReadingGrant(
        artist_id=context.current(), fan=fan, user_id=user, reason=reason, opened_at=now, expires_at=now + LASTS
    )
    grant.save(force_insert=True)
    _note("conversation.opened", fan, grant, actor)
    return grant


def close_reading(fan: Fan, user: UUID, *, actor: str) -> int:
    """Ends what is still open of this member's; answers how many. Within the tenant's scope."""
    now = timezone.now()
    still_open = ReadingGrant.objects.filter(fan=fan, user_id=user, closed_at=None, expires_at__gt=now)
    grants = list(still_open.select_for_update())
    for grant in grants:
        grant.closed_at = now
        grant.save(update_fields=["closed_at"])
        _note("conversation.closed", fan, grant, actor)
    return len(grants)


def _note(action: str, fan: Fan, grant: ReadingGrant, actor: str) -> None:
    until = grant.closed_at or grant.expires_at
    audit.record(
        action,
        actor=actor,
        artist=context.current(),
        object_type="fan",
        object_id=fan.pk,
        content={"reason": grant.reason, "until": until.isoformat()},
        subject=fan.user_id,
    )
