"""What a span of time used, from whole hours and the edges between them (companion/kernel/spans.py)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from billing.contracts import ModelTokens, SpanUsage
from billing.models import HourUsage
from companion.kernel.spans import HOUR, Window
from tenancy.context import tenant

HOURS = """
select h.hour, h.provider, h.model, h.input_tokens, h.output_tokens
from unnest(%(since)s::timestamptz[], %(until)s::timestamptz[]) as r(since, until)
join billing_hourusage h on h.artist_id = %(artist)s and h.hour >= r.since and h.hour < r.until
"""
# "offset 0": see conversations/figures.py.
EDGES = """
select date_bin(%(bin)s, u.created_at, r.since), u.provider, u.model, sum(u.input_tokens), sum(u.output_tokens)
from unnest(%(since)s::timestamptz[], %(until)s::timestamptz[]) as r(since, until)
cross join lateral (select created_at, provider, model, input_tokens, output_tokens from billing_usagerecord
                    where artist_id = %(artist)s and created_at >= r.since and created_at < r.until offset 0) as u
group by 1, 2, 3
"""


def usage(artist: UUID, window: Window) -> SpanUsage:
    """Tokens by model, now and before, and along the span."""
    with tenant(artist):
        newest = HourUsage.objects.aggregate(newest=Max("hour"))["newest"]
        rolled_until = newest + HOUR if newest else None
        rows = _rows(HOURS, artist, window, window.whole_hours(rolled_until))
        rows += _rows(EDGES, artist, window, window.edges(rolled_until))
    points = [0] * window.span.points
    used: dict[bool, dict[tuple[str, str], list[int]]] = {now: defaultdict(lambda: [0, 0]) for now in (True, False)}
    for moment, provider, model, taken, given in rows:
        point = window.point(moment)
        pair = used[point is not None][provider, model]
        pair[0] += int(taken)
        pair[1] += int(given)
        if point is not None:
            points[point] += int(taken + given)
    return SpanUsage(_models(used[True].items()), _models(used[False].items()), points)


def _models(counted: Iterable[tuple[tuple[str, str], list[int]]]) -> list[ModelTokens]:
    return [ModelTokens(provider, model, *tokens) for (provider, model), tokens in sorted(counted)]


def _rows(statement: str, artist: UUID, window: Window, pieces: list[tuple[datetime, datetime]]) -> list[Any]:
    fields: dict[str, Any] = {
        "artist": artist,
        "bin": window.bin,
        "since": [since for since, _ in pieces],
        "until": [until for _, until in pieces],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, fields)
        return list(cursor.fetchall())
