"""What conversations hand to memory: a turn for the archive, a session for extraction. No reply waits for any of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings

from companion.providers.config import from_settings
from companion.providers.embeddings.registry import build_embedder
from conversations.models import Turn
from conversations.selectors import said
from memory import archiving, sessions
from memory.configured import configured_extractor, may_archive
from memory.contracts import Said
from memory.extracting import extract_session
from memory.tasks import embed_all
from tenancy.context import tenant

# As many messages as one call of the extractor takes.
BATCH = 200


def archive_turn(artist: UUID, turn: UUID) -> int:
    """Archives what was said in a turn that has ended; answers how many lines were kept now."""
    with tenant(artist):
        found = Turn.objects.filter(id=turn).exclude(status=Turn.Status.RUNNING).first()
    if found is None:
        return 0
    lines = said(artist=artist, fan=found.fan_id, turn=turn)
    if not lines:
        return 0
    sessions.touch(artist, found.fan_id, lines[-1].said_at)
    embedder = build_embedder(from_settings(settings))
    vectors = embed_all(embedder, [line.text for line in lines])
    return archiving.archive(artist, found.fan_id, lines, vectors, embedder.model, allowed=may_archive)


def extract(artist: UUID, fan: UUID) -> int:
    """Reads all that was said since the last time, a call a batch; answers how many memories were taken."""
    return sum(extract_batches(artist, fan))


def extract_batches(artist: UUID, fan: UUID) -> Iterator[int]:
    """How many memories each batch gave. Ends when nothing is left to read, or what is left could not be read."""
    config = from_settings(settings)
    while _unread(artist, fan):
        before = _upto(artist, fan)
        yield extract_session(
            artist,
            fan,
            lambda after: said(artist=artist, fan=fan, after=after, limit=BATCH),
            extractor=configured_extractor(),
            embedder=build_embedder(config),
            now=datetime.now(UTC),
        )
        if _upto(artist, fan) == before:
            return


def _unread(artist: UUID, fan: UUID) -> Sequence[Said]:
    return said(artist=artist, fan=fan, after=_upto(artist, fan), limit=1)


def _upto(artist: UUID, fan: UUID) -> UUID | None:
    with tenant(artist, fan=fan):
        return sessions.locked(artist, fan).extracted_upto
