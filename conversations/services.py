"""What a fan writes about a conversation: reports, thumbs, the end of a visit. Turns have a service of their own."""

from typing import Any
from uuid import UUID

from companion.kernel.clock import rfc3339
from companion.kernel.outbox import emit
from conversations.models import Feedback, Report
from conversations.selectors import message_of
from moderation.contracts import CaseKind
from moderation.services import open_case
from tenancy.context import tenant
from tenancy.models import Fan

REPORTED = "message.reported"
SESSION_ENDED = "session.ended"


def report(message: UUID, *, artist: UUID, fan: UUID, reason: str, note: str) -> dict[str, Any]:
    """Keeps a fan's report of a message and opens a case for the team. Raises NotFound."""
    with tenant(artist, fan=fan):
        turn = message_of(message, fan=fan).turn_id
        kept = Report.objects.create(artist_id=artist, fan_id=fan, message_id=message, reason=reason, note=note)
        open_case(
            Fan.objects.get(id=fan), CaseKind.REPORT, turn=turn, note=f"{reason}\n{note}".strip(), actor=f"fan:{fan}"
        )
        emit(REPORTED, {"artist_id": str(artist), "report_id": str(kept.id)}, artist=artist)
    return {"id": str(kept.id), "created_at": rfc3339(kept.created_at)}


def give_feedback(message: UUID, *, artist: UUID, fan: UUID, value: str) -> None:
    """Keeps a thumb; the last one counts, also of two at once. Raises NotFound."""
    with tenant(artist, fan=fan):
        message_of(message, fan=fan)
        Feedback.objects.bulk_create(
            [Feedback(artist_id=artist, fan_id=fan, message_id=message, value=value)],
            update_conflicts=True,
            unique_fields=["artist", "fan", "message"],
            update_fields=["value", "changed_at"],
        )


def end_session(*, artist: UUID, fan: UUID) -> None:
    """The fan has left: what waits for the end of a visit (memory extraction) may begin."""
    with tenant(artist, fan=fan):
        emit(SESSION_ENDED, {"artist_id": str(artist), "fan_id": str(fan)}, artist=artist)
