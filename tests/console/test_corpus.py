"""The console's pages of the corpus: upload, standing, chunks, embedding anew, and the question box."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from personas.corpus import files, indexes, tasks
from personas.models import Document
from tests.console.teams import Team, entries
from tests.corpus.made import pdf
from tests.corpus.scripted import Models, ScriptedEmbedder, install
from tests.corpus.shelf import stored, waiting, work, write

LIST = "admin:personas_document_changelist"
UPLOAD, REBUILD = "admin:personas_document_upload", "admin:personas_document_rebuild"
STANDING, ASK = "admin:personas_document_standing", "admin:corpus_ask"
FIELDS = {"kind": "interview", "title": "", "language": "en", "minimum_tier": "0", "active": "on"}


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch, team: Team) -> Models:
    scripted = install(monkeypatch)
    work(team.artist)
    return scripted


def sent(team: Team, name: str, content: bytes, role: str = "editor", **fields: str) -> Any:
    form = FIELDS | {"console_artist": str(team.artist.id)} | fields
    return team.client(role).post(reverse(UPLOAD), form | {"file": SimpleUploadedFile(name, content)})


def documents(team: Team) -> list[str]:
    titles: list[str] = team.read(lambda: list(Document.objects.values_list("title", flat=True)))
    return titles


def page_of(team: Team, name: str, role: str = "viewer", **query: str) -> str:
    return str(team.client(role).get(reverse(name), query).content.decode())


def test_a_file_is_taken_in_and_its_page_shows_the_chunks(team: Team, models: Models) -> None:
    before = len(entries(team))
    answer = sent(team, "Radio talk.pdf", pdf(["She wrote it on a ferry."]), licence_note="from the label")
    assert answer.status_code == 302
    assert [entry.action for entry in entries(team)[before:]] == ["document.created"]
    page = team.client("viewer").get(answer["Location"]).content.decode()
    assert "It is read now" in page
    work(team.artist)
    page = team.client("viewer").get(answer["Location"]).content.decode()
    assert "She wrote it on a ferry." in page
    assert "from the label" in page


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("a.pdf", b"No PDF.", 415, "its content is that of a .txt"),
        ("a.exe", b"Words.", 415, "are not taken"),
        ("a.txt", b"x" * (files.LARGEST + 1), 413, "20 MB"),
        ("a.txt", b"", 422, "empty"),
    ],
    ids=["415 content", "415 name", "413", "422"],
)
def test_a_file_that_is_not_taken_is_told_on_the_page(
    team: Team, models: Models, name: str, content: bytes, status: int, words: str
) -> None:
    before = len(entries(team))
    answer = sent(team, name, content, title="Kept as typed")
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "Kept as typed" in page
    assert documents(team) == ["A title"]
    assert len(entries(team)) == before


def test_whoever_may_not_edit_can_neither_upload_nor_embed_anew(team: Team, models: Models) -> None:
    for role in ("viewer", "moderator"):
        assert team.client(role).get(reverse(UPLOAD)).status_code == 403
        assert sent(team, "a.txt", b"Words.", role).status_code == 403
        mine = {"console_artist": str(team.artist.id)}
        assert team.client(role).post(reverse(REBUILD), mine).status_code == 403
    assert documents(team) == ["A title"]
    assert waiting(team.artist) == []
    page = page_of(team, LIST)
    assert reverse(UPLOAD) not in page
    assert reverse(ASK) in page


def test_a_form_that_was_opened_for_another_artist_changes_nothing(
    team: Team, other_team: Team, models: Models
) -> None:
    theirs = str(other_team.artist.id)
    assert sent(team, "a.txt", b"Words.", console_artist=theirs)["Location"] == reverse("admin:index")
    answer = team.client("editor").post(reverse(REBUILD), {"console_artist": theirs})
    assert answer["Location"] == reverse("admin:index")
    assert documents(team) == ["A title"]
    assert waiting(team.artist) == []


def test_a_file_that_failed_says_why_and_can_be_tried_again(team: Team, models: Models) -> None:
    address = sent(team, "scan.pdf", pdf([""]))["Location"]
    work(team.artist)
    key = address.split("/")[-3]
    page = team.client("editor").get(address).content.decode()
    retry = reverse("admin:personas_document_retry", args=[key])
    assert "If its pages are pictures of text" in page
    assert retry in page
    assert "Try again with the same file?" in team.client("editor").get(retry).content.decode()
    assert team.client("viewer").get(retry).status_code == 403
    assert team.client("editor").post(retry, {}).status_code == 302
    document = team.read(lambda: Document.objects.get(pk=key))
    assert (document.state, document.failure) == ("uploaded", "")


def test_chunks_are_shown_a_page_at_a_time(team: Team, models: Models) -> None:
    paragraphs = (f"Paragraph {n}. " + "She told it at length, and laughed. " * 15 for n in range(12))
    document = write(team.artist, "\n\n".join(paragraphs))
    address = reverse("admin:personas_document_change", args=[document.pk])
    first = team.client("viewer").get(address, {"chunks": "1"}).context["chunks"]
    second = team.client("viewer").get(address, {"chunks": "2"}).context["chunks"]
    assert [chunk.ordinal for chunk in (*first, *second)] == list(range(12))
    assert len(list(first)) == 10


def test_the_standing_moves_while_something_is_taken_in(team: Team, models: Models) -> None:
    assert "all embedded with scripted-1" in page_of(team, STANDING)
    document = write(team.artist, "She wrote it on a ferry.")
    page = page_of(team, STANDING)
    assert "1 document in work, 1 of 2 chunks embedded" in page
    assert "hx-trigger" in page
    assert "embedding, 0 %" in page_of(team, LIST)
    work(team.artist)
    assert stored(document).state == "ready"
    assert "hx-trigger" not in page_of(team, STANDING)


def test_embedding_anew_is_begun_once_told_and_audited(team: Team, models: Models) -> None:
    before = len(entries(team))
    models.change(ScriptedEmbedder("scripted-2"))
    mine = {"console_artist": str(team.artist.id)}
    client = team.client("editor")
    assert client.post(reverse(REBUILD), mine, follow=True).context["standing"].built == 0
    assert "embedded anew already" in client.post(reverse(REBUILD), mine, follow=True).content.decode()
    page = page_of(team, STANDING)
    assert "0 of 1 chunks" in page
    assert "scripted-1 still answers" in page
    work(team.artist)
    assert "all embedded with scripted-2" in page_of(team, STANDING)
    assert [entry.action for entry in entries(team)[before:]] == ["corpusindex.begun", "corpusindex.switched"]


def test_embedding_anew_is_asked_for_by_post_alone(team: Team, models: Models) -> None:
    assert team.client("editor").get(reverse(REBUILD)).status_code == 405
    assert waiting(team.artist) == []


def test_another_model_in_the_settings_is_told(team: Team, models: Models) -> None:
    models.change(ScriptedEmbedder("scripted-2"))
    page = page_of(team, STANDING)
    assert "Another model is configured" in page
    indexes.begin_rebuild(team.artist.id, actor="command:test")
    tasks.rebuild(str(team.artist.id))
    work(team.artist)
    assert "Another model" not in page_of(team, STANDING)


def test_a_question_is_answered_with_scores_and_reasons(team: Team, other_team: Team, models: Models) -> None:
    write(team.artist, "The first drum was a kitchen drawer.", title="Drum")
    write(team.artist, "A drum for nobody.", title="Off", active=False)
    write(other_team.artist, "Their drum.", title="Foreign")
    work(team.artist)
    page = page_of(team, ASK, q="a drum in the kitchen")
    assert "The first drum was a kitchen drawer." in page
    assert "in the prompt" in page
    assert "left out: not active" in page
    assert "kitchen, drum" in page
    assert "Foreign" not in page
    assert "Their drum" not in page


def test_what_has_no_room_in_the_prompt_is_told(team: Team, models: Models) -> None:
    for n in range(6):
        write(team.artist, f"Drum {n}. " + "She told it at length, and laughed. " * 20, title=f"Drum {n}")
    work(team.artist)
    page = page_of(team, ASK, q="drum")
    assert "in the prompt" in page
    assert "no room in the prompt" in page


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "drum", "tier": "none"}, {"q": "x" * 900}])
def test_the_box_takes_whatever_is_typed(team: Team, models: Models, query: dict[str, str]) -> None:
    assert team.client("viewer").get(reverse(ASK), query).status_code == 200


def test_the_box_is_for_those_who_may_read_the_persona(team: Team) -> None:
    assert all(team.client(role).get(reverse(ASK)).status_code == 200 for role in team.members)


@pytest.mark.parametrize("query", ["state__exact=%00", "q=%00"])
def test_nul_in_a_lists_address_is_refused(team: Team, query: str) -> None:
    assert team.client("viewer").get(f"{reverse(LIST)}?{query}").status_code == 400
