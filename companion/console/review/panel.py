"""One case as its page shows it: why it is here, whose it is, what can be found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from companion.console.review.listing import due_in, fan_label, is_claimed, mark_of, note_of, reason_of, span
from companion.console.review.talk import Talk, talk_of
from conversations.console import grants, pages
from moderation import queue, selectors
from moderation.console import verdicts
from moderation.console.verdicts import Verdict
from moderation.contracts import Action
from moderation.models import Case
from tenancy.console.access import Access
from tenancy.console.people import names_of
from tenancy.contracts import years_between
from tenancy.models import Fan

LIKE_THIS = timedelta(days=30)
ADULT = 18


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
class Panel:
    """`seconds_left` None: the words are closed to this member. `talk` None beside a number: they could not be read."""

    case: Case
    mark: str
    whole: str
    due: str
    late: bool
    fan_label: str
    age: str
    standing: Standing
    why: Sequence[Verdict]
    choices: tuple[Choice, ...]
    like: Sequence[tuple[Choice, int]]
    seconds_left: int | None
    talk: Talk | None
    note: str


def panel_of(case: Case, access: Access, now: datetime) -> Panel:
    """Within the artist's transaction."""
    due = queue.due_of(case)
    grant = grants.active(case.fan_id, access.user) if access.user else None
    decisions = selectors.decisions_of(case.turn_id) if case.turn_id else []
    stopped = [decision for decision in decisions if decision.action != Action.ALLOW]
    like = queue.decided_since(now - LIKE_THIS, kind=case.kind)
    return Panel(
        case=case,
        mark=mark_of(case),
        whole=pages.address_of(case.fan_id, case.turn_id, reason=reason_of(case)),
        due=due_in(due, now),
        late=due <= now,
        fan_label=fan_label(case.fan),
        age=_age(case.fan, now),
        standing=standing_of(case, access.actor, now),
        why=verdicts.of_decisions(stopped),
        choices=CHOICES[case.kind],
        like=[(choice, like.get(choice.outcome, 0)) for choice in CHOICES[case.kind]],
        seconds_left=max(0, int((grant.expires_at - now).total_seconds())) if grant else None,
        talk=talk_of(case, decisions) if grant else None,
        note=note_of(case),
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
    years = years_between(born, now.date())
    return "Adult" if years >= ADULT else f"Minor, {years}"
