"""Counts each hour's turns once it is over, and how many fans were active, as the system role. For figures alone.

A turn belongs to the hour in which it ended. Its rows are written within seconds of that moment by its process's clock,
so an hour is counted when it is over and again for SETTLING after that; counting an hour again replaces its row.
`manage.py roll_figures` does the same for rows that were put in later by hand.
"""

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Max, Min

from billing import rollup as billing
from companion.kernel.spans import HOUR, floor_hour
from conversations.figures import COUNTED, GROWTH, LONG_SPANS
from conversations.models import HourFigures, Turn
from tenancy.models import Artist

SETTLING = 2 * HOUR
# What one round may take: the scheduler's other work waits for it.
ROUND_S = 0.5
CHUNK = timedelta(days=1)

FORGET = "delete from conversations_hourfigures where artist_id = %(artist)s and hour >= %(since)s and hour < %(until)s"
COUNT = """
insert into conversations_hourfigures (id, artist_id, hour, completed, cancelled, failed, blocked, held, deflected,
                                       crises, first_token)
select gen_random_uuid(), %(artist)s, counted.* from (
  COUNTED
) as counted
""".replace("COUNTED", COUNTED.replace("BIN", "date_trunc('hour', t.ended_at, 'UTC')"))
ACTIVE = """
insert into conversations_activefans (id, artist_id, days, until, fans)
select gen_random_uuid(), %(artist)s, %(days)s, %(until)s, count(distinct fan_id) from conversations_turn
where artist_id = %(artist)s and ended_at >= %(since)s and ended_at < %(until)s
on conflict (artist_id, days, until) do update set fans = excluded.fans
"""
KNOWN = "select 1 from conversations_activefans where artist_id = %(artist)s and days = %(days)s and until = %(until)s"


def roll_pending(now: datetime | None = None) -> None:
    """What the scheduler runs every 20 seconds: every artist's hours that are over, oldest first, for about ROUND_S."""
    ends = monotonic() + ROUND_S
    until = floor_hour(now or datetime.now(UTC))
    for artist in Artist.objects.using("system").order_by("id").values_list("id", flat=True):
        while (since := _pending_since(artist, until)) is not None:
            roll(artist, since, min(since + CHUNK, until))
            if monotonic() > ends:
                return
        _count_active(artist, until)


def roll_settling() -> None:
    """What the scheduler runs now and then: the hours that have only just gone by, once more, for what came late."""
    until = floor_hour(datetime.now(UTC))
    recent = HourFigures.objects.across_tenants().filter(hour__gte=until - SETTLING)
    for artist in sorted(set(recent.values_list("artist_id", flat=True))):
        roll(artist, until - SETTLING, until)


def roll(artist: UUID, since: datetime, until: datetime) -> None:
    """Counts the hours of [since, until), both whole hours."""
    billing.roll(artist, since, until)
    hours: dict[str, Any] = {"artist": artist, "since": since, "until": until}
    pieces: dict[str, Any] = {"artist": artist, "since": [since], "until": [until], "growth": GROWTH}
    with transaction.atomic(using="system"), connections["system"].cursor() as cursor:
        cursor.execute(FORGET, hours)
        cursor.execute(COUNT, pieces)


def roll_all(artist: UUID, since: datetime, until: datetime) -> None:
    """Counts everything of [since, until) anew, a day at a time, and the fans who were active."""
    while since < until:
        roll(artist, since, min(since + CHUNK, until))
        since += CHUNK
    _count_active(artist, until, anew=True)


def _pending_since(artist: UUID, until: datetime) -> datetime | None:
    """The first hour that is over and not counted yet; None when all are."""
    rolled = HourFigures.objects.across_tenants().filter(artist_id=artist).aggregate(newest=Max("hour"))["newest"]
    ended = Turn.objects.across_tenants().filter(artist_id=artist, ended_at__lt=until)
    if rolled is not None:
        ended = ended.filter(ended_at__gte=rolled + HOUR)
    first = ended.aggregate(first=Min("ended_at"))["first"]
    return floor_hour(first) if first else None


def _count_active(artist: UUID, until: datetime, *, anew: bool = False) -> None:
    """The fans of each long span up to this hour, and up to where it begins, once each."""
    for days in LONG_SPANS:
        for end in (until, until - timedelta(days=days)):
            fields: dict[str, Any] = {"artist": artist, "days": days, "until": end, "since": end - timedelta(days=days)}
            with connections["system"].cursor() as cursor:
                cursor.execute(KNOWN, fields)
                if anew or cursor.fetchone() is None:
                    cursor.execute(ACTIVE, fields)
