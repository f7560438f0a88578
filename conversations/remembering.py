"""What conversations hand to memory: a turn for the archive, a session for extraction. No reply waits for any of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from companion.providers.embeddings import configured
from companion.providers.embeddings.base import stored_vectors
from conversations.models import Turn
from conversations.selectors import said
from memory import archiving, selectors, sessions
from memory.configured import configured_extractor, may_archive
from memory.contracts import Said
from memory.extracting import extract_session
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
    return _archive(artist, found.fan_id, lines)


def archive_all(artist: UUID, fan: UUID) -> int:
    """Archives whatever of a fan's talk is not in the archive yet (it was switched off, a job was lost): how many."""
    kept, after = 0, None
    while lines := said(artist=artist, fan=fan, after=after, limit=BATCH):
        kept, after = kept + _archive(artist, fan, lines), lines[-1].id
    return kept


def extract(artist: UUID, fan: UUID) -> int:
    """Reads all that was said since the last time, a call a batch; answers how many memories were taken.

    What the archive has missed of it is archived as well.
    """
    return sum(extract_batches(artist, fan))


def extract_batches(artist: UUID, fan: UUID) -> Iterator[int]:
    """How many memories each batch gave. Ends when nothing is left to read, or what is left could not be read."""
    before = selectors.read_upto(artist=artist, fan=fan)
    while batch := said(artist=artist, fan=fan, after=before, limit=BATCH):
        _archive(artist, fan, batch)
        yield extract_session(
            artist,
            fan,
            lambda after: said(artist=artist, fan=fan, after=after, limit=BATCH),
            extractor=configured_extractor(),
            embedder=configured.embedder(),
            now=datetime.now(UTC),
        )
        upto = selectors.read_upto(artist=artist, fan=fan)
        if upto == before:
            return
        before = upto


def _archive(artist: UUID, fan: UUID, lines: Sequence[Said]) -> int:
    """Only what is not there yet costs vectors."""
    missing = archiving.missing(artist, fan, lines)
    if not missing:
        return 0
    embedder = configured.embedder()
    vectors = stored_vectors(embedder, [line.text for line in missing])
    return archiving.archive(artist, fan, missing, vectors, embedder.model, allowed=may_archive)
