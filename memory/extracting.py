"""One session's extraction: lease, read, one call of the extractor, one write. Never on a reply's path."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from companion.kernel.heartbeats import beating
from companion.providers.embeddings.base import Embedder, to_row
from memory import sessions
from memory.contracts import WITHHELD, Candidate, Said
from memory.extraction.base import BrokenAnswer, Extractor
from memory.extraction.policy import category_of, may_keep
from memory.remembering import remember
from memory.selectors import consents, off_the_record, settings_of, tombstones
from tenancy.context import tenant
from tenancy.models import Fan


def extract_session(
    artist: UUID,
    fan: UUID,
    read: Callable[[UUID | None], Sequence[Said]],
    *,
    extractor: Extractor,
    embedder: Embedder,
    now: datetime,
) -> int:
    """Takes what was said since the last time; answers how many memories were taken. Safe to repeat and to kill.

    `read(after)` gives the messages after that one, oldest first. Raises provider errors, after which it may be tried
    again. 0 while somebody else is at it.
    """
    lease = sessions.begin(artist, fan, now)
    if lease is None:
        return 0
    try:
        with beating(lambda: sessions.renew(lease)):
            said = read(lease.after)
            return _extract(lease, said, extractor, embedder, now) if said else 0
    except BrokenAnswer as error:
        _fail(lease, said, error, now)
        return 0
    finally:
        sessions.give_up(lease)


def _fail(lease: sessions.Lease, said: Sequence[Said], error: BrokenAnswer, now: datetime) -> None:
    """Staff may read the answer, unless it may tell what must not be kept, or what was forgotten by now."""
    with tenant(lease.artist, fan=lease.fan):
        mark = sessions.held(lease)
        if mark is None:
            return
        settings = settings_of(artist=lease.artist, fan=lease.fan)
        graves = tombstones(artist=lease.artist, fan=lease.fan)
        allowed = may_keep(category_of(error.text), consent=consents(settings, said[0].said_at))
        heard = [line for line in said if not off_the_record(settings, line.said_at)]
        forgotten = any(graves.cover(line.text, line.said_at, messages=[line.id]) for line in heard)
        answer = error.text if allowed and not forgotten else WITHHELD
        sessions.fail(mark, error.code, answer, upto=said[-1].id, said_at=said[-1].said_at, now=now)


def _extract(
    lease: sessions.Lease, said: Sequence[Said], extractor: Extractor, embedder: Embedder, now: datetime
) -> int:
    with tenant(lease.artist, fan=lease.fan):
        person = Fan.objects.select_related("user").get(id=lease.fan).user
        settings = settings_of(artist=lease.artist, fan=lease.fan)
        name, zone = person.name, person.time_zone
    candidates: Sequence[Candidate]
    vectors: Sequence[Any]
    heard = [line for line in said if not off_the_record(settings, line.said_at)]
    candidates, vectors = asyncio.run(_ask(heard, extractor, embedder, now, zone, name))
    with tenant(lease.artist, fan=lease.fan):
        mark = sessions.held(lease)
        if mark is None:
            return 0
        taken = remember(
            lease.artist,
            lease.fan,
            candidates,
            said={line.id: line for line in heard},
            vectors=vectors,
            model=embedder.model,
            tombstones=tombstones(artist=lease.artist, fan=lease.fan),
            settings=settings_of(artist=lease.artist, fan=lease.fan),
            now=now,
        )
        sessions.read_upto(mark, said[-1].id, said[-1].said_at)
    return taken


async def _ask(
    heard: Sequence[Said], extractor: Extractor, embedder: Embedder, now: datetime, zone: str, name: str
) -> tuple[Sequence[Candidate], list[Any]]:
    """Talk in which the fan said nothing costs no call."""
    try:
        if not any(line.role == "fan" for line in heard):
            return [], []
        found = await extractor.extract(heard, now=now, time_zone=zone, fan_name=name)
        if not found:
            return [], []
        vectors = await embedder.embed([candidate.text for candidate in found])
        return found, [to_row(vector) for vector in vectors]
    finally:
        await embedder.aclose()
