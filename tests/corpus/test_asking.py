"""The "ask" box: the turn's own search, with the reason why something is left out."""

from datetime import UTC, datetime, timedelta

from personas.corpus import asking
from personas.corpus.asking import Answer
from personas.corpus.retrieval import PASSAGES
from tenancy.context import tenant
from tenancy.models import Artist
from tests.corpus.scripted import Models
from tests.corpus.shelf import work, write

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)


def ask(artist: Artist, question: str, tier: int = 0) -> Answer:
    with tenant(artist.id):
        return asking.ask(artist.id, question, tier=tier, at=NOW)


def told(answer: Answer) -> list[tuple[str, str]]:
    return [(found.title, found.left_out) for found in answer.found]


def test_it_tells_what_a_turn_gets_with_the_score_of_each_leg(artist: Artist, models: Models) -> None:
    write(artist, "The first drum was a kitchen drawer.", title="Drum")
    write(artist, "She wrote it on a ferry.", title="Ferry")
    work(artist)
    answer = ask(artist, "a drum in the kitchen")
    assert told(answer) == [("Drum", ""), ("Ferry", "")]
    drum, ferry = answer.found
    assert drum.terms == ("drum", "kitchen")
    assert drum.words > ferry.words == 0
    assert drum.cosine is not None
    assert ferry.cosine is not None
    assert drum.cosine > ferry.cosine
    assert (drum.score, ferry.score) == (1.0, 0.0)
    assert answer.by_meaning


def test_it_tells_why_a_document_is_left_out(artist: Artist, models: Models) -> None:
    write(artist, "An open drum.", title="Open")
    write(artist, "A drum that is off.", title="Off", active=False)
    write(artist, "A drum of tomorrow.", title="Tomorrow", embargo_until=NOW + timedelta(days=1))
    write(artist, "A drum for few.", title="Few", minimum_tier=1)
    work(artist)
    reasons = dict(told(ask(artist, "drum")))
    assert reasons == {"Open": "", "Off": "inactive", "Tomorrow": "embargo", "Few": "tier"}
    assert dict(told(ask(artist, "drum", tier=1)))["Few"] == ""


def test_it_tells_what_came_near_and_was_not_among_the_best(artist: Artist, models: Models) -> None:
    for n in range(PASSAGES + 2):
        write(artist, f"Drum number {n}.", title=f"{n}")
    work(artist)
    reasons = [reason for _, reason in told(ask(artist, "drum"))]
    assert reasons == [""] * PASSAGES + ["worse"] * 2


def test_it_says_that_words_alone_were_asked(artist: Artist, models: Models) -> None:
    write(artist, "The first drum was a kitchen drawer.", title="Drum")
    work(artist)
    models.now.away = True
    answer = ask(artist, "kitchen")
    assert (told(answer), answer.by_meaning, answer.found[0].cosine) == ([("Drum", "")], False, None)


def test_nothing_is_found_where_there_is_nothing(artist: Artist, models: Models) -> None:
    assert ask(artist, "drum") == Answer((), by_meaning=False)
