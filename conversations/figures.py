"""What became of an artist's turns in a span of time, from whole hours and the edges between them."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Max

from companion.kernel.spans import HOUR, Span, Window, floor_hour
from conversations.models import ActiveFans, HourFigures
from tenancy.context import tenant
from tenancy.models import Fan

# Buckets of the first token's time grow by a tenth, so that a percentile is right to within five percent.
GROWTH = 1.1
# Spans whose active fans the scheduler counts each hour. A day's, and those of few turns, are counted when asked.
LONG_SPANS = (7, 30, 90)

# BIN: the moment under which a turn is counted. "offset 0" keeps the planner to the index of each short range: it
# would guess at a ninth of the table and read all of it.
COUNTED = """
  with ended as (
    select BIN as at, t.status,
           case when v.verdicts @> '[{"action": "crisis"}]' then 'crisis'
                when v.verdicts @> '[{"action": "block"}]' then 'block'
                when v.verdicts @> '[{"action": "hold"}]' then 'hold'
                when v.verdicts @> '[{"action": "deflect"}]' then 'deflect' end as verdict,
           case when v.timings_ms ? 'first_token' then
             floor(ln(greatest((v.timings_ms ->> 'first_token')::float, 1)) / ln(%(growth)s))::int end as bucket
    from unnest(%(since)s::timestamptz[], %(until)s::timestamptz[]) as r(since, until)
    cross join lateral (select id, status, ended_at from conversations_turn
                        where artist_id = %(artist)s and ended_at >= r.since and ended_at < r.until offset 0) as t
    left join lateral (select verdicts, timings_ms from conversations_turntrace
                       where artist_id = %(artist)s and turn_id = t.id offset 0) as v on true
  ), speeds as (
    select at, jsonb_object_agg(bucket, turns) as first_token
    from (select at, bucket, count(*) as turns from ended where bucket is not null group by at, bucket) as b group by at
  )
  select e.at, count(*) filter (where status = 'completed'), count(*) filter (where status = 'cancelled'),
         count(*) filter (where status = 'failed'), count(*) filter (where verdict = 'block'),
         count(*) filter (where verdict = 'hold'), count(*) filter (where verdict = 'deflect'),
         count(*) filter (where verdict = 'crisis'), coalesce(min(s.first_token::text), '{}')::jsonb
  from ended e left join speeds s on s.at = e.at group by e.at
"""
EDGES = COUNTED.replace("BIN", "date_bin(%(bin)s, t.ended_at, r.since)")
HOURS = """
select h.hour, h.completed, h.cancelled, h.failed, h.blocked, h.held, h.deflected, h.crises, h.first_token
from unnest(%(since)s::timestamptz[], %(until)s::timestamptz[]) as r(since, until)
join conversations_hourfigures h on h.artist_id = %(artist)s and h.hour >= r.since and h.hour < r.until
"""
# Whether more than a few turns lie in both spans together: then they are not counted while somebody waits.
FEW = 10_000
MANY = """
select count(*) from (select from conversations_turn where artist_id = %(artist)s and ended_at >= %(before)s
                      and ended_at < %(now)s offset %(few)s limit 1) as more
"""
ACTIVE = """
select count(distinct fan_id) filter (where ended_at >= %(start)s),
       count(distinct fan_id) filter (where ended_at < %(start)s)
