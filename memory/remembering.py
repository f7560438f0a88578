"""What becomes of candidates: merged with what is known, superseding it, or new. Within the lock of sessions.py."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from memory.contracts import WITHHELD, Candidate, Said
from memory.extraction.policy import category_of, may_keep
from memory.models import Memory, MemorySettings, MemorySource
from memory.selectors import as_array, consents, off_the_record, vector_of
from memory.tombstones import Tombstones, cosine
from memory.words import CALENDAR, content_words, normalised

# Measured with MiniLM on tests/data/memory/pairs.json (tests/memory/test_pairs.py). Of two subjects, no pair that says
# different things lies at 0.9 or above (the highest at 0.899), 2 of 5 that say the same do. Of one subject, none that
# is told apart by no figure, day or time of day lies above 0.8 (the highest at 0.74), 25 of 27 that say the same do.
SAME = 0.9
SAME_OF_SUBJECT = 0.8
# Of these there is one at a time: the newer word ends the older one.
EXCLUSIVE = re.compile(
    r"^(name|age|birthday|home|hometown|job|work|school|study|partner|favou?rite:.+|family:(boyfriend|girlfriend|husband|wife|partner)"
    r"|pet:[^:]+(:name)?|family:[^:]+:name)$"
)
# But a second pet or sister stands beside the first.
BESIDE = re.compile(r"\b(?:other|another|second|new)\b", re.I)
PINNED = re.compile(r"^(name|birthday|boundary(:.*)?)$")
CAPS: Mapping[str, int] = {"fact": 200, "preference": 150, "relationship": 100, "event": 150, "promise": 60}
HALF_LIFE_DAYS = 120.0
DENIALS = ("not", "no", "never", "without", "hates", "dislikes")
TIMES = CALENDAR | frozenset(("morning", "afternoon", "evening", "night", "spring", "summer", "autumn", "winter"))
QUOTE = 500
SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")


def remember(
    artist: UUID,
    fan: UUID,
    candidates: Sequence[Candidate],
    *,
    said: Mapping[UUID, Said],
    vectors: Sequence[Any],
    model: str,
    tombstones: Tombstones,
    settings: MemorySettings,
    now: datetime,
) -> int:
    """Writes the candidates, `vectors` beside them, and answers how many were taken. Within the tenant's scope.

    Left out: what rests on no word of the fan, was said off the record or before it was forgotten, or is of a special
    category that she had not consented to when she said it.
    """
    taken = 0
    for candidate, vector in zip(candidates, vectors, strict=True):
        sources = [said[key] for key in candidate.sources if key in said]
        if _may_stay(candidate, sources, vector, model, tombstones, settings):
            _take(artist, fan, candidate, sources, vector, model)
            taken += 1
    fade(fan, now)
    return taken


def _may_stay(
    candidate: Candidate,
    sources: Sequence[Said],
    vector: Any,
    model: str,
    tombstones: Tombstones,
    settings: MemorySettings,
) -> bool:
    own = [source for source in sources if source.role == "fan"]
    if not own or any(off_the_record(settings, source.said_at) for source in own):
        return False
    category = candidate.category or category_of(candidate.text)
    if not may_keep(category, consent=consents(settings, min(source.said_at for source in own))):
        return False
    newest, ids = max(source.said_at for source in own), [source.id for source in sources]
    return not tombstones.cover(candidate.text, newest, messages=ids, vector=vector_of(vector), model=model)


def _take(artist: UUID, fan: UUID, candidate: Candidate, sources: Sequence[Said], vector: Any, model: str) -> None:
    said_at = max(source.said_at for source in sources)
    known = list(Memory.objects.filter(fan_id=fan, status=Memory.Status.ACTIVE))
    same = next((memory for memory in known if _same(memory, candidate, vector, model)), None)
    if same is not None:
        _say_again(same, candidate, said_at)
        _add_sources(artist, fan, same, sources)
        return
    memory = Memory(
        artist_id=artist,
        fan_id=fan,
        kind=candidate.kind,
        text=candidate.text,
        subject=candidate.subject,
        category=candidate.category or category_of(candidate.text),
        confidence=candidate.confidence,
        salience=min(1.0, 0.3 + 0.4 * candidate.confidence),
        pinned=candidate.pinned or bool(PINNED.match(candidate.subject)),
        valid_from=candidate.valid_from,
        valid_to=candidate.valid_to,
        said_at=said_at,
        embedding=vector,
        embedding_model=model if vector is not None else "",
    )
    memory.save(force_insert=True)
    _add_sources(artist, fan, memory, sources)
    if _is_only(memory):
        _supersede([other for other in known if other.subject == memory.subject and _is_only(other)], memory)


def _is_only(memory: Memory) -> bool:
    """Whether of its matter there is one at a time."""
    beside = memory.subject.startswith(("pet:", "family:")) and BESIDE.search(memory.text)
    return bool(EXCLUSIVE.match(memory.subject)) and not beside


def _same(memory: Memory, candidate: Candidate, vector: Any, model: str) -> bool:
    """Whether it says what the memory says. Another number or name is another thing, however near."""
    if normalised(memory.text) == normalised(candidate.text):
        return True
    if memory.subject and memory.subject == candidate.subject and EXCLUSIVE.match(memory.subject):
        return content_words(memory.text) == content_words(candidate.text)
    if vector is None or memory.embedding is None or memory.embedding_model != model or memory.kind != candidate.kind:
        return False
    near = cosine(as_array(memory.embedding), as_array(vector))
    limit = SAME_OF_SUBJECT if memory.subject == candidate.subject else SAME
    return near >= limit and _figures(memory.text) == _figures(candidate.text)


def _figures(text: str) -> tuple[list[str], bool]:
    """Its numbers, days and times, and whether it denies: vectors hardly tell them apart."""
    words = normalised(text).split()
    denies = any(word in DENIALS or word.endswith("n't") for word in words)
    return sorted([*re.findall(r"\d+", text), *(word for word in words if word in TIMES)]), denies


def _say_again(memory: Memory, candidate: Candidate, said_at: datetime) -> None:
    memory.said_at = max(memory.said_at, said_at)
    memory.confidence = max(memory.confidence, candidate.confidence)
    memory.salience = min(1.0, memory.salience + 0.1)
    memory.valid_to = candidate.valid_to or memory.valid_to
    memory.save(update_fields=["said_at", "confidence", "salience", "valid_to"])


def _add_sources(artist: UUID, fan: UUID, memory: Memory, sources: Sequence[Said]) -> None:
    rows = [
        MemorySource(
            artist_id=artist,
            fan_id=fan,
            memory=memory,
            message_id=source.id,
            quote=_quote(source.text, memory.category),
            said_at=source.said_at,
        )
        for source in sources
        if source.role == "fan"
    ]
    MemorySource.objects.bulk_create(rows, ignore_conflicts=True)


def _quote(text: str, category: str) -> str:
    """The message without the sentences that may not stand beside this memory: secrets, other special matters."""
    kept = " ".join(part for part in SENTENCES.split(text) if category_of(part) in ("", category))
    return kept[:QUOTE] if kept and category_of(kept) in ("", category) else WITHHELD


def _supersede(others: Sequence[Memory], memory: Memory) -> None:
    """Of one matter the last word counts, in whatever order they come to be read."""
    for other in others:
        older, newer = (memory, other) if other.said_at > memory.said_at else (other, memory)
        older.status, older.superseded_by = Memory.Status.SUPERSEDED, newer
        older.valid_to = older.valid_to or newer.valid_from or newer.said_at
        older.save(update_fields=["status", "superseded_by", "valid_to"])


def fade(fan: UUID, now: datetime) -> None:
    """Above a kind's cap, what weighs least fades; a weight halves in HALF_LIFE_DAYS. What is pinned stays."""
    for kind, cap in CAPS.items():
        rows = Memory.objects.filter(fan_id=fan, kind=kind, status=Memory.Status.ACTIVE, pinned=False)
        weights = [
            (salience * 0.5 ** ((now - said_at).total_seconds() / 86_400 / HALF_LIFE_DAYS), key)
            for key, salience, said_at in rows.values_list("id", "salience", "said_at")
        ]
        if len(weights) > cap:
            least = [key for _, key in sorted(weights)[: len(weights) - cap]]
            rows.filter(id__in=least).update(status=Memory.Status.FADED)
