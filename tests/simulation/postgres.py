"""Postgres as the turn's statements know it (conversations/turn/sql.py): each is atomic and conditional as there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from conversations.turn.contracts import (
    Admission,
    FanProfile,
    Settlement,
    Snapshot,
    SpokenMessage,
    TurnRequest,
)
from conversations.turn.ports import Attempt
from conversations.turn.sql import LEASE_S
from memory.contracts import Remark
from moderation.contracts import Action, Verdict

PROFILE = FanProfile("Mia", "DE", "de", "Europe/Berlin")


@dataclass(slots=True)
class TurnRow:
    turn: UUID
    artist: UUID
    fan: UUID
    client_message_id: str
    body_hash: bytes
    transport: str
    owner: str
    lease_until: float
    status: str = "running"
    epoch: int = 1
    ending: str | None = None
    ended_at: float = 0.0


class Postgres:
    """`conditional_settle=False` leaves the epoch out of the last statement: the checks must notice."""

    def __init__(self, *, conditional_settle: bool = True) -> None:
        self.turns: dict[UUID, TurnRow] = {}
        self.messages: list[SpokenMessage] = []
        self.charges: list[UUID] = []
        self.settlements: list[Settlement] = []
        self._conditional_settle = conditional_settle

    # -- statements; `now` is the server's clock in seconds --------------------------------------------------------

    def admit(self, attempt: Attempt, owner: str, message: SpokenMessage, now: float) -> Admission:
        rows = [row for row in self.turns.values() if row.fan == attempt.fan]
        for row in rows:
            if row.client_message_id == attempt.client_message_id:
                return Admission(known=_snapshot(row, now), known_body=row.body_hash)
        for row in rows:
            if row.status == "running":
                return Admission(running=_snapshot(row, now))
        if attempt.limited:
            return Admission()
        previous = self.newest_remark(message.turn)
        row = TurnRow(
            message.turn,
            attempt.artist,
            attempt.fan,
            attempt.client_message_id,
            attempt.body_hash,
            attempt.transport,
            owner,
            now + LEASE_S,
        )
        self.turns[row.turn] = row
        self.messages.append(message)
        return Admission(request=self._request(row, message, attempt.verdict, previous))

    def snapshot(self, fan: UUID, turn: UUID, now: float) -> Snapshot | None:
        row = self.turns.get(turn)
        return _snapshot(row, now) if row and row.fan == fan else None

    def running(self, fan: UUID, now: float) -> Snapshot | None:
        rows = [row for row in self.turns.values() if row.fan == fan and row.status == "running"]
        return _snapshot(rows[0], now) if rows else None

    def lapsed(self, now: float) -> list[Snapshot]:
        found = [_snapshot(row, now) for row in self.turns.values()]
        return [snapshot for snapshot in found if snapshot.lapsed]

    def take_over(self, seen: Snapshot, owner: str, now: float) -> TurnRequest | None:
        row = self.turns[seen.turn]
        if row.status != "running" or row.epoch != seen.epoch or row.lease_until >= now:
            return None
        row.owner, row.epoch, row.lease_until = owner, row.epoch + 1, now + LEASE_S
        message = self.said(row.turn)["fan"]
        return self._request(row, message, Verdict(Action.ALLOW), self.newest_remark(row.turn))

    def renew(self, request: TurnRequest, now: float) -> bool:
        row = self._ours(request)
        if row is not None:
            row.lease_until = now + LEASE_S
        return row is not None

    def hand_over(self, request: TurnRequest, now: float) -> None:
        row = self._ours(request)
        if row is not None:
            row.lease_until = now - 1

    def settle(self, settlement: Settlement, now: float) -> bool:
        request, ending = settlement.request, settlement.ending
        row = self._ours(request) if self._conditional_settle else self.turns[request.turn]
        if row is None:
            return False
        row.status, row.ending, row.ended_at = str(ending.outcome), settlement.frame, now
        if ending.outcome == "failed":
            self.messages = [_unanswered(message, row.turn) for message in self.messages]
        if ending.reply is not None:
            self.messages.append(ending.reply)
        if ending.charged:
            self.charges.append(row.turn)
        self.settlements.append(settlement)
        return True

    def said(self, turn: UUID) -> Mapping[str, SpokenMessage]:
        return {message.role: message for message in self.messages if message.turn == turn}

    # -- what short-term memory is built of -------------------------------------------------------------------------

    def remarks(self, newest: UUID, count: int) -> Sequence[Remark]:
        """sql.REMARKS, oldest first; a world has one fan."""
        kept = [message for message in self.messages if message.id <= newest and _counts(message)]
        kept.sort(key=lambda message: message.id)
        return [Remark(m.id, m.role, m.text, m.status == "cancelled") for m in kept[-count:]]

    def newest_remark(self, but_of: UUID) -> UUID | None:
        """sql._PREVIOUS."""
        return max((m.id for m in self.messages if m.turn != but_of and _counts(m)), default=None)

    def _ours(self, request: TurnRequest) -> TurnRow | None:
        row = self.turns[request.turn]
        return row if row.status == "running" and row.epoch == request.epoch else None

    def _request(self, row: TurnRow, message: SpokenMessage, verdict: Verdict, previous: UUID | None) -> TurnRequest:
        return TurnRequest(
            artist=row.artist,
            fan=row.fan,
            turn=row.turn,
            epoch=row.epoch,
            client_message_id=row.client_message_id,
            transport=row.transport,
            message=message,
            profile=PROFILE,
            verdict=verdict,
            previous_message=previous,
            quota_used=len(self.charges),
        )


def _counts(message: SpokenMessage) -> bool:
    return message.status == "complete" if message.role == "fan" else message.status != "failed"


def _unanswered(message: SpokenMessage, turn: UUID) -> SpokenMessage:
    unanswered = message.turn == turn and message.role == "fan" and message.status == "complete"
    return replace(message, status="failed") if unanswered else message


def _snapshot(row: TurnRow, now: float) -> Snapshot:
    lapsed = row.status == "running" and row.lease_until < now
    return Snapshot(row.turn, row.artist, row.fan, row.status, row.epoch, row.owner, lapsed, row.ending)
