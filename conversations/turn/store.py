"""TurnStore over Postgres: the statements of sql.py with their parameters and answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg_pool import PoolTimeout

from companion.kernel.clock import SystemClock
from companion.kernel.ids import new_id
from companion.kernel.metrics import VERDICTS
from companion.kernel.postgres import Pool, scoped
from companion.kernel.statements import Parameters, Statement
from conversations.turn import sql
from conversations.turn.contracts import Admission, FanProfile, Settlement, Snapshot, SpokenMessage, TurnRequest
from conversations.turn.errors import StoreAway
from conversations.turn.ports import Attempt
from moderation.contracts import Action, Side, Verdict

Row = tuple[Any, ...]


@contextmanager
def store_errors() -> Iterator[None]:
    """Raises StoreAway in place of what psycopg raises when Postgres does not answer."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
        raise StoreAway from error


class PostgresTurnStore:
    """One a process; `owner` names the process on the rows of the turns that it runs."""

    def __init__(self, pool: Pool, owner: str) -> None:
        self._pool = pool
        self._owner = owner
        self._clock = SystemClock()

    async def admit(self, attempt: Attempt) -> Admission:
        turn, message, now = new_id(), new_id(), self._clock.now()
        parameters = {
            "artist": attempt.artist,
            "fan": attempt.fan,
            "client_message_id": attempt.client_message_id,
            "body_hash": attempt.body_hash,
            "transport": attempt.transport,
            "turn": turn,
            "message": message,
            "text": attempt.text,
            "fan_status": attempt.fan_status,
            "limited": attempt.limited,
            "owner": self._owner,
            "now": now,
        }
        row = (await self._rows(attempt.artist, attempt.fan, sql.ADMIT, parameters))[0]
        fan, known, running, placed, previous, used = row
        if fan is None:
            return Admission(gone=True)
        if fan["sanctioned"]:
            return Admission(sanctioned=True)
        if known:
            return Admission(known=_snapshot(tuple(known.values())), known_body=_bytea(known["body_hash"]))
        if running:
            return Admission(running=_snapshot(tuple(running.values())))
        if placed is None:
            return Admission()
        said = SpokenMessage(message, turn, "fan", attempt.text, now, attempt.fan_status)
        return Admission(
            request=TurnRequest(
                artist=attempt.artist,
                fan=attempt.fan,
                turn=turn,
                epoch=1,
                client_message_id=attempt.client_message_id,
                transport=attempt.transport,
                message=said,
                profile=FanProfile(fan["name"], fan["country"], fan["language"], fan["time_zone"]),
                verdict=attempt.verdict,
                previous_message=previous,
                quota_used=used,
            )
        )

    async def snapshot(self, artist: UUID, fan: UUID, turn: UUID) -> Snapshot | None:
        rows = await self._rows(artist, fan, sql.SNAPSHOT, {"artist": artist, "fan": fan, "turn": turn})
        return _snapshot(rows[0]) if rows else None

    async def running(self, artist: UUID, fan: UUID) -> Snapshot | None:
        rows = await self._rows(artist, fan, sql.RUNNING, {"artist": artist, "fan": fan})
        return _snapshot(rows[0]) if rows else None

    async def take_over(self, snapshot: Snapshot) -> TurnRequest | None:
        parameters = {
            "artist": snapshot.artist,
            "fan": snapshot.fan,
            "turn": snapshot.turn,
            "epoch": snapshot.epoch,
            "owner": self._owner,
        }
        rows = await self._rows(snapshot.artist, snapshot.fan, sql.TAKE_OVER, parameters)
        if not rows:
            return None
        epoch, client_message_id, transport, message, text, status, said_at, *profile, previous, used = rows[0]
        return TurnRequest(
            artist=snapshot.artist,
            fan=snapshot.fan,
            turn=snapshot.turn,
            epoch=epoch,
            client_message_id=client_message_id,
            transport=transport,
            message=SpokenMessage(message, snapshot.turn, "fan", text, said_at, status),
            profile=FanProfile(*profile),
            verdict=Verdict(Action.ALLOW),  # the service moderates the text anew before it runs the turn
            previous_message=previous,
            quota_used=used,
        )

    async def renew(self, request: TurnRequest) -> bool:
        return await self._conditional(request, sql.RENEW)

    async def hand_over(self, request: TurnRequest) -> None:
        await self._conditional(request, sql.HAND_OVER)

    async def settle(self, settlement: Settlement) -> bool:
        request = settlement.request
        rows = await self._rows(request.artist, request.fan, sql.SETTLE, _settlement(settlement))
        settled = bool(rows[0][0])
        if settled:
            _count(settlement)
        return settled

    async def said(self, artist: UUID, fan: UUID, turn: UUID) -> dict[str, SpokenMessage]:
        """A turn's messages by role."""
        rows = await self._rows(artist, fan, sql.SAID, {"artist": artist, "fan": fan, "turn": turn})
        return {row[2]: SpokenMessage(*row) for row in rows}

    async def _conditional(self, request: TurnRequest, statement: Statement) -> bool:
        parameters = {"artist": request.artist, "turn": request.turn, "epoch": request.epoch}
        return bool(await self._rows(request.artist, request.fan, statement, parameters))

    async def _rows(self, artist: UUID, fan: UUID, statement: Statement, parameters: Parameters) -> list[Row]:
        with store_errors():
            return await scoped(self._pool, artist, fan, statement, parameters)


