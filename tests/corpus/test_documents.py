"""Writing, changing and removing documents: what becomes of their chunks, and what is announced."""

import pytest

from companion.kernel.errors import Conflict, ValidationFailed
from companion.kernel.models import AuditNote
from companion.providers.errors import Refused
from personas.corpus import services
from personas.models import Document
from tenancy.context import tenant
from tenancy.models import Artist
from tests.corpus.scripted import Models
from tests.corpus.shelf import chunks, stored, waiting, work, write
from tests.factories import ACTOR

LONG = "\n\n".join(f"Paragraph {n}. " + "She told it at length, and laughed. " * 15 for n in range(8))


def change(artist: Artist, document: Document, **fields: object) -> Document:
    changed = stored(document)
    for name, value in fields.items():
        setattr(changed, name, value)
    services.write_document(artist.id, changed, actor=ACTOR)
    return stored(document)


def test_a_text_is_there_in_chunks_at_once_and_with_vectors_after_its_job(artist: Artist, models: Models) -> None:
    document = write(artist, "She wrote it on a ferry.", title="The ferry")
    assert [(chunk.text, chunk.title, chunk.embedding) for chunk in chunks(document)] == [
        ("She wrote it on a ferry.", "The ferry", None)
    ]
    assert stored(document).state == "embedding"
    assert work(artist) == 2  # the second finds nothing left, and the document ready
    assert models.now.asked == ["The ferry. She wrote it on a ferry."]
    assert chunks(document)[0].embedding is not None
    assert (stored(document).state, stored(document).chunk_count) == ("ready", 1)


def test_a_long_text_is_cut_where_paragraphs_end(artist: Artist, models: Models) -> None:
    document = write(artist, LONG)
    texts = [chunk.text for chunk in chunks(document)]
    assert len(texts) == stored(document).chunk_count == 8
    assert all(text.startswith("Paragraph") and text.endswith("laughed.") for text in texts)


def test_another_text_takes_the_place_of_the_chunks(artist: Artist, models: Models) -> None:
    document = write(artist, LONG)
    work(artist)
    after = change(artist, document, text="She wrote it at a piano.")
    assert [(chunk.text, chunk.embedding) for chunk in chunks(document)] == [("She wrote it at a piano.", None)]
    assert (after.state, after.chunk_count) == ("embedding", 1)


def test_another_title_is_embedded_anew_and_its_words_are_found(artist: Artist, models: Models) -> None:
    document = write(artist, "She wrote it.", title="The ferry")
    work(artist)
    change(artist, document, title="The piano")
    assert [(chunk.title, chunk.embedding) for chunk in chunks(document)] == [("The piano", None)]
    work(artist)
    assert models.now.asked[-1] == "The piano. She wrote it."


def test_what_only_says_who_hears_of_it_is_not_embedded_again(artist: Artist, models: Models) -> None:
    document = write(artist, "She wrote it on a ferry.")
    work(artist)
    after = change(artist, document, active=False, minimum_tier=2)
    assert (after.state, after.active, after.minimum_tier) == ("ready", False, 2)
    assert waiting(artist) == []


def test_a_form_that_was_open_takes_nothing_back_that_a_job_wrote(artist: Artist, models: Models) -> None:
    document = write(artist, "She wrote it on a ferry.")
    opened = stored(document)
    work(artist)
    opened.source = "a radio interview"
    services.write_document(artist.id, opened, actor=ACTOR)
    assert (stored(document).state, stored(document).source) == ("ready", "a radio interview")


def test_a_document_without_a_text_is_refused(artist: Artist) -> None:
    with pytest.raises(ValidationFailed, match="Write the text"):
        write(artist, " \n ")
    with tenant(artist.id):
        assert not Document.objects.exists()
    assert waiting(artist) == []


def test_a_document_that_goes_takes_its_chunks_along(artist: Artist, models: Models) -> None:
    document, other = write(artist, "She wrote it on a ferry."), write(artist, "At a piano.")
    services.remove_document(artist.id, stored(document), actor=ACTOR)
    assert chunks(document) == []
    assert len(chunks(other)) == 1
    assert work(artist) >= 2  # the jobs of the one that is gone find nothing to do
    assert stored(other).state == "ready"


def test_there_is_nothing_to_try_again_where_nothing_failed(artist: Artist, models: Models) -> None:
    document = write(artist, "She wrote it on a ferry.")
    notes = AuditNote.objects.using("system").count()
    with pytest.raises(Conflict):
        services.try_again(artist.id, document, actor=ACTOR)
    assert AuditNote.objects.using("system").count() == notes


def test_a_provider_that_is_away_is_told_and_tried_again(artist: Artist, models: Models) -> None:
    document = write(artist, "She wrote it on a ferry.")
    models.now.away = True
    with pytest.raises(Refused):
        work(artist)
    assert (stored(document).state, stored(document).failure) == ("embedding", "embeddings_away")
    models.now.away = False
    services.try_again(artist.id, stored(document), actor=ACTOR)
    work(artist)
    assert (stored(document).state, stored(document).failure) == ("ready", "")
