"""A file on its way into the corpus: what is refused at the door, how it is read, and what is kept of it."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from companion.kernel.errors import CompanionError, Conflict, TooLarge, UnsupportedMediaType, ValidationFailed
from personas.corpus import files, services
from personas.models import Document
from tenancy.context import tenant
from tenancy.models import Artist
from tests.corpus.made import SRT, pdf, word
from tests.corpus.scripted import Models
from tests.corpus.shelf import chunks, stored, upload, uploads, waiting, work
from tests.factories import ACTOR


def test_a_file_becomes_chunks_with_vectors_and_its_bytes_go(artist: Artist, models: Models) -> None:
    content = pdf(["She wrote it on a ferry.", "The drum was a drawer."])
    document = upload(artist, "Radio talk.pdf", content)
    assert (stored(document).state, stored(document).title, uploads(document)) == ("uploaded", "Radio talk", 1)
    work(artist)
    after = stored(document)
    assert (after.state, after.file_type, after.file_size) == ("ready", "pdf", len(content))
    assert after.file_sha256 == hashlib.sha256(content).hexdigest()
    assert [chunk.text for chunk in chunks(document)] == ["She wrote it on a ferry.\n\nThe drum was a drawer."]
    assert uploads(document) == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"Words."),
        ("a.md", b"# Words"),
        ("a.srt", SRT.encode()),
        ("A.DOCX", word("Words.")),
        ("a.pdf", pdf(["Words."])),
    ],
)
def test_each_type_is_told_by_its_content(name: str, content: bytes) -> None:
    assert files.type_of(name, content) == name.lower().split(".")[1]


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("a.pdf", b"Words, and no PDF.", UnsupportedMediaType, "named .pdf, but its content is that of a .txt"),
        ("a.txt", pdf(["Words."]), UnsupportedMediaType, "named .txt, but its content is that of a .pdf"),
        ("a.docx", b"PK\x03\x04 some other archive", UnsupportedMediaType, "something else"),
        ("a.txt", b"MZ\x00\x01\x02", UnsupportedMediaType, "something else"),
        ("a.exe", b"Words.", UnsupportedMediaType, "named .exe are not taken"),
        ("a", b"Words.", UnsupportedMediaType, "are not taken"),
        ("a.txt", b"", ValidationFailed, "empty"),
        ("a.txt", b"x" * (files.LARGEST + 1), TooLarge, "20 MB"),
    ],
    ids=["text as pdf", "pdf as text", "zip as docx", "program as text", "program", "no ending", "empty", "large"],
)
def test_what_is_not_taken_is_told_in_words_and_leaves_nothing(
    artist: Artist, name: str, content: bytes, error: type[CompanionError], words: str
) -> None:
    with pytest.raises(error) as caught:
        upload(artist, name, content)
    assert words in caught.value.detail
    with tenant(artist.id):
        assert not Document.objects.exists()
    assert waiting(artist) == []


def test_the_size_is_looked_at_before_the_file_is_read(artist: Artist) -> None:
    class Unread(SimpleUploadedFile):
        def read(self, *_: object) -> bytes:
            raise AssertionError("it was read")

    file = Unread("a.txt", b"")
    file.size = files.LARGEST + 1
    with pytest.raises(TooLarge):
        services.upload_document(artist.id, Document(kind="fact"), file, actor=ACTOR)


def test_the_same_file_twice_is_refused_by_name(artist: Artist) -> None:
    upload(artist, "a.txt", b"She wrote it.", title="The talk")
    events = len(waiting(artist))
    with pytest.raises(Conflict, match="“The talk”"):
        upload(artist, "b.txt", b"She wrote it.")
    assert len(waiting(artist)) == events
    with tenant(artist.id):
        assert Document.objects.count() == 1


def test_the_same_file_twice_at_once_becomes_one_document(artist: Artist) -> None:
    gate = threading.Barrier(4)

    def send() -> str:
        gate.wait(20)
        try:
            return upload(artist, "a.txt", b"She wrote it.").title
        except Conflict:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        sent = [threads.submit(send) for _ in range(4)]
    assert sorted(each.result() for each in sent) == ["a", "refused", "refused", "refused"]
    with tenant(artist.id):
        assert Document.objects.count() == 1
    assert len(waiting(artist)) == 1


def test_a_file_that_cannot_be_read_is_failed_and_can_be_tried_again(artist: Artist, models: Models) -> None:
    document = upload(artist, "scan.pdf", pdf([""]))
    work(artist)
    assert (stored(document).state, stored(document).failure, uploads(document)) == ("failed", "no_text", 1)
    assert chunks(document) == []
    services.try_again(artist.id, stored(document), actor=ACTOR)
    assert (stored(document).state, stored(document).failure) == ("uploaded", "")
    work(artist)
    assert stored(document).failure == "no_text"


def test_a_job_that_comes_twice_reads_once(artist: Artist, models: Models) -> None:
    document = upload(artist, "a.txt", b"She wrote it.")
    work(artist)
    before = chunks(document)[0].pk
    with tenant(artist.id):
        services.announce(services.UPLOADED, artist.id, document.pk)
    work(artist)
    assert [chunk.pk for chunk in chunks(document)] == [before]


def test_a_title_of_an_upload_can_be_changed_before_and_after_it_is_read(artist: Artist, models: Models) -> None:
    document = upload(artist, "a.txt", b"She wrote it on a ferry.")
    for title in ("Before", "After"):
        changed = stored(document)
        changed.title = title
        services.write_document(artist.id, changed, actor=ACTOR)
        work(artist)
        assert [(chunk.title, chunk.text) for chunk in chunks(document)] == [(title, "She wrote it on a ferry.")]
    assert stored(document).state == "ready"
