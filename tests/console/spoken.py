"""Turns that ended at chosen moments, put in as the superuser: the application only ever adds such rows as of now."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

TURN = """
insert into conversations_turn (id, artist_id, fan_id, client_message_id, body_hash, transport, status, owner,
                                lease_until, epoch, created_at, ended_at)
values (%(turn)s, %(artist)s, %(fan)s, %(turn)s::text, '', 'json', %(status)s, 't', %(at)s, 1, %(at)s, %(at)s)
"""
TRACE = """
insert into conversations_turntrace (id, artist_id, fan_id, turn_id, prompt, context, provider, model, usage,
                                     timings_ms, verdicts, created_at)
values (gen_random_uuid(), %(artist)s, %(fan)s, %(turn)s, '[]', '{}', %(provider)s, 'm', '{}', %(timings)s,
        %(verdicts)s, %(at)s)
"""
USAGE = """
insert into billing_usagerecord (id, artist_id, fan_id, turn_id, provider, model, input_tokens, output_tokens,
                                 created_at)
values (gen_random_uuid(), %(artist)s, %(fan)s, %(turn)s, %(provider)s, 'm', %(input)s, %(output)s, %(at)s)
"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One ended turn. `first_token_ms` None: none was shown."""

    at: datetime
    fan: UUID
    status: str = "completed"
    verdict: str = "allow"
    first_token_ms: float | None = 100
    tokens: tuple[int, int] = (10, 5)
    provider: str = "openai"


def put(connection: "psycopg.Connection[Any]", artist: UUID, spoken: Iterable[Spoken]) -> None:
    for said in spoken:
        timings = {} if said.first_token_ms is None else {"first_token": said.first_token_ms}
        fields = {
            "artist": artist,
            "fan": said.fan,
            "turn": uuid.uuid4(),
            "at": said.at,
            "status": said.status,
            "provider": said.provider,
            "timings": json.dumps(timings),
            "verdicts": json.dumps([{"side": "input", "action": said.verdict}]),
            "input": said.tokens[0],
            "output": said.tokens[1],
        }
        for statement in (TURN, TRACE, USAGE):
            connection.execute(statement, fields)
