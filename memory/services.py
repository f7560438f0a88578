"""What a fan does with what is remembered of her: forget, put right, pause. Extraction writes by remembering.py."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from companion.kernel.errors import Conflict, FieldError, ValidationFailed
from companion.kernel.outbox import emit
from companion.kernel.words import gettext_noop
from memory import sessions
from memory.contracts import WITHHELD
from memory.covering import covered_by
from memory.extraction.policy import category_of, may_keep
from memory.models import ArchiveLine, Memory, MemorySettings, MemorySource, SessionMark, Tombstone
from memory.selectors import grave_of, memory_of, settings_of
from memory.tombstones import Tombstones, hashed, names_of, words_of
from memory.words import content_words
from tenancy import audited
from tenancy.context import tenant
from tenancy.models import Artist, Fan

CHANGED = "memory.changed"
# Something was forgotten or put right: what was kept of it elsewhere goes too.
FORGOTTEN = "memory.forgotten"
# Talk is to be read now.
UNREAD = "memory.unread"
QUOTE = 500
# A correction is said after all that it puts right: else its own tombstones would cover it, by message and meaning.
BEFORE = timedelta(microseconds=1)
NOT_KEPT = gettext_noop("Passwords and card numbers are never kept, and special matters only while you allow it.")
# Of these the value is a name, whatever its first letter.
NAMED = re.compile(r"(^|:)name$|^pet:")


def forget_one(memory: UUID, *, artist: UUID, fan: UUID, now: datetime) -> None:
    """Deletes a memory, what it superseded and the lines that speak of it; they do not come back. Raises NotFound."""
    with tenant(artist, fan=fan):
        mark = sessions.locked(artist, fan)
        found = memory_of(memory, fan=fan)
        history = _history(found)
        graves = [_bury(row, now) for row in history]
        audited.note(found, "forgotten", {"rows": len(history)}, actor=f"fan:{fan}")
        Memory.objects.filter(id__in=[row.id for row in history]).delete()
        _clear(mark, graves, artist, fan)


def forget_all(*, artist: UUID, fan: UUID, now: datetime) -> None:
    """Deletes everything that is remembered, and the archive; what was said until now does not come back."""
    with tenant(artist, fan=fan):
        mark = sessions.locked(artist, fan)
        Tombstone.objects.filter(fan_id=fan).delete()
        grave = Tombstone.objects.create(artist_id=artist, fan_id=fan, until=now, everything=True)
        count, _ = Memory.objects.filter(fan_id=fan).delete()
        audited.note(grave, "everything_forgotten", {"rows": count}, actor=f"fan:{fan}")
        _clear(mark, [grave], artist, fan)


def correct(memory: UUID, text: str, *, artist: UUID, fan: UUID, now: datetime) -> None:
    """Puts a memory right; the old wording is forgotten, also as a quote.

    Raises NotFound, and ValidationFailed for what may not be kept (extraction/policy.py).
    """
    with tenant(artist, fan=fan):
        mark = sessions.locked(artist, fan)
        found = memory_of(memory, fan=fan)
        if found.text == text:
            return
        found.category = _allowed_category(text, settings_of(artist=artist, fan=fan)) or found.category
        graves = [_bury(row, now - BEFORE, keep=text) for row in _history(found)]
        Memory.objects.filter(superseded_by=found).delete()
        MemorySource.objects.filter(memory=found).update(quote=text[:QUOTE], said_at=now)
        found.subject = _subject_without(found, text)
        found.text, found.corrected_at, found.said_at, found.confidence = text, now, now, 1.0
        found.embedding, found.embedding_model = None, ""
        found.save()
        audited.note(found, "corrected", {}, actor=f"fan:{fan}")
        emit(CHANGED, {"artist_id": str(artist), "memory_id": str(found.id)}, artist=artist)
        _clear(mark, graves, artist, fan)


def set_settings(
    *, artist: UUID, fan: UUID, paused: bool | None, special_categories: bool | None, now: datetime
) -> MemorySettings:
    """Changes what is given. A pause covers what is said while it lasts, consent to special categories what is said
    from then on; once it is withdrawn nothing special of before is kept either.
    """
    with tenant(artist, fan=fan):
        mark = sessions.locked(artist, fan)
        settings = settings_of(artist=artist, fan=fan)
        before = {"paused": settings.paused, "special_categories": settings.special_categories}
        if paused is not None and paused != settings.paused:
            _pause(settings, paused, now)
            if not paused:
                _after_pause(settings, now)
        if special_categories is not None and special_categories != settings.special_categories:
            settings.special_categories = special_categories
            settings.special_since = now if special_categories else None
            if not special_categories:
                _without_consent(mark, artist, fan, now)
        settings.save()
        after = {"paused": settings.paused, "special_categories": settings.special_categories}
        audited.note(settings, "changed", {"before": before, "after": after}, actor=f"fan:{fan}")
    return settings


def settle(*, fan: UUID, until: datetime) -> None:
    """Notes that what was forgotten up to then has left the traces. Within the tenant's scope."""
    Tombstone.objects.filter(fan_id=fan, settled_at=None, until__lte=until).update(settled_at=until)


