"""What the team does with the corpus: write, upload, change, remove, try again. Check, do, audit, emit.

Every function takes the artist and opens her scope; `actor` is "staff:<user id>" or "command:<name>".
"""

import hashlib
from pathlib import PurePath
from typing import Protocol
from uuid import UUID

from companion.kernel import outbox
from companion.kernel.errors import Conflict, ValidationFailed
from personas.corpus import files, indexes
from personas.corpus.chunking import chunks_of
from personas.corpus.models import Document, Upload
from tenancy import audited
from tenancy.context import tenant

UPLOADED, WRITTEN = "corpus.uploaded", "corpus.written"
State = Document.State
# What jobs write, and no form.
OF_JOBS = ("state", "failure", "chunk_count", "file_name", "file_type", "file_sha256", "file_size", "created_at")
NOTHING_WRITTEN = "Write the text, or upload a file instead."


class File(Protocol):
    """What was uploaded; Django's UploadedFile is one."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self) -> bytes: ...


def write_document(artist: UUID, document: Document, *, actor: str) -> None:
    """Adds or changes a document. What is written is found by its words at once, and by its meaning once a job has
    embedded it. Of an upload the text stays as it is. Raises ValidationFailed for a written one without a text.
    """
    with tenant(artist):
        before = Document.objects.select_for_update().filter(pk=document.pk).first()
        for name in OF_JOBS if before else ():
            setattr(document, name, getattr(before, name))
        texts = [] if document.is_upload else chunks_of(document.text)
        if not document.is_upload and not texts:
            raise ValidationFailed(NOTHING_WRITTEN)
        serving = indexes.locked()
        rewritten = before is None or before.text != document.text
        retitled = before is not None and before.title != document.title and document.chunk_count > 0
        if rewritten or retitled:
            document.state, document.failure = State.EMBEDDING, ""
            document.chunk_count = len(texts) if rewritten else document.chunk_count
        audited.write(document, actor=actor)
        if rewritten:
            indexes.put(serving, document, texts)
        elif retitled:
            indexes.retitle(serving, document)
        if rewritten or retitled:
            announce(WRITTEN, artist, document.pk)


def upload_document(artist: UUID, document: Document, file: File, *, actor: str) -> None:
    """Takes a file in; a job reads it. Raises TooLarge, UnsupportedMediaType, ValidationFailed for an empty one, and
    Conflict for one that is there already.
    """
    files.check_size(file.size or 0)
    content, name = file.read(), PurePath(file.name or "").name
    document.file_type = files.type_of(name, content)
    document.file_name, document.file_size = name[-200:], len(content)
    document.file_sha256 = hashlib.sha256(content).hexdigest()
    document.title = document.title or PurePath(name).stem[:160]
    document.artist_id, document.state = artist, State.UPLOADED
    with tenant(artist):
        indexes.locked()  # of one file that comes twice at once, the second finds the first
        same = Document.objects.filter(file_sha256=document.file_sha256).first()
        if same is not None:
            raise Conflict(f"This file is there already, as “{same.title}”.")
        document.save(force_insert=True)
        Upload.objects.create(artist_id=artist, document=document, content=content)
        told = {"file": name, "sha256": document.file_sha256, "bytes": document.file_size}
        content_of_note = {"before": None, "after": audited.snapshot(document) | told}
        audited.note(document, "created", content_of_note, actor=actor)
        announce(UPLOADED, artist, document.pk)


def remove_document(artist: UUID, document: Document, *, actor: str) -> None:
    """With its chunks: she knows nothing of it from the next turn on."""
    with tenant(artist):
        Document.objects.select_for_update().filter(pk=document.pk).first()
        indexes.locked()
        indexes.remove(document)
        audited.remove(document, actor=actor)


def try_again(artist: UUID, document: Document, *, actor: str) -> None:
    """Reads a failed upload again, or embeds what still waits. Raises Conflict where there is nothing to try."""
    with tenant(artist):
        row = Document.objects.select_for_update().get(pk=document.pk)
        if not can_try_again(row):
            raise Conflict("It has not failed: there is nothing to try again.")
        failed = row.state == State.FAILED
        Document.objects.filter(pk=row.pk).update(state=State.UPLOADED if failed else State.EMBEDDING, failure="")
        audited.note(row, "retried", {"failure": row.failure}, actor=actor)
        announce(UPLOADED if failed else WRITTEN, artist, row.pk)


def can_try_again(document: Document) -> bool:
    return bool(document.failure)


def announce(topic: str, artist: UUID, document: UUID) -> None:
    """The event that leads to a document's next job."""
    outbox.emit(topic, {"artist_id": str(artist), "document_id": str(document)}, artist=artist)
