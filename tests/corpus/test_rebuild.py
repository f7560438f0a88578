"""Embedding anew: the old index answers until the new one is whole, and nothing that changes meanwhile is lost."""

import pytest

from companion.kernel.errors import Conflict
from personas.corpus import indexes, ingest, services, tasks
from personas.models import Chunk
from tenancy.context import tenant
from tenancy.models import Artist
from tests.corpus.scripted import Models, ScriptedEmbedder
from tests.corpus.shelf import chunks, stored, waiting, work, write
from tests.corpus.shelf import indexes as models_by_state
from tests.factories import ACTOR, make_artist

OTHER = "scripted-2"


@pytest.fixture(autouse=True)
def _one_chunk_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "SLICE", 1)


def begin(artist: Artist, models: Models) -> None:
    models.change(ScriptedEmbedder(OTHER))
    indexes.begin_rebuild(artist.id, actor=ACTOR)


def test_the_old_index_serves_until_the_new_one_is_whole(artist: Artist, models: Models) -> None:
    documents = [write(artist, f"She wrote it on ferry {n}.") for n in range(3)]
    work(artist)
    begin(artist, models)
    for built in (1, 2, 3):
        assert tasks.rebuild(str(artist.id))
        assert models_by_state(artist.id) == {"serving": "scripted-1", "building": OTHER}
        assert sum(len(chunks(document, state="building")) for document in documents) == built
    assert not tasks.rebuild(str(artist.id))
    assert models_by_state(artist.id) == {"serving": OTHER, "empty": ""}
    assert [len(chunks(document)) for document in documents] == [1, 1, 1]
    assert [len(chunks(document, state="empty")) for document in documents] == [0, 0, 0]


def test_a_third_time_reuses_the_index_that_is_empty(artist: Artist, models: Models) -> None:
    document = write(artist, "She wrote it on a ferry.")
    work(artist)
    for model in (OTHER, "scripted-3"):
        models.change(ScriptedEmbedder(model))
        indexes.begin_rebuild(artist.id, actor=ACTOR)
        work(artist)
        assert models_by_state(artist.id) == {"serving": model, "empty": ""}
    assert len(chunks(document)) == 1


def test_what_is_written_changed_and_removed_meanwhile_is_right_in_the_new_index(
    artist: Artist, models: Models
) -> None:
    kept, changed, gone = (write(artist, f"She wrote it on ferry {n}.", title=f"{n}") for n in range(3))
    work(artist)
    begin(artist, models)
    for _ in range(3):
        tasks.rebuild(str(artist.id))
    newer = stored(changed)
    newer.text = "At a piano."
    services.write_document(artist.id, newer, actor=ACTOR)
    services.remove_document(artist.id, stored(gone), actor=ACTOR)
    added = write(artist, "In a garden.", title="3")
    work(artist)
    assert models_by_state(artist.id)["serving"] == OTHER
    assert [[chunk.text for chunk in chunks(each)] for each in (kept, changed, gone, added)] == [
        ["She wrote it on ferry 0."],
        ["At a piano."],
        [],
        ["In a garden."],
    ]
    with tenant(artist.id):
        assert not Chunk.objects.filter(embedding=None).exists()


def test_a_copy_that_was_embedded_of_an_older_text_is_not_taken(artist: Artist, models: Models) -> None:
    document = write(artist, "She wrote it on a ferry.")
    work(artist)
    begin(artist, models)
    with tenant(artist.id):
        serving, building = indexes.live()
        old = indexes.missing(serving, building, 9)
    newer = stored(document)
    newer.text = "At a piano."
    services.write_document(artist.id, newer, actor=ACTOR)
    indexes.add_embedded(artist.id, building.pk, [(chunk, [0.1] * 1024) for chunk in old])
    assert chunks(document, state="building") == []


def test_while_one_is_built_another_is_not_begun(artist: Artist, models: Models) -> None:
    write(artist, "She wrote it on a ferry.")
    work(artist)
    begin(artist, models)
    events = len(waiting(artist))
    with pytest.raises(Conflict, match="already"):
        indexes.begin_rebuild(artist.id, actor=ACTOR)
    assert len(waiting(artist)) == events
    assert models_by_state(artist.id)["serving"] == "scripted-1"


def test_a_model_that_is_out_of_reach_has_the_corpus_embedded_anew_by_itself(artist: Artist, models: Models) -> None:
    old = write(artist, "She wrote it on a ferry.")
    work(artist)
    models.change(ScriptedEmbedder(OTHER), forget=True)
    new = write(artist, "At a piano.")
    work(artist)
    assert models_by_state(artist.id)["serving"] == OTHER
    assert [stored(each).state for each in (old, new)] == ["ready", "ready"]
    assert all(chunk.embedding is not None for chunk in (*chunks(old), *chunks(new)))


def test_settings_that_change_once_more_begin_once_more(artist: Artist, models: Models) -> None:
    write(artist, "She wrote it on a ferry.")
    write(artist, "At a piano.")
    work(artist)
    begin(artist, models)
    tasks.rebuild(str(artist.id))
    models.change(ScriptedEmbedder("scripted-3"), forget=True)
    work(artist)
    assert models_by_state(artist.id)["serving"] == "scripted-3"


def test_an_index_of_another_artist_is_not_emptied(artist: Artist, models: Models) -> None:
    stranger = make_artist()
    document = write(stranger, "She wrote it on a ferry.")
    with tenant(stranger.id):
        theirs = indexes.live()[0]
    with tenant(artist.id):
        indexes._truncate(theirs.pk)
    assert len(chunks(document)) == 1