def read_again(fan: UUID, *, artist: UUID, actor: str) -> None:
    """Has the talk that could not be read, and all after it, read once more. Raises Conflict where none has failed."""
    with tenant(artist):
        mark = sessions.locked(artist, fan)
        if mark.failed_at is None:
            raise Conflict("Nothing of this fan's talk waits to be read again.")
        audited.note(
            mark, "read_again", {"failed_at": mark.failed_at.isoformat(), "why": mark.failed_code}, actor=actor
        )
        sessions.begin_again(mark)
        emit(UNREAD, {"artist_id": str(artist), "fan_id": str(fan)}, artist=artist)


def set_embedding(memory: UUID, text: str, vector: Any, model: str, *, artist: UUID) -> bool:
    """Stores a vector unless the text changed since it was read; answers whether it was stored."""
    with tenant(artist):
        same = Memory.objects.filter(id=memory, text=text)
        return same.update(embedding=vector, embedding_model=model) == 1


def _allowed_category(text: str, settings: MemorySettings) -> str:
    category = category_of(text)
    if not may_keep(category, consent=settings.special_categories):
        raise ValidationFailed(NOT_KEPT, errors=(FieldError("text", "not_kept", NOT_KEPT),))
    return category


def _without_consent(mark: SessionMark, artist: UUID, fan: UUID, now: datetime) -> None:
    """Deletes what consent alone has kept; what was said of special matters until now does not come back.

    Not every line about a special memory looks special by itself, so each memory has a tombstone besides.
    """
    special = Memory.objects.filter(fan_id=fan).exclude(category="")
    graves = [_bury(row, now) for row in special]
    special.delete()
    Tombstone.objects.filter(fan_id=fan, special=True).delete()
    every = Tombstone.objects.create(artist_id=artist, fan_id=fan, until=now, special=True)
    _clear(mark, [*graves, every], artist, fan)


def _pause(settings: MemorySettings, paused: bool, now: datetime) -> None:
    settings.paused = paused
    if paused:
        settings.pauses = [*settings.pauses, [now.isoformat(), None]]
    else:
        settings.pauses = [[since, until or now.isoformat()] for since, until in settings.pauses]


def _after_pause(settings: MemorySettings, now: datetime) -> None:
    """What was said off the record leaves the window and the traces: a reply of later would tell it on the record."""
    since = datetime.fromisoformat(settings.pauses[-1][0])
    keys = {"artist_id": settings.artist_id, "fan_id": settings.fan_id}
    Tombstone.objects.create(**keys, since=since, until=now, everything=True)
    _tell_forgotten(settings.artist_id, settings.fan_id)


def _history(memory: Memory) -> list[Memory]:
    """The memory and whatever it has superseded, however far back."""
    rows, heads = [memory], [memory.id]
    while older := list(Memory.objects.filter(superseded_by__in=heads)):
        rows += older
        heads = [row.id for row in older]
    return rows


def _subject_without(memory: Memory, text: str) -> str:
    """What a memory is about, but for parts that tell its old wording ("likes:sushi")."""
    gone = content_words(memory.text) - content_words(text)
    return ":".join(part for part in memory.subject.split(":") if not content_words(part) & gone)


def _bury(memory: Memory, now: datetime, *, keep: str = "") -> Tombstone:
    """`keep` is the wording that takes its place: its words give nothing away."""
    fan = Fan.objects.select_related("user").get(id=memory.fan_id)
    common = (fan.user.name, Artist.objects.get(id=memory.artist_id).name, keep)
    named = names_of([memory.text], fan.id, common=common)
    if NAMED.search(memory.subject):
        plain: Iterable[str] = content_words(" ".join((*common, memory.subject.replace(":", " "))))
        named |= hashed(content_words(memory.text) - frozenset(plain), fan.id)
    return Tombstone.objects.create(
        artist_id=memory.artist_id,
        fan_id=fan.id,
        until=now,
        messages=list(MemorySource.objects.filter(memory=memory).values_list("message_id", flat=True)),
        words=sorted(words_of(memory.text, fan.id)),
        names=sorted(named),
        embedding=memory.embedding,
        embedding_model=memory.embedding_model,
    )


def _clear(mark: SessionMark, graves: Sequence[Tombstone], artist: UUID, fan: UUID) -> None:
    """Takes the lines that the new graves cover out of the archive, and a kept answer, which may tell the same.

    The lines' ids stay on the graves: short-term memory and the traces have no vectors to compare. Tells that something
    was forgotten, for what other layers keep of it.
    """
    mark.failed_text = ""
    mark.save(update_fields=["failed_text"])
    lines = list(ArchiveLine.objects.filter(fan_id=fan))
    for row in graves:
        covered = covered_by(row, lines, lambda line: line.said_at)
        ArchiveLine.objects.filter(id__in=[line.id for line in covered]).delete()
    _withhold_quotes(fan, Tombstones(fan, [grave_of(row) for row in graves]))
    _tell_forgotten(artist, fan)


def _withhold_quotes(fan: UUID, graves: Tombstones) -> None:
    """A message that told something else as well stays the source of that, and is not quoted any more.

    What the fan put right is quoted in the words that she put it in, which are no message's.
    """
    sources = MemorySource.objects.filter(fan_id=fan, memory__corrected_at=None)
    covered = [one.id for one in sources if graves.cover(one.quote, one.said_at, messages=[one.message_id])]
    sources.filter(id__in=covered).update(quote=WITHHELD)


def _tell_forgotten(artist: UUID, fan: UUID) -> None:
    emit(FORGOTTEN, {"artist_id": str(artist), "fan_id": str(fan)}, artist=artist)
