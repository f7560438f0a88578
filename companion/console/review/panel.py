"""One case as its page shows it: why it is here, whose it is, and, for whoever gave the reason, the talk around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction
from django.urls import reverse

from companion.console.review.listing import due_in, fan_label, is_claimed, mark_of, span
from conversations.console import grants, reading
from moderation import queue, selectors
from moderation.console.spans import Piece, pieces
from moderation.contracts import Action, RuleSpec, Side
from moderation.crisis import floor_rules
from moderation.models import Case, Decision
from tenancy.console.access import Access
from tenancy.console.people import names_of
from tenancy.models import Fan

LIKE_THIS = timedelta(days=30)
# Turns of the talk on either side of the one that the case is about.
BEFORE, AFTER = 4, 1
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the two outcomes: its button, what it says, and how it is told afterwards."""

    outcome: Case.Outcome
    button: str
    about: str
    told: str


def _choices(*words: tuple[str, str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(outcome, *told) for outcome, told in zip(Case.Outcome, words, strict=True))


CHOICES: Mapping[str, tuple[Choice, ...]] = {
    Case.Kind.HELD: _choices(
        ("Allow", "The rule was wrong here", "allowed"), ("Block", "The deflection stays", "blocked")
    ),
    Case.Kind.CRISIS: _choices(
        ("False alarm", "The fan is in no danger", "a false alarm"), ("Seen to", "Help was due", "seen to")
    ),
    Case.Kind.REPORT: _choices(
        ("Nothing wrong", "The message may stand", "nothing wrong"), ("Uphold", "The fan is right", "upheld")
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose the case is. `state`: free, mine, others or decided; `text` says it in a sentence."""

    state: str
    text: str

    @property
    def may_decide(self) -> bool:
        return self.state in ("free", "mine")


@dataclass(frozen=True, slots=True)
class Named:
    """A rule as people name it. `address` is where it is edited, empty for a built-in one and one that is gone."""

    phrase: str
    address: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """One verdict that led here. `scores` are the highest, out of 100."""

    side: str
    action: str
    by: str
    rules: tuple[Named, ...]
    scores: tuple[tuple[str, int], ...]


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


@dataclass(frozen=True, slots=True)
class Panel:
    """`open_until` None: the words are closed to this member. `talk` None beside it: they could not be read."""

    case: Case
    mark: str
    due: str
    late: bool
    fan: Fan
    fan_label: str
    age: str
    standing: Standing
    why: Sequence[Why]
    choices: tuple[Choice, ...]
    like: Sequence[tuple[Choice, int]]
    open_until: datetime | None
    seconds_left: int
    talk: Talk | None


def panel_of(case: Case, access: Access, now: datetime) -> Panel:
    """Within the artist's transaction."""
    due = queue.due_of(case)
    grant = grants.active(case.fan_id, access.user) if access.user else None
    decisions = selectors.decisions_of(case.turn_id) if case.turn_id else []
    like = queue.decided_since(now - LIKE_THIS, kind=case.kind)
    return Panel(
        case=case,
        mark=mark_of(case),
        due=due_in(due, now),
        late=due <= now,
        fan=case.fan,
        fan_label=fan_label(case.fan),
        age=_age(case.fan, now),
        standing=standing_of(case, access.actor, now),
        why=_why(decisions),
        choices=CHOICES[case.kind],
        like=[(choice, like.get(choice.outcome, 0)) for choice in CHOICES[case.kind]],
        open_until=grant.expires_at if grant else None,
        seconds_left=max(0, int((grant.expires_at - now).total_seconds())) if grant else 0,
        talk=_talk_or_none(case, decisions) if grant else None,
    )


def standing_of(case: Case, actor: str, now: datetime) -> Standing:
    if case.status == Case.Status.CLOSED:
        who = "You" if case.decided_by == actor else _name(case.decided_by)
        ago = f" {span(now - case.closed_at)} ago" if case.closed_at else ""
        return Standing("decided", f"{who} decided this case{ago}: {outcome_of(case)}.")
    if not is_claimed(case, now):
        return Standing("free", "Yours for 10 min as soon as you reveal or take it.")
    minutes = span((case.claimed_until or now) - now)
    if case.claimed_by == actor:
        return Standing("mine", f"Yours for another {minutes}.")
    return Standing("others", f"{_name(case.claimed_by)} has taken this case, for another {minutes}.")


def outcome_of(case: Case) -> str:
    """How its decision is told: "blocked", "a false alarm"."""
    return next((choice.told for choice in CHOICES[case.kind] if choice.outcome == case.outcome), "closed")


def _name(actor: str) -> str:
    name = names_of([actor])[actor] if actor else "somebody"
    return name[:1].upper() + name[1:]


def _age(fan: Fan, now: datetime) -> str:
    born = fan.user.birth_date
    if born is None:
        return "Age not known"
    years = now.year - born.year - ((now.month, now.day) < (born.month, born.day))
    return "Adult" if years >= 18 else f"Minor, {years}"


def _why(decisions: Sequence[Decision]) -> list[Why]:
    told = [decision for decision in decisions if decision.action != Action.ALLOW]
    specs = {spec.id: spec for spec in selectors.specs_of(rule for decision in told for rule in decision.rule_ids)}
    return [_verdict(decision, specs) for decision in told]


def _named(rule: str, spec: RuleSpec | None) -> Named:
    if spec is None:
        return Named("a rule that is gone")
    if spec in floor_rules():
        return Named(spec.phrase, note="built in")
    return Named(spec.phrase, reverse("admin:moderation_rule_change", args=[rule]))


def _verdict(decision: Decision, specs: Mapping[str, RuleSpec]) -> Why:
    scores = sorted(decision.scores.items(), key=lambda item: -item[1])[:3]
    return Why(
        side="What the fan wrote" if decision.side == Side.INPUT else "What the persona said",
        action=decision.action,
        by=decision.provider,
        rules=tuple(_named(rule, specs.get(rule)) for rule in decision.rule_ids),
        scores=tuple((name.replace("_", " "), round(score * 100)) for name, score in scores),
    )


def _talk_or_none(case: Case, decisions: Sequence[Decision]) -> Talk | None:
    """In a savepoint: a talk that cannot be read leaves the rest of the page, and its transaction, alone."""
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