from conversations_turn where artist_id = %(artist)s and ended_at >= %(before)s and ended_at < %(now)s
"""


COUNTS = ("completed", "cancelled", "failed", "blocked", "held", "deflected", "crises")


@dataclass(slots=True)
class Turns:
    """Counts of ended turns; each turn has one outcome and at most one verdict, its gravest."""

    completed: int = 0
    cancelled: int = 0
    failed: int = 0
    blocked: int = 0
    held: int = 0
    deflected: int = 0
    crises: int = 0
    first_token: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.completed + self.cancelled + self.failed

    @property
    def stopped(self) -> int:
        """Turns with a verdict against what was said or would have been."""
        return self.blocked + self.held + self.deflected

    def share(self, count: int) -> float | None:
        """Percent of all turns; None without any."""
        return 100 * count / self.total if self.total else None

    def add(self, counts: Sequence[int], first_token: str) -> None:
        """`counts` in the order of COUNTS; `first_token` is {bucket: turns} as JSON."""
        for name, count in zip(COUNTS, counts, strict=True):
            setattr(self, name, getattr(self, name) + count)
        for bucket, turns in orjson.loads(first_token).items():
            self.first_token[int(bucket)] += turns

    def merge(self, other: "Turns") -> None:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.first_token.update(other.first_token)

    def percentile_ms(self, share: float) -> float | None:
        """The time to the first token below which `share` (0 to 1) of the turns lie; None when none had one."""
        wanted = share * self.first_token.total()
        seen = 0.0
        for bucket, turns in sorted(self.first_token.items()):
            if seen + turns >= wanted:
                return math.pow(GROWTH, bucket + (wanted - seen) / turns)
            seen += turns
        return None


@dataclass(frozen=True, slots=True)
class SpanTurns:
    now: Turns
    before: Turns
    points: list[Turns]


@dataclass(frozen=True, slots=True)
class SpanFans:
    """`active` said something; `before` in the span before (None: not counted yet). `as_of` is a whole hour for long
    spans, which the scheduler counts."""

    active: int | None
    active_before: int | None
    joined: int
    joined_before: int
    joined_points: list[int]
    as_of: datetime


def turns(artist: UUID, window: Window) -> SpanTurns:
    """What became of the turns, now and before, and along the span."""
    found = SpanTurns(Turns(), Turns(), [Turns() for _ in range(window.span.points)])
    with tenant(artist):
        newest = HourFigures.objects.aggregate(newest=Max("hour"))["newest"]
        rolled_until = newest + HOUR if newest else None
        rows = _rows(HOURS, artist, window, window.whole_hours(rolled_until))
        rows += _rows(EDGES, artist, window, window.edges(rolled_until))
    for moment, *counts, first_token in rows:
        point = window.point(moment)
        (found.before if point is None else found.points[point]).add(counts, first_token)
    for each in found.points:
        found.now.merge(each)
    return found


def fans(artist: UUID, window: Window) -> SpanFans:
    """Who said something, and who came."""
    with tenant(artist):
        active, before, as_of = _active(artist, window)
        joined = dict(_rows(JOINED, artist, window, [(window.start, window.now)]))
        earlier = Fan.objects.filter(joined_at__gte=window.before, joined_at__lt=window.start).count()
    points = [0] * window.span.points
    for moment, count in joined.items():
        points[window.point(moment) or 0] += count
    return SpanFans(active, before, sum(points), earlier, points, as_of)


JOINED = """
select date_bin(%(bin)s, joined_at, r.since), count(*)
from unnest(%(since)s::timestamptz[], %(until)s::timestamptz[]) as r(since, until)
join tenancy_fan f on f.artist_id = %(artist)s and f.joined_at >= r.since and f.joined_at < r.until group by 1
"""


def _active(artist: UUID, window: Window) -> tuple[int | None, int | None, datetime]:
    fields: dict[str, Any] = {
        "artist": artist,
        "before": window.before,
        "start": window.start,
        "now": window.now,
        "few": FEW,
    }
    with connection.cursor() as cursor:
        cursor.execute(MANY, fields)
        if window.span.length.days in LONG_SPANS and cursor.fetchone() != (0,):
            return _counted(window.span, floor_hour(window.now))
        cursor.execute(ACTIVE, fields)
        active, before = cursor.fetchone() or (0, 0)
    return active, before, window.now


def _counted(span: Span, hour: datetime) -> tuple[int | None, int | None, datetime]:
    """The scheduler's newest count, and the one that ended where this one begins."""
    counted = ActiveFans.objects.filter(days=span.length.days)
    newest = counted.filter(until__gt=hour - timedelta(days=1)).order_by("-until").first()
    if newest is None:
        return None, None, hour
    before = counted.filter(until=newest.until - span.length).values_list("fans", flat=True).first()
    return newest.fans, before, newest.until


def _rows(statement: str, artist: UUID, window: Window, pieces: list[tuple[datetime, datetime]]) -> list[Any]:
    fields: dict[str, Any] = {
        "artist": artist,
        "bin": window.bin,
        "growth": GROWTH,
        "since": [since for since, _ in pieces],
        "until": [until for _, until in pieces],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, fields)
        return list(cursor.fetchall())
