"""Reads of the corpus for the console. Inside `tenant(…)`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count

from companion.providers.embeddings import configured
from personas.corpus import indexes
from personas.corpus.models import Chunk, CorpusIndex, Document
from personas.corpus.retrieval import Serving

CHUNKS_A_PAGE = 10
BUSY = (Document.State.UPLOADED, Document.State.PARSING, Document.State.EMBEDDING)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the corpus stands: its chunks, those with a vector, the model that serves and the one that is configured."""

    documents: int
    chunks: int
    embedded: int
    model: str
    configured: str
    # Chunks of the index in the making; None where none is made.
    built: int | None
    busy: int

    @property
    def percent(self) -> int:
        done = self.embedded if self.built is None else self.built
        return 100 * done // self.chunks if self.chunks else 100

    @property
    def is_stale(self) -> bool:
        return bool(self.model) and self.model != self.configured

    @property
    def moves(self) -> bool:
        return self.built is not None or self.busy > 0


def standing() -> Standing:
    by_state = {index.state: index for index in indexes.live()}
    serving, building = by_state.get("serving"), by_state.get("building")
    rows = indexes.chunks(serving) if serving else Chunk.objects.none()
    chunks = rows.count()
    return Standing(
        documents=Document.objects.count(),
        chunks=chunks,
        embedded=chunks - rows.filter(embedding=None).count(),
        model=serving.model if serving else "",
        configured=configured.model(),
        built=indexes.chunks(building).count() if building else None,
        busy=Document.objects.filter(state__in=BUSY, failure="").count(),
    )


def serving() -> Serving | None:
    """The index that answers."""
    index = CorpusIndex.objects.filter(state=CorpusIndex.State.SERVING).first()
    return Serving(index.pk, index.provider, index.model) if index else None


def chunks_page(document: Document, number: object) -> "Page[Chunk]":
    """A page of a document's chunks, as the index that serves has them."""
    now = serving()
    rows = Chunk.objects.filter(index_id=now.index, document=document) if now else Chunk.objects.none()
    return Paginator(rows.defer("embedding").order_by("ordinal"), CHUNKS_A_PAGE).get_page(str(number))


def embedded_counts(documents: Collection[UUID]) -> Mapping[UUID, int]:
    """How many chunks of each document have a vector in the index that serves."""
    now = serving()
    if now is None or not documents:
        return {}
    found = Chunk.objects.filter(index_id=now.index, document_id__in=documents, embedding__isnull=False)
    return dict(found.order_by().values_list("document_id").annotate(Count("pk")))
