"""What a fan has had forgotten leaves the traces of her turns as well, which staff read: a prompt holds her words. It
leaves the window in Redis too, which the next turn rebuilds without them.

Asked for through the outbox, in the transaction that forgets; whatever is not done after a while is asked for again
(`sweep`), so no lost job leaves it undone. The trace keeps the ids, and says that the fan had it forgotten.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from companion.kernel import audit
from companion.kernel.outbox import emit
from conversations.models import Message, Turn, TurnTrace
from conversations.turn.emotion import disarm
from conversations.turn.prompt import in_quotes
from memory import selectors as memory
from memory import services, window
from memory.recall.trace import without_quote
from memory.tombstones import Tombstones
from tenancy.context import tenant

GONE = "[forgotten by the fan]"
# As many traces as one transaction scrubs.
BATCH = 100
ASKED_AGAIN = timedelta(minutes=1)


def scrub(artist: UUID, fan: UUID) -> int:
    """Takes what was forgotten out of the fan's window and all her traces; answers how many of these changed. Safe to
    repeat and to kill."""
    now = datetime.now(UTC)
    with tenant(artist, fan=fan):
        # Before anything is read: the trace of a turn that ends in between is found, that of one still running is not.
        running = Turn.objects.filter(fan_id=fan, status=Turn.Status.RUNNING, created_at__lte=now).exists()
    changed = sum(_batches(artist, fan))
    window.drop(artist, fan)
    with tenant(artist, fan=fan):
        if not running:
            services.settle(fan=fan, until=now)
        if changed:
            content = {"traces": changed}
            actor = "command:scrub_traces"
            audit.record(
                "fan.traces_scrubbed", actor=actor, artist=artist, object_type="fan", object_id=fan, content=content
            )
    return changed


def sweep(now: datetime | None = None) -> int:
    """Asks again for what was forgotten a while ago and still stands in traces; answers for how many fans."""
    waiting = memory.unsettled(before=(now or datetime.now(UTC)) - ASKED_AGAIN)
    for artist, fan in waiting:
        with tenant(artist, fan=fan):
            emit(services.FORGOTTEN, {"artist_id": str(artist), "fan_id": str(fan)}, artist=artist)
    return len(waiting)


def _batches(artist: UUID, fan: UUID) -> Iterator[int]:
    """How many traces each batch changed."""
    last = UUID(int=0)
    while True:
        with tenant(artist, fan=fan):
            rows = TurnTrace.objects.select_for_update(of=("self",)).select_related("turn")
            traces = list(rows.filter(fan_id=fan, id__gt=last).order_by("id")[:BATCH])
            if not traces:
                return
            graves = memory.tombstones(artist=artist, fan=fan)
            yield sum(_scrub(trace, graves) for trace in traces)
            last = traces[-1].id


def _scrub(trace: TurnTrace, graves: Tombstones) -> bool:
    """Whether anything of it had to go."""
    context, prompt = dict(trace.context), [dict(message) for message in trace.prompt]
    gone = [
        *_without_memories(context, prompt, trace),
        *_without_quotes(context, trace, graves),
        *_without_lines(context, prompt, trace, graves),
        *_without_withheld(context, trace, graves),
    ]
    if gone:
        trace.context, trace.prompt = context, prompt
        trace.save(update_fields=["context", "prompt"])
    return bool(gone)


def _without_memories(context: dict[str, Any], prompt: list[dict[str, Any]], trace: TurnTrace) -> list[str]:
    """Memories that are no longer as they were when the turn began; answers their ids."""
    known = [entry for entry in context.get("memories", ()) if not entry.get("forgotten")]
    if not known:
        return []
    since = trace.turn.created_at
    kept = memory.standing([(entry["id"], since) for entry in known], artist=trace.artist_id, fan=trace.fan_id)
    gone = [entry for entry in known if (entry["id"], since) not in kept]
    for entry in gone:
        _cut(prompt, "", entry["text"])
    context["memories"] = [_emptied(entry) if entry in gone else entry for entry in context["memories"]]
    return [entry["id"] for entry in gone]


def _emptied(entry: Mapping[str, Any]) -> dict[str, Any]:
    source = entry["source"] | {"quote": ""}
    return {"id": entry["id"], "text": "", "source": source, "forgotten": True}


def _without_quotes(context: dict[str, Any], trace: TurnTrace, graves: Tombstones) -> list[str]:
    """What else a message told stays, without the words that tell what is forgotten; answers the memories' ids."""
    known, since = context.get("memories", ()), trace.turn.created_at
    left = [entry if entry.get("forgotten") else without_quote(entry, graves, since) for entry in known]
    if known:
        context["memories"] = left
    return [now["id"] for before, now in zip(known, left, strict=True) if now != before]


def _without_lines(
    context: Mapping[str, Any], prompt: list[dict[str, Any]], trace: TurnTrace, graves: Tombstones
) -> list[str]:
    """Old lines, the talk before and the fan's own message, as far as they are covered; answers their ids."""
    quoted = [UUID(key) for key in (*context.get("window", ()), *context.get("archive", ()))]
    found = Message.objects.filter(fan_id=trace.fan_id, id__in=quoted) | Message.objects.filter(turn_id=trace.turn_id)
    covered = [m for m in found if graves.cover(m.text, m.created_at, messages=[m.id])]
    return [str(message.id) for message in covered if _hidden(message, prompt)]


def _hidden(message: Message, prompt: list[dict[str, Any]]) -> bool:
    """Takes one message out of the prompt, wherever it stands in it; answers whether it stood there."""
    before = [dict(part) for part in prompt]
    said = re.compile(rf"(\A|\n\n)(?:{_forms(message.text, disarm([message.text])[0])})(?=\n\n|\Z)")
    for part in prompt[1:]:
        part["content"] = said.sub(rf"\1{GONE}", part["content"])
    _cut(prompt, r"\d{4}-\d\d-\d\d (?:fan|you): ", message.text)
    return prompt != before


def _cut(prompt: list[dict[str, Any]], lead: str, text: str) -> None:
    """Replaces a line of the lists in the system message (turn/prompt.py); prompts of before had no marks around it."""
    if prompt:
        line = re.compile(rf"^(- “?{lead})(?:{_forms(in_quotes(text), disarm([text])[0])})(”?)$", re.M)
        prompt[0]["content"] = line.sub(rf"\1{GONE}\2", prompt[0]["content"])


def _forms(*texts: str) -> str:
    return "|".join(map(re.escape, texts))


def _without_withheld(context: dict[str, Any], trace: TurnTrace, graves: Tombstones) -> list[str]:
    """What the model wrote and a rule kept back may tell it too."""
    held = context.get("withheld")
    known_at, said = trace.turn.created_at, [trace.turn_id]
    if not held or held["text"] == GONE or not graves.cover(held["text"], known_at, messages=said):
        return []
    context["withheld"] = {"text": GONE, "shown": 0}
    return ["withheld"]
