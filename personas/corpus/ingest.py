"""From a file to chunks with vectors, in steps that are each safe to repeat: what tasks.py runs.

A step embeds at most SLICE chunks, so that a long document does not keep the only worker from a fan's jobs.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from pgvector import HalfVector

from companion.kernel.errors import Conflict
from companion.providers.embeddings import configured
from companion.providers.embeddings.base import Embedder, stored_vectors
from companion.providers.errors import ProviderError
from personas.corpus import embedders, indexes, services
from personas.corpus.chunking import chunks_of
from personas.corpus.failures import Unreadable
from personas.corpus.models import Chunk, CorpusIndex, Document, Upload
from personas.corpus.parsing.parent import read_apart
from tenancy.context import tenant

SLICE = 256
WORKER = "command:worker"
State = Document.State


def read_upload(artist: UUID, key: UUID) -> bool:
    """Reads the file of a document and cuts it up; answers whether it did. A file that cannot be read fails it."""
    found = _begin_reading(artist, key)
    if found is None:
        return False
    file_type, content = found
    try:
        text = read_apart(file_type, content).text
    except Unreadable as error:
        with tenant(artist):
            _mark(key, state=State.FAILED, failure=error.code)
        return False
    return _take_in(artist, key, chunks_of(text, file_type))


def embed_slice(artist: UUID, key: UUID) -> bool:
    """Embeds the next chunks of a document in the index that serves; answers whether some may be left.

    Where the model of that index is out of reach, a new index is begun. Raises ProviderError.
    """
    with tenant(artist):
        serving = CorpusIndex.objects.filter(state=CorpusIndex.State.SERVING).first()
        mine = indexes.chunks(serving).filter(document_id=key) if serving else Chunk.objects.none()
        waiting = list(mine.filter(embedding=None).order_by("ordinal")[:SLICE])
    if serving is None or not waiting:
        _settle(artist, key)
        return False
    embedder = _embedder_of(artist, serving)
    if embedder is None:
        rebuild_by_itself(artist)
        return False
    try:
        vectors = _vectors(embedder, waiting)
    except ProviderError:
        with tenant(artist):
            _mark(key, failure="embeddings_away")
        raise
    with tenant(artist):
        for chunk, vector in zip(waiting, vectors, strict=True):
            indexes.chunks(serving).filter(pk=chunk.pk, title=chunk.title).update(embedding=vector)
    return True


def rebuild_slice(artist: UUID) -> bool:
    """Embeds the next chunks into the index in the making, and lets it serve when it is whole; answers whether some are
    left. Raises ProviderError."""
    with tenant(artist):
        by_state = {index.state: index for index in indexes.live()}
        serving, building = by_state.get("serving"), by_state.get("building")
        waiting = indexes.missing(serving, building, SLICE) if serving and building else []
    if building is None:
        return False
    if waiting:
        embedder = _embedder_of(artist, building)
        if embedder is None:  # the settings changed once more: begun again, by the model of now
            with tenant(artist):
                indexes.abandon(building)
            return rebuild_by_itself(artist)
        indexes.add_embedded(artist, building.pk, zip(waiting, _vectors(embedder, waiting), strict=True))
        return True
    if not indexes.switch_if_whole(artist):
        return True
    with tenant(artist):
        embedding = list(Document.objects.filter(state=State.EMBEDDING).values_list("pk", flat=True))
    for key in embedding:
        _settle(artist, key)
    return False


def rebuild_by_itself(artist: UUID) -> bool:
    """Begins a new index unless one is begun; answers whether it did."""
    try:
        indexes.begin_rebuild(artist, actor=WORKER)
    except Conflict:
        return False
    return True


def _begin_reading(artist: UUID, key: UUID) -> tuple[str, bytes] | None:
    with tenant(artist):
        document = Document.objects.select_for_update().filter(pk=key).first()
        upload = Upload.objects.filter(document_id=key).first()
        if document is None or upload is None or document.state not in (State.UPLOADED, State.PARSING):
            return None
        _mark(key, state=State.PARSING, failure="")
        return document.file_type, bytes(upload.content)


def _take_in(artist: UUID, key: UUID, texts: list[str]) -> bool:
    with tenant(artist):
        document = Document.objects.select_for_update().filter(pk=key).first()
        if document is None:
            return False
        indexes.put(indexes.locked(), document, texts)
        _mark(key, state=State.EMBEDDING, failure="", chunk_count=len(texts))
        Upload.objects.filter(document=document).delete()
        services.announce(services.WRITTEN, artist, key)
    return True


def _settle(artist: UUID, key: UUID) -> None:
    """A document is ready when the index that serves has a vector of each of its chunks."""
    with tenant(artist):
        serving = CorpusIndex.objects.filter(state=CorpusIndex.State.SERVING).first()
        if serving and not indexes.chunks(serving).filter(document_id=key, embedding=None).exists():
            Document.objects.filter(pk=key, state=State.EMBEDDING).update(state=State.READY, failure="")


def _mark(key: UUID, **fields: Any) -> None:
    Document.objects.filter(pk=key).update(**fields, changed_at=timezone.now())


def _embedder_of(artist: UUID, index: CorpusIndex) -> Embedder | None:
    """The embedder of an index; one without a model yet gets the model of the settings."""
    if not index.model:
        now = configured.embedder()
        with tenant(artist):
            indexes.name_model(index, now.name, now.model)
    return embedders.of_model(index.provider, index.model)


def _vectors(embedder: Embedder, chunks: Sequence[Chunk]) -> list[HalfVector]:
    return stored_vectors(embedder, [f"{chunk.title}. {chunk.text}" for chunk in chunks])
