"""The indexes of an artist: one serves, a second is built beside it when the model changes, and takes its place.

Whoever adds or takes chunks holds the lock of the serving index (`locked`), so that a switch loses none of them. A lock
of a document's row comes before it, never after.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from companion.kernel import audit, outbox
from companion.kernel.errors import Conflict
from personas.corpus.models import Chunk, CorpusIndex, Document
from tenancy.context import tenant

REBUILD = "corpus.rebuild"
State = CorpusIndex.State


def locked() -> CorpusIndex:
    """The serving index of the artist in scope, locked until the transaction ends; made where there is none.

    Call it before anything is written: making one takes locks on the tables of documents and indexes.
    """
    found = CorpusIndex.objects.select_for_update().filter(state=State.SERVING).first()
    if found is None:
        _make(State.SERVING)
        found = CorpusIndex.objects.select_for_update().get(state=State.SERVING)
    return found


def live() -> list[CorpusIndex]:
    """Of the artist in scope: the one that serves and, while there is one, the one that is built."""
    return list(CorpusIndex.objects.exclude(state=State.EMPTY).order_by("-state"))


def chunks(index: CorpusIndex) -> Any:
    """Its chunks: always by the index, which is the partition."""
    return Chunk.objects.filter(index_id=index.pk)


def put(index: CorpusIndex, document: Document, texts: Sequence[str]) -> None:
    """The chunks of a document instead of those that it had, without vectors. Holds `locked`."""
    remove(document)
    Chunk.objects.bulk_create(
        Chunk(
            artist_id=document.artist_id,
            index=index,
            document=document,
            ordinal=ordinal,
            title=document.title,
            text=text,
        )
        for ordinal, text in enumerate(texts)
    )


def retitle(index: CorpusIndex, document: Document) -> None:
    """The title is a part of what is embedded, so the vectors go. Holds `locked`."""
    chunks(index).filter(document=document).update(title=document.title, embedding=None)
    for other in live():
        if other.pk != index.pk:
            chunks(other).filter(document=document).delete()


def remove(document: Document) -> None:
    """Its chunks, from every index. Holds `locked`."""
    for index in live():
        chunks(index).filter(document=document).delete()


def name_model(index: CorpusIndex, provider: str, model: str) -> None:
    """The model of an index that has no vectors yet."""
    CorpusIndex.objects.filter(pk=index.pk, model="").update(provider=provider, model=model)
    index.refresh_from_db()


def begin_rebuild(artist: UUID, *, actor: str) -> None:
    """Starts to embed the corpus anew, by the model of the settings; the old index serves until the new one is whole.

    Raises Conflict while it is being done already.
    """
    with tenant(artist):
        locked()
        if CorpusIndex.objects.filter(state=State.BUILDING).exists():
            raise Conflict("The corpus is being embedded anew already.")
        building = _reused() or _make(State.BUILDING)
        audit.record(
            "corpusindex.begun", actor=actor, artist=artist, object_type="corpusindex", object_id=building, content={}
        )
        outbox.emit(REBUILD, {"artist_id": str(artist)}, artist=artist)


def abandon(building: CorpusIndex) -> None:
    """Gives up an index in the making."""
    _set(building, State.EMPTY, provider="", model="")


def missing(serving: CorpusIndex, building: CorpusIndex, most: int) -> list[Chunk]:
    """Chunks that the index in the making has not yet."""
    there = chunks(building).filter(document_id=models.OuterRef("document_id"), ordinal=models.OuterRef("ordinal"))
    return list(chunks(serving).filter(~models.Exists(there)).order_by("document_id", "ordinal")[:most])


def add_embedded(artist: UUID, building: UUID, embedded: Iterable[tuple[Chunk, Any]]) -> None:
    """Puts copies with their vectors into the index in the making, but for what changed since they were read."""
    with tenant(artist):
        serving = locked()
        pairs = list(embedded)
        still = set(chunks(serving).filter(pk__in=[chunk.pk for chunk, _ in pairs]).values_list("pk", "title"))
        if not CorpusIndex.objects.filter(pk=building, state=State.BUILDING).exists():
            return
        Chunk.objects.bulk_create(
            (
                Chunk(
                    artist_id=artist,
                    index_id=building,
                    document_id=chunk.document_id,
                    ordinal=chunk.ordinal,
                    title=chunk.title,
                    text=chunk.text,
                    embedding=vector,
                )
                for chunk, vector in pairs
                if (chunk.pk, chunk.title) in still
            ),
            ignore_conflicts=True,
        )


def switch_if_whole(artist: UUID) -> bool:
    """Lets the new index serve once it lacks nothing. The old one's rows go afterwards, when nobody reads them."""
    with tenant(artist):
        serving = locked()
        building = CorpusIndex.objects.select_for_update().filter(state=State.BUILDING).first()
        if building is None or missing(serving, building, 1):
            return False
        _set(serving, State.EMPTY, provider="", model="")
        _set(building, State.SERVING)
        audit.record(
            "corpusindex.switched",
            actor="command:worker",
            artist=artist,
            object_type="corpusindex",
            object_id=building.pk,
            content={"before": {"model": serving.model}, "after": {"model": building.model}},
        )
    with tenant(artist):
        _truncate(serving.pk)
    return True


def _set(index: CorpusIndex, state: str, **fields: str) -> None:
    CorpusIndex.objects.filter(pk=index.pk).update(state=state, changed_at=timezone.now(), **fields)


def _reused() -> UUID | None:
    """The index that served before, emptied."""
    spare = CorpusIndex.objects.filter(state=State.EMPTY).first()
    if spare is None:
        return None
    _truncate(spare.pk)
    _set(spare, State.BUILDING, provider="", model="")
    return spare.pk


def _make(state: str) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("select personas_new_corpus_index(%s)", [state])
        made: UUID = cursor.fetchone()[0]
    return made


def _truncate(index: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select personas_empty_corpus_index(%s)", [index])
