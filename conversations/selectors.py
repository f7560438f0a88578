"""Reads of a fan's conversation for the API. The turn reads by its own statements (turn/sql.py)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from companion.kernel.errors import NotFound
from conversations.models import Feedback, Message, Report, Turn, TurnTrace
from memory import selectors as memory
from memory.contracts import Role, Said
from memory.recall.drawn import retells
from memory.recall.trace import without_quote
from tenancy.context import tenant


def messages(
    *, artist: UUID, fan: UUID, before: UUID | None = None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of messages, newest first, and the cursor of the next page."""
    with tenant(artist, fan=fan):
        rows = _with_answers(Message.objects.filter(fan_id=fan).order_by("-id"), fan)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows[: limit + 1])
        shown = found[:limit]
        remembered = _remembered(shown, artist=artist, fan=fan)
    items = [as_json(message, remembered.get(message.id)) for message in shown]
    return items, str(shown[-1].id) if len(found) > limit else None


def _with_answers(rows: QuerySet[Message], fan: UUID) -> QuerySet[Message]:
    """Each message with the fan's own thumb (`thumb`) and whether they reported it (`is_reported`), in one query."""
    of_message = {"message": OuterRef("id"), "fan_id": fan}
    thumb = Feedback.objects.filter(**of_message).values("value")[:1]
    return rows.annotate(thumb=Subquery(thumb), is_reported=Exists(Report.objects.filter(**of_message)))


def _remembered(messages: Sequence[Message], *, artist: UUID, fan: UUID) -> dict[UUID, str]:
    """When the fan said what a reply speaks of, by the reply's id; but for what was forgotten since."""
    replies = {message.turn_id: message.id for message in messages if message.role == Message.Role.PERSONA}
    traces = TurnTrace.objects.filter(turn_id__in=replies, context__has_key="drawn_on")
    drawn = list(traces.values_list("turn_id", "created_at", "context__drawn_on"))
    told = [(entry["id"], since) for _, since, entries in drawn for entry in entries]
    kept = memory.standing(told, artist=artist, fan=fan)
    return {
        replies[turn]: entry["said_at"]
        for turn, since, entries in drawn
        for entry in reversed(entries)  # the best last, so that it stands
        if (entry["id"], since) in kept
    }


def as_json(message: Message, remembered_from: str | None = None) -> dict[str, Any]:
    """A message of `_with_answers` as contract.md's Message."""
    body: dict[str, Any] = {
        "id": str(message.id),
        "turn": str(message.turn_id),
        "role": message.role,
        "text": message.text,
        "created_at": message.created_at,
        "status": message.status,
        "source": message.source,
        "degraded": message.degraded,
    }
    if message.emotion:
        body["emotion"] = message.emotion
    if thumb := getattr(message, "thumb", None):
        body["feedback"] = thumb
    if getattr(message, "is_reported", False):
        body["reported"] = True
    if remembered_from:
        body["remembered_from"] = remembered_from
    return body


def message_of(message: UUID, *, fan: UUID) -> Message:
    """The fan's message by id. Raises NotFound. Within the tenant's scope."""
    found = Message.objects.filter(id=message, fan_id=fan).first()
    if found is None:
        raise NotFound
    return found


def why(message: UUID, *, artist: UUID, fan: UUID) -> dict[str, Any]:
    """What a reply was built on, from its turn's trace, but for what has been forgotten since. Raises NotFound."""
    with tenant(artist, fan=fan):
        found = message_of(message, fan=fan)
        trace = TurnTrace.objects.filter(turn_id=found.turn_id).select_related("turn").first()
    context = trace.context if trace else {}
    mood = context.get("mood")
    recalled = context.get("memories", ()) if trace else ()
    since = trace.turn.created_at if trace else found.created_at
    kept = memory.standing([(entry["id"], since) for entry in recalled], artist=artist, fan=fan)
    drawn = {entry["id"] for entry in context.get("drawn_on", ())}
    forgotten = memory.tombstones(artist=artist, fan=fan)
    standing = [
        {**without_quote(entry, forgotten, since), "drawn": entry["id"] in drawn}
        for entry in recalled
        if (entry["id"], since) in kept
    ]
    passages = [
        {"title": passage["title"], "quote": passage["text"], "drawn": retells(found.text, passage["text"])}
        for passage in context.get("passages", ())
    ]
    return {
        "memories": sorted(standing, key=_only_in_mind),
        "passages": sorted(passages, key=_only_in_mind),
        "mood": {"label": mood[0], "line": mood[1]} if mood else None,
    }


def _only_in_mind(entry: dict[str, Any]) -> bool:
    return not entry["drawn"]


def said(
    *, artist: UUID, fan: UUID, turn: UUID | None = None, after: UUID | None = None, limit: int | None = None
) -> list[Said]:
    """What the fan and the persona said to each other to the end, oldest first; of a turn that runs, nothing yet."""
    with tenant(artist, fan=fan):
        rows = Message.objects.filter(fan_id=fan, status=Message.Status.COMPLETE).order_by("id")
        rows = rows.exclude(turn__status=Turn.Status.RUNNING)
        if turn is not None:
            rows = rows.filter(turn_id=turn)
        if after is not None:
            rows = rows.filter(id__gt=after)
        shown = rows[:limit]
        return [_said(message) for message in shown.select_related("turn")]


def _said(message: Message) -> Said:
    role: Role = "fan" if message.role == Message.Role.FAN else "persona"
    return Said(message.id, role, message.text, message.created_at, message.turn.created_at)
