"""The talk around a case, for whoever gave the reason: what was said, what was kept back, what the rules mark in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction

from conversations.console import reading
from moderation import selectors
from moderation.console.spans import Piece, pieces
from moderation.contracts import Side
from moderation.models import Case, Decision

# Turns of the talk on either side of the one that the case is about.
BEFORE, AFTER = 4, 1
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A remark. `held`: it was kept back; `here`: it is of the turn that the case is about."""

    who: str
    at: datetime
    pieces: tuple[Piece, ...]
    status: str
    here: bool
    held: bool = False
    reports: int = 0


@dataclass(frozen=True, slots=True)
class Talk:
    """`leaked` is what the fan saw before a rule stopped the reply, `instead` the line that she got for it."""

    lines: Sequence[Line]
    instead: str = ""
    leaked: str = ""


def talk_of(case: Case, decisions: Sequence[Decision]) -> Talk | None:
    """None where it cannot be read: in a savepoint, which leaves the rest of the page, and its transaction, alone."""
    try:
        with transaction.atomic():
            return _talk(case, decisions)
    except DatabaseError as error:
        log.warning("console.talk_failed", error=type(error).__name__)
        return None


def _talk(case: Case, decisions: Sequence[Decision]) -> Talk:
    if case.turn_id is None:
        return Talk([])
    kept_back, leaked = reading.withheld(case.turn_id)
    lines: list[Line] = []
    instead = ""
    for exchange in reading.around(case.fan_id, case.turn_id, before=BEFORE, after=AFTER):
        here = exchange.turn.pk == case.turn_id
        for said in exchange.said:
            if not here or said.by_fan or not said.is_held:
                lines.append(_line(said, decisions, here=here))
                continue
            instead = said.message.text
            if kept_back:
                lines.append(_withheld(said, _marked(decisions, Side.OUTPUT, kept_back)))
    return Talk(lines, instead, leaked)


def _line(said: reading.Said, decisions: Sequence[Decision], *, here: bool) -> Line:
    message = said.message
    marked = _marked(decisions, Side.INPUT, message.text) if here and said.by_fan else (Piece(message.text, hit=False),)
    held = here and said.is_held
    return Line(message.role, message.created_at, marked, message.status, here, held, said.reports)


def _withheld(instead: reading.Said, marked: tuple[Piece, ...]) -> Line:
    """What the persona would have said, where the line stands that the fan got for it."""
    message = instead.message
    return Line(message.role, message.created_at, marked, message.status, here=True, held=True)


def _marked(decisions: Sequence[Decision], side: Side, text: str) -> tuple[Piece, ...]:
    """The text with what the rules of this end's verdict match in it."""
    rules = [rule for decision in decisions if decision.side == side for rule in decision.rule_ids]
    return pieces(selectors.specs_of(rules), text)
