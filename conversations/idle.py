"""Sessions that nobody ended: the scheduler tells their end once they have been quiet for long enough."""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from companion.kernel.outbox import emit
from memory import sessions
from memory.selectors import idle_sessions
from tenancy.context import tenant

SESSION_IDLE = "session.idle"
# An end that nobody acted on is told again.
TOLD_AGAIN = timedelta(minutes=10)


def sweep_idle(now: datetime | None = None) -> int:
    """Tells the end of each session that has been quiet for COMPANION_MEMORY_IDLE_S; answers how many."""
    moment = now or datetime.now(UTC)
    quiet = moment - timedelta(seconds=settings.MEMORY_IDLE_S)
    found = list(idle_sessions(quiet_since=quiet, asked_before=moment - TOLD_AGAIN))
    for artist, fan in found:
        with tenant(artist, fan=fan):
            sessions.told(artist, fan, moment)
            emit(SESSION_IDLE, {"artist_id": str(artist), "fan_id": str(fan)}, artist=artist)
    return len(found)
