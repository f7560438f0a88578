"""RQ jobs of the corpus: ids only, idempotent, safe to run twice and in any order. A job does one step and announces
the next."""

from uuid import UUID

from companion.kernel import outbox
from personas.corpus import indexes, ingest, services
from personas.corpus.models import Document
from tenancy.context import tenant


def read_document(artist_id: str, document_id: str) -> bool:
    """Reads an upload; its chunks are embedded by the job that this announces."""
    return ingest.read_upload(UUID(artist_id), UUID(document_id))


def embed_document(artist_id: str, document_id: str) -> bool:
    """Embeds some chunks; answers whether more may be left. Raises provider errors (RQ retries)."""
    artist, document = UUID(artist_id), UUID(document_id)
    left = ingest.embed_slice(artist, document)
    if left:
        with tenant(artist):
            services.announce(services.WRITTEN, artist, document)
    return left


def rebuild(artist_id: str) -> bool:
    """Embeds some chunks into the index in the making; answers whether more are left. Raises provider errors."""
    artist = UUID(artist_id)
    left = ingest.rebuild_slice(artist)
    if left:
        with tenant(artist):
            outbox.emit(indexes.REBUILD, {"artist_id": artist_id}, artist=artist)
    return left


def embed_everything(artist_id: str) -> None:
    """At once, for seeds and commands: whatever waits for a vector."""
    artist = UUID(artist_id)
    with tenant(artist):
        waiting = list(Document.objects.filter(state=Document.State.EMBEDDING).values_list("pk", flat=True))
    for document in waiting:
        while ingest.embed_slice(artist, document):
            continue
