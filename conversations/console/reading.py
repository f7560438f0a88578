"""A page of one fan's conversation: some turns in order, each with its messages and figures. Inside `tenant(…)`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from conversations.console.explain import Explanation, Figures, explain, figures, kept_back
from conversations.models import Feedback, Message, Report, Turn, TurnTrace

PAGE = 20  # turns
NEWER_BESIDE = 4  # turns after the one that a deep link names, so that it stands in its talk


@dataclass(slots=True)
class Said:
    """A message with what the fan made of it."""

    message: Message
    reports: int = 0
    feedback: str = ""

    @property
    def by_fan(self) -> bool:
        return self.message.role == Message.Role.FAN

    @property
    def is_held(self) -> bool:
        """A fan's message that was kept back, or the line that she got for a reply that was."""
        return self.message.status in (Message.Status.HELD, Message.Status.BLOCKED)


@dataclass(slots=True)
class Exchange:
    turn: Turn
    said: list[Said] = field(default_factory=list)
    figures: Figures | None = None
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """`older` and `newer` are the last turns of the pages beside this one; None at an end. Oldest first."""

    exchanges: Sequence[Exchange]
    upto: UUID | None
    older: UUID | None
    newer: UUID | None
    selected: Turn | None
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class Counts:
    """All that is told of a conversation without a grant."""

    statuses: tuple[tuple[str, int], ...]
    turns: int
    first: object
    last: object


def counts(fan: UUID) -> Counts:
    rows = Turn.objects.filter(fan_id=fan).order_by().values_list("status")
    by_status = list(rows.annotate(Count("id"), Min("created_at"), Max("created_at")).order_by("status"))
    return Counts(
        statuses=tuple((status, number) for status, number, _, _ in by_status),
        turns=sum(number for _, number, _, _ in by_status),
        first=min((first for _, _, first, _ in by_status), default=None),
        last=max((last for _, _, _, last in by_status), default=None),
    )


def talk(fan: UUID, *, turn: UUID | None = None, upto: UUID | None = None) -> Talk:
    """The page that ends with `upto`, or with the selected turn in it, or the newest. Ids are ordered by time."""
    every = Turn.objects.filter(fan_id=fan)
    wanted = every.filter(pk=turn).first() if turn else None
    if upto is None and wanted is not None:
        upto = _nth_newer(every, wanted.pk, NEWER_BESIDE)
    found = list((every.filter(pk__lte=upto) if upto else every).order_by("-pk")[: PAGE + 1])
    page = found[:PAGE][::-1]
    exchanges = _exchanges(page)
    selected = next((e for e in exchanges if wanted and e.turn.pk == wanted.pk), None) or _last_reply(exchanges)
    if selected:
        selected.selected = True
    return Talk(
        exchanges=exchanges,
        upto=page[-1].pk if page else None,
        older=found[PAGE].pk if len(found) > PAGE else None,
        newer=_nth_newer(every, page[-1].pk, PAGE, none_at_end=True) if page else None,
        selected=selected.turn if selected else None,
        explanation=_explanation(selected.turn) if selected else None,
    )


def around(fan: UUID, turn: UUID, *, before: int, after: int) -> Sequence[Exchange]:
    """A turn in its talk, oldest first. What was erased is not there."""
    every = Turn.objects.filter(fan_id=fan)
    led_to = list(every.filter(pk__lte=turn).order_by("-pk")[: before + 1])[::-1]
    return _exchanges([*led_to, *every.filter(pk__gt=turn).order_by("pk")[:after]])


def withheld(turn: UUID) -> tuple[str, str]:
    """What the model wrote and a rule kept back, and what the fan saw of it before."""
    return kept_back(TurnTrace.objects.filter(turn_id=turn).values_list("context__withheld", flat=True).first())


def _nth_newer(every: QuerySet[Turn], turn: UUID, count: int, *, none_at_end: bool = False) -> UUID | None:
    """The turn that stands `count` after this one, or the newest before that."""
    newer = list(every.filter(pk__gt=turn).order_by("pk").values_list("pk", flat=True)[:count])
    return newer[-1] if newer else None if none_at_end else turn


def _exchanges(turns: Sequence[Turn]) -> list[Exchange]:
    exchanges = {turn.pk: Exchange(turn) for turn in turns}
    messages = list(Message.objects.filter(turn__in=exchanges).order_by("pk"))
    reported = _counted(
        Report.objects.filter(message__in=[m.pk for m in messages]).values_list("message_id", flat=True)
    )
    thumbs = dict(Feedback.objects.filter(message__in=[m.pk for m in messages]).values_list("message_id", "value"))
    for message in messages:
        said = Said(message, reported.get(message.pk, 0), thumbs.get(message.pk, ""))
        exchanges[message.turn_id].said.append(said)
    for trace in TurnTrace.objects.filter(turn__in=exchanges).defer("prompt"):
        exchanges[trace.turn_id].figures = figures(trace)
    return list(exchanges.values())


def _counted(keys: Iterable[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for key in keys:
        found[key] = found.get(key, 0) + 1
    return found


def _last_reply(exchanges: Sequence[Exchange]) -> Exchange | None:
    return next((exchange for exchange in reversed(exchanges) if exchange.figures), None)


def _explanation(turn: Turn) -> Explanation | None:
    trace = TurnTrace.objects.filter(turn=turn).first()
    if trace is None:
        return None
    window = trace.context.get("window") or []
    remarks = list(Message.objects.filter(fan_id=turn.fan_id, pk__in=window).order_by("pk")) if window else []
    return explain(trace, remarks)
