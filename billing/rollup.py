"""Counts each hour's tokens by model into HourUsage, as the system role. Counting an hour again replaces its rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction

FORGET = "delete from billing_hourusage where artist_id = %(artist)s and hour >= %(since)s and hour < %(until)s"
COUNT = """
insert into billing_hourusage (id, artist_id, hour, provider, model, input_tokens, output_tokens)
select gen_random_uuid(), artist_id, date_trunc('hour', created_at, 'UTC'), provider, model,
       sum(input_tokens), sum(output_tokens)
from billing_usagerecord
where artist_id = %(artist)s and created_at >= %(since)s and created_at < %(until)s
group by artist_id, date_trunc('hour', created_at, 'UTC'), provider, model
"""


def roll(artist: UUID, since: datetime, until: datetime) -> None:
    """Counts the hours of [since, until), both whole hours."""
    fields: dict[str, Any] = {"artist": artist, "since": since, "until": until}
    with transaction.atomic(using="system"), connections["system"].cursor() as cursor:
        cursor.execute(FORGET, fields)
        cursor.execute(COUNT, fields)
