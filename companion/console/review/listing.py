"""The list of the queue: which cases a filter shows, in order, each as a card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from moderation import queue
from moderation.models import Case
from tenancy.console.people import names_of
from tenancy.models import Fan

# Cards on the page. Whoever is at the end of so many sees the next ones as these are decided.
MANY = 50
TITLES = {Case.Kind.CRISIS: "Crisis", Case.Kind.HELD: "Held", Case.Kind.REPORT: "Report"}
ABOUT = {
    Case.Kind.CRISIS: "a fan may be in danger",
    Case.Kind.HELD: "kept back by a rule",
    Case.Kind.REPORT: "a fan reported it",
}
# The first line of a report's note is the reason that she chose (conversations/services.report), none of her words.
REASONS = {
    "harmful": "hurtful or dangerous",
    "sexual": "sexual",
    "pretends_human": "pretends to be a person",
    "untrue": "not true",
}
MINE, FREE = "mine", "free"
# How far a bar has to be filled before it turns: less than a quarter of the time is left, less than an eighth.
SOON, NOW = 0.25, 0.125


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the queue is shown. `who`: "" all, "mine" or "free"; an unknown value shows all."""

    kind: str = ""
    who: str = ""

    @property
    def query(self) -> str:
        return urlencode([(name, value) for name, value in (("kind", self.kind), ("who", self.who)) if value])


@dataclass(frozen=True, slots=True)
class Card:
    """`left` is the share of the time that is left, 0 to 1; `tone` "", "soon" or "late"; `holder` whose it is now."""

    case: Case
    title: str
    about: str
    fan: str
    due: str
    left: float
    tone: str
    holder: str
    initials: str
    address: str
    current: bool

    @property
    def left_css(self) -> str:
        return f"{self.left:.0%}"


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    count: int
    query: str
    current: bool


def filter_of(request: HttpRequest) -> Filter:
    kind, who = request.GET.get("kind", ""), request.GET.get("who", "")
    return Filter(kind if kind in TITLES else "", who if who in (MINE, FREE) else "")


def keys(chosen: Filter, actor: str, now: datetime) -> list[UUID]:
    """The cases of the list, in its order."""
    rows = queue.waiting(
        now, kind=chosen.kind, mine=actor if chosen.who == MINE else "", free=chosen.who == FREE
    ).values_list("pk", flat=True)
    return list(rows[:MANY])


def cards(found: Sequence[UUID], chosen: Filter, now: datetime, *, current: UUID | None) -> list[Card]:
    """Two more statements, however many there are: first the keys, then their rows with what is joined to them."""
    rows = Case.objects.filter(pk__in=found).select_related("fan__user")
    by_key = {case.pk: case for case in rows}
    names = names_of(case.claimed_by for case in by_key.values() if is_claimed(case, now))
    return [_card(by_key[key], chosen, now, names, key == current) for key in found if key in by_key]


def tabs(chosen: Filter, counted: queue.Waiting) -> list[Tab]:
    told: list[tuple[str, int, Filter]] = [("All", counted.every, Filter())]
    told += [("Mine", counted.mine, Filter(who=MINE)), ("Free", counted.free, Filter(who=FREE))]
    told += [(TITLES[kind], counted.kinds.get(kind, 0), Filter(kind=kind)) for kind in TITLES]
    return [Tab(title, count, to.query, to == chosen) for title, count, to in told]


def next_to(found: Sequence[UUID], key: UUID) -> UUID | None:
    """Where one goes on after a case: the one below it, at the end the one above."""
    others = [other for other in found if other != key]
    at = found.index(key) if key in found else 0
    return others[min(at, len(others) - 1)] if others else None


def address_of(key: UUID | None, chosen: Filter, **more: object) -> str:
    """A case's page, or the queue's, under the filter."""
    where = reverse("admin:moderation_case_review", args=[key]) if key else reverse("admin:moderation_case_queue")
    query = "&".join(filter(None, [chosen.query, urlencode(more)]))
    return f"{where}?{query}" if query else where


def is_claimed(case: Case, now: datetime) -> bool:
    return case.status == Case.Status.OPEN and case.claimed_until is not None and case.claimed_until > now


def mark_of(case: Case) -> str:
    """How people name a case: the end of its id."""
    return str(case.pk.hex[-6:])


def reason_of(case: Case) -> str:
    """What stands in the audit log where a fan's words are read for its sake."""
    return f"Case {case.pk} ({case.kind})"


def about(case: Case) -> str:
    """What led to it, in a few words and none of hers."""
    kind = Case.Kind(case.kind)
    reason = REASONS.get(case.note.partition("\n")[0])
    return f"reported: {reason}" if reason and kind is Case.Kind.REPORT else ABOUT[kind]


def note_of(case: Case) -> str:
    """What opened it, the reason of a report in words and what the fan added below it."""
    first, _, added = case.note.partition("\n")
    return "\n".join(filter(None, [REASONS.get(first, first), added]))


def fan_label(fan: Fan) -> str:
    """A short mark, for two fans may have one name, and the name where she gave one."""
    return " · ".join(filter(None, [f"fan-{fan.pk.hex[-4:]}", fan.user.name]))


def span(time: timedelta) -> str:
    """A length of time in its largest unit: 8 s, 25 min, 4 h, 3 d."""
    seconds = max(0, int(time.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size or (unit != "d" and seconds >= size):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def due_in(due: datetime, now: datetime) -> str:
    return span(due - now) if due > now else f"{span(now - due)} late"


def _card(case: Case, chosen: Filter, now: datetime, names: Mapping[str, str], current: bool) -> Card:
    kind, due = Case.Kind(case.kind), queue.due_of(case)
    left = max(0.0, min(1.0, (due - now) / queue.LOOK_WITHIN[kind]))
    holder = names[case.claimed_by] if is_claimed(case, now) else ""
    return Card(
        case=case,
        title=TITLES[kind],
        about=about(case),
        fan=fan_label(case.fan),
        due=due_in(due, now),
        left=left,
        tone="late" if left <= NOW else "soon" if left <= SOON else "",
        holder=holder,
        initials="".join(word[0] for word in holder.split()[:2]).upper(),
        address=address_of(case.pk, chosen),
        current=current,
    )
