"""Documents of a test, and what its jobs do, run by hand in the order of the outbox."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from companion.kernel.models import OutboxEvent
from personas.corpus import services, tasks
from personas.models import Chunk, CorpusIndex, Document, Upload
from tenancy.context import tenant
from tenancy.models import Artist
from tests.factories import ACTOR, unique

JOBS: dict[str, Callable[..., object]] = {
    "corpus.uploaded": tasks.read_document,
    "corpus.written": tasks.embed_document,
    "corpus.rebuild": tasks.rebuild,
}


def write(artist: Artist, text: str, **fields: Any) -> Document:
    document = Document(**({"kind": "interview", "title": unique("title"), "text": text} | fields))
    services.write_document(artist.id, document, actor=ACTOR)
    return document


def upload(artist: Artist, name: str, content: bytes, **fields: Any) -> Document:
    document = Document(**({"kind": "interview"} | fields))
    services.upload_document(artist.id, document, SimpleUploadedFile(name, content), actor=ACTOR)
    return document


def waiting(artist: Artist) -> list[OutboxEvent]:
    """The artist's events of the corpus that no job has had yet, oldest first."""
    events = OutboxEvent.objects.using("system").filter(artist_id=artist.id, topic__in=JOBS, delivered_at=None)
    return list(events.order_by("created_at", "id"))


def work(artist: Artist, *, most: int = 200) -> int:
    """Runs the jobs until none waits; answers how many ran. A job that raises leaves its event waiting."""
    for done in range(most):
        events = waiting(artist)
        if not events:
            return done
        JOBS[events[0].topic](**events[0].payload)
        OutboxEvent.objects.using("system").filter(id=events[0].id).update(delivered_at=events[0].created_at)
    raise AssertionError("the jobs do not come to an end")


def stored(document: Document) -> Document:
    with tenant(document.artist_id):
        return Document.objects.get(pk=document.pk)


def chunks(document: Document, *, state: str = "serving") -> list[Chunk]:
    """Of one of the artist's indexes."""
    with tenant(document.artist_id):
        index = CorpusIndex.objects.filter(state=state).first()
        return list(Chunk.objects.filter(index=index, document=document).order_by("ordinal")) if index else []


def indexes(artist: UUID) -> dict[str, str]:
    """The model by the index's state."""
    with tenant(artist):
        return dict(CorpusIndex.objects.values_list("state", "model"))


def uploads(document: Document) -> int:
    with tenant(document.artist_id):
        return Upload.objects.filter(document=document).count()