async def lapsed_turns(control_pool: Pool) -> list[Snapshot]:
    """Turns of every artist whose process died, oldest first. `control_pool` is the system role's."""
    async with control_pool.connection() as connection:
        rows = await (await connection.execute(sql.LAPSED)).fetchall()
    return [_snapshot(row) for row in rows]


def _snapshot(row: Row) -> Snapshot:
    turn, artist, fan, status, epoch, owner, lapsed, ending = row[:8]
    return Snapshot(_uuid(turn), _uuid(artist), _uuid(fan), status, epoch, owner, lapsed, ending)


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _bytea(text: str) -> bytes:
    """A bytea inside row_to_json comes as its hex form, `\\x…`."""
    return bytes.fromhex(text[2:])


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _settlement(settlement: Settlement) -> dict[str, Any]:
    request, ending, trace = settlement.request, settlement.ending, settlement.trace
    return {
        "artist": request.artist,
        "fan": request.fan,
        "turn": request.turn,
        "epoch": request.epoch,
        "outcome": str(ending.outcome),
        "frame": settlement.frame,
        "now": settlement.ended_at,
        **_reply(ending.reply, settlement.ended_at),
        "trace": new_id(),
        "persona_version": trace.persona_version,
        "prompt": _json(trace.prompt),
        "context": _json(trace.context),
        "provider": trace.provider,
        "model": trace.model,
        "usage": _json(asdict(ending.usage)),
        "timings": _json(trace.timings_ms | {"starts": trace.starts_ms}),
        "usage_record": new_id(),
        "quota": new_id(),
        "input_tokens": ending.usage.input_tokens,
        "output_tokens": ending.usage.output_tokens,
        "charged": ending.charged,
        **_verdicts(settlement),
        "event": new_id(),
        "event_payload": _json(
            {
                "artist": str(request.artist),
                "turn": str(request.turn),
                "fan": str(request.fan),
                "outcome": ending.outcome,
            }
        ),
    }


def _reply(reply: SpokenMessage | None, now: datetime) -> dict[str, Any]:
    return {
        "reply": reply.id if reply else None,
        "reply_text": reply.text if reply else "",
        "reply_status": reply.status if reply else "",
        "emotion": (reply.emotion if reply else None) or "",
        "degraded": bool(reply and reply.degraded),
        "reply_at": reply.created_at if reply else now.astimezone(UTC),
    }


def _given(settlement: Settlement) -> dict[Side, Verdict]:
    given = {Side.INPUT: settlement.request.verdict}
    if settlement.ending.reply is not None:
        given[Side.OUTPUT] = settlement.ending.output_verdict or Verdict(Action.ALLOW)
    return given


def _count(settlement: Settlement) -> None:
    for side, verdict in _given(settlement).items():
        VERDICTS.labels(str(side), str(verdict.action)).inc()


def _verdicts(settlement: Settlement) -> dict[str, Any]:
    """Both ends' verdicts, for the decisions and the trace; and the case that a hold or a crisis opens."""
    given = _given(settlement)
    decisions = [
        {
            "id": str(new_id()),
            "side": str(side),
            "action": str(verdict.action),
            "rule_ids": list(verdict.rule_ids),
            "categories": list(verdict.categories),
            "scores": dict(verdict.scores),
            "provider": verdict.source,
        }
        for side, verdict in given.items()
    ]
    actions = {verdict.action for verdict in given.values()}
    kind = "crisis" if Action.CRISIS in actions else "held" if Action.HOLD in actions else None
    return {
        "decisions": _json(decisions),
        "verdicts": _json([{key: d[key] for key in d if key != "id"} for d in decisions]),
        "case": new_id(),
        "case_kind": kind,
    }
