"""A fan sees, corrects and forgets; what is forgotten does not come back; what she says anew is new."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from companion.providers.embeddings.base import stored_vectors
from conversations.models import Message
from conversations.selectors import said
from memory import archiving, selectors, services
from memory.contracts import Remark
from memory.models import ArchiveLine, Memory, MemorySource, Tombstone
from memory.recall import graves
from tenancy.context import tenant
from tests.factories import FanLogin, make_artist, make_exchange, make_fan
from tests.memory.people import Words, read, tell, texts

NEVER = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def fan() -> FanLogin:
    return make_fan(make_artist())


def ask(fan: FanLogin, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    with tenant(fan.fan.artist_id):
        slug = fan.fan.artist.slug
    answer = Client().generic(
        method,
        f"/api/v1/artists/{slug}/{path}",
        "" if body is None else __import__("json").dumps(body),
        content_type="application/json",
        headers=fan.headers,
    )
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def keep(fan: FanLogin) -> list[str]:
    """Archives all the talk; answers what the archive has then."""
    lines = said(artist=fan.fan.artist_id, fan=fan.fan.id)
    vectors = stored_vectors(Words(), [line.text for line in lines])
    archiving.archive(fan.fan.artist_id, fan.fan.id, lines, vectors, Words.model, allowed=lambda _text, _consent: True)
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        return list(ArchiveLine.objects.order_by("message_id").values_list("text", flat=True))


def listed(fan: FanLogin) -> list[Any]:
    return list(ask(fan, "GET", "memories")["items"])


def test_the_list_has_each_memory_with_its_source(fan: FanLogin) -> None:
    message = tell(fan, "home: She lives in Paris")
    read(fan)
    (item,) = listed(fan)
    assert (item["kind"], item["text"], item["pinned"]) == ("fact", "She lives in Paris", False)
    (source,) = item["sources"]
    assert (source["message"], source["quote"]) == (str(message.id), message.text)


def test_a_forgotten_fact_returns_neither_from_old_talk_nor_in_other_words(fan: FanLogin) -> None:
    tell(fan, "pet.dog.name: Her dog is called Bruno")
    tell(fan, "pet.dog.name: Everybody at home loves Bruno")
    tell(fan, "drink: She likes green tea")
    assert len(keep(fan)) == 6
    read(fan)
    for item in listed(fan):
        if "Bruno" in item["text"]:
            ask(fan, "DELETE", f"memories/{item['id']}", status=204)
    read(fan, anew=True)
    assert texts(fan) == ["She likes green tea"]
    assert texts(fan, "superseded") == []
    assert not [line for line in keep(fan) if "Bruno" in line]


@pytest.mark.parametrize("meanwhile", ["forgotten", "off the record"])
def test_a_reply_that_ran_meanwhile_does_not_keep_it(fan: FanLogin, meanwhile: str) -> None:
    tell(fan, "pet.dog.name: Her dog is called Bruno")
    read(fan)
    if meanwhile == "off the record":
        ask(fan, "PATCH", "memory-settings", {"paused": True})
    _, reply = make_exchange(fan, "What is my dog called?", "Your dog is called Bruno.")
    if meanwhile == "off the record":
        ask(fan, "PATCH", "memory-settings", {"paused": False})
    else:
        ask(fan, "DELETE", f"memories/{listed(fan)[0]['id']}", status=204)
    with tenant(fan.fan.artist_id):
        Message.objects.filter(id=reply.id).update(created_at=datetime.now(UTC))
    assert reply.text not in keep(fan)


def test_what_is_said_anew_after_forgetting_is_new(fan: FanLogin) -> None:
    tell(fan, "pet.dog.name: Her dog is called Bruno")
    read(fan)
    ask(fan, "DELETE", f"memories/{listed(fan)[0]['id']}", status=204)
    tell(fan, "pet.dog.name: Her dog is called Bruno")
    assert read(fan, anew=True) == 1
    assert texts(fan) == ["Her dog is called Bruno"]


def test_after_forgetting_all_only_new_talk_is_kept(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")
    read(fan)
    keep(fan)
    ask(fan, "DELETE", "memories", status=204)
    assert (read(fan, anew=True), texts(fan), keep(fan)) == (0, [], [])
    tell(fan, "drink: She likes green tea")
    assert read(fan, anew=True) == 1
    assert len(keep(fan)) == 2


def test_a_correction_stays_and_the_old_wording_is_gone(fan: FanLogin) -> None:
    tell(fan, "pet.dog.name: Her dog is called Bruno")
    read(fan)
    keep(fan)
    (item,) = listed(fan)
    corrected = ask(fan, "PATCH", f"memories/{item['id']}", {"text": "Her dog is called Rex"})
    assert corrected["text"] == "Her dog is called Rex"
    read(fan, anew=True)
    assert texts(fan) == ["Her dog is called Rex"]
    assert not [line for line in keep(fan) if "Bruno" in line]
    assert "Bruno" not in str(listed(fan))


def test_nothing_is_kept_of_what_is_said_off_the_record(fan: FanLogin) -> None:
    assert ask(fan, "GET", "memory-settings") == {"paused": False, "special_categories": False}
    assert ask(fan, "PATCH", "memory-settings", {"paused": True})["paused"]
    tell(fan, "home: She lives in Paris")
    assert (read(fan), keep(fan)) == (0, [])
    ask(fan, "PATCH", "memory-settings", {"paused": False})
    assert (read(fan, anew=True), texts(fan), keep(fan)) == (0, [], [])
    tell(fan, "drink: She likes green tea")
    assert read(fan) == 1


def test_special_categories_are_kept_by_consent_alone(fan: FanLogin) -> None:
    tell(fan, "health: She has asthma")
    assert (read(fan), texts(fan)) == (0, [])
    ask(fan, "PATCH", "memory-settings", {"special_categories": True})
    tell(fan, "health: She has asthma")
    read(fan)
    assert texts(fan) == ["She has asthma"]
    ask(fan, "PATCH", "memory-settings", {"special_categories": False})
    assert texts(fan) == []


def test_with_consent_goes_what_was_said_of_a_special_memory_in_other_words(fan: FanLogin) -> None:
    ask(fan, "PATCH", "memory-settings", {"special_categories": True})
    tell(fan, "health: She has zorblattic attacks")
    message = tell(fan, "sleep: The zorblattic attacks woke her at night")
    tell(fan, "drink: She likes green tea")
    read(fan)
    assert len(keep(fan)) == 6
    ask(fan, "PATCH", "memory-settings", {"special_categories": False})
    assert [line for line in keep(fan) if line != "I see."] == ["drink: She likes green tea"]
    assert "zorblattic" not in str(emptied(fan, message))


def emptied(fan: FanLogin, message: Message) -> list[Remark]:
    """What the next turn sees of the message."""
    forgotten = selectors.tombstones(artist=fan.fan.artist_id, fan=fan.fan.id)
    return graves.emptied([Remark(message.id, "fan", message.text)], forgotten)


def test_what_comes_to_the_archive_late_and_means_the_forgotten_leaves_the_talk_as_well(fan: FanLogin) -> None:
    tell(fan, "pet.dog.name: Her dog is called Bruno")
    read(fan)
    late = tell(fan, "my dog is called something else at home")
    ask(fan, "DELETE", f"memories/{listed(fan)[0]['id']}", status=204)
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        services.settle(fan=fan.fan.id, until=datetime.now(UTC))
    assert emptied(fan, late)[0].text == late.text
    for _ in range(2):
        assert late.text not in keep(fan)
    assert emptied(fan, late)[0].text == ""
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        assert Tombstone.objects.get().settled_at is None


def test_a_correction_leaves_nothing_of_the_old_wording_in_what_the_memory_is_about(fan: FanLogin) -> None:
    tell(fan, "likes.sushi: She likes sushi")
    read(fan)
    ask(fan, "PATCH", f"memories/{listed(fan)[0]['id']}", {"text": "She likes noodles"})
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        assert Memory.objects.get().subject == "likes"


def test_consent_counts_from_when_it_was_given(fan: FanLogin) -> None:
    for given, words in (
        (None, "I was diagnosed with asthma"),
        (True, "I was diagnosed with diabetes"),
        (False, "I was diagnosed with epilepsy"),
        (True, "I was diagnosed with lupus"),
    ):
        if given is not None:
            ask(fan, "PATCH", "memory-settings", {"special_categories": given})
        tell(fan, f"health: {words}")
        read(fan)
    assert texts(fan) == ["I was diagnosed with lupus"]
    read(fan, anew=True)
    assert texts(fan) == ["I was diagnosed with lupus"]
    assert [line for line in archived(fan) if line != "I see."] == ["health: I was diagnosed with lupus"]


def archived(fan: FanLogin) -> list[str]:
    """What the archive has once the command has gone over all of the talk."""
    with tenant(fan.fan.artist_id):
        slug = fan.fan.artist.slug
    call_command("archive_talk", "--artist", slug, stdout=StringIO())
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        return list(ArchiveLine.objects.order_by("message_id").values_list("text", flat=True))


@pytest.mark.parametrize("text", ["She has asthma", "The password is hunter2"])
def test_a_correction_says_nothing_that_may_not_be_kept(fan: FanLogin, text: str) -> None:
    tell(fan, "drink: She likes green tea")
    read(fan)
    (item,) = listed(fan)
    assert ask(fan, "PATCH", f"memories/{item['id']}", {"text": text}, status=422)["errors"][0]["field"] == "text"
    assert texts(fan) == ["She likes green tea"]
    assert not selectors.tombstones(artist=fan.fan.artist_id, fan=fan.fan.id).graves


def test_what_consent_has_kept_goes_with_it(fan: FanLogin) -> None:
    ask(fan, "PATCH", "memory-settings", {"special_categories": True})
    tell(fan, "drink: She likes green tea")
    tell(fan, "cold: I was diagnosed with asthma")
    read(fan)
    assert len(keep(fan)) == 4
    tea = listed(fan)[-1]
    assert ask(fan, "PATCH", f"memories/{tea['id']}", {"text": "She has asthma and likes tea"})
    ask(fan, "PATCH", "memory-settings", {"special_categories": False})
    assert texts(fan) == []
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        kept = list(ArchiveLine.objects.values_list("text", flat=True))
    assert kept.count("I see.") == 2
    assert not [text for text in kept if "asthma" in text]


def test_another_fans_memory_is_not_there(fan: FanLogin) -> None:
    with tenant(fan.fan.artist_id):
        artist = fan.fan.artist
    stranger = make_fan(artist)
    tell(fan, "home: She lives in Paris")
    read(fan)
    (item,) = listed(fan)
    assert listed(stranger) == []
    for method, body in (("PATCH", {"text": "Mine"}), ("DELETE", None)):
        for key in (item["id"], NEVER, "no-id"):
            ask(stranger, method, f"memories/{key}", body, status=404)
    assert texts(fan) == ["She lives in Paris"]


def test_why_tells_what_the_reply_was_built_on_until_it_is_forgotten(fan: FanLogin) -> None:
    message = tell(fan, "home: She lives in Paris")
    read(fan)
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        memory, source = Memory.objects.get(), MemorySource.objects.get()
    used = {
        "id": str(memory.id),
        "text": memory.text,
        "source": {"message": str(message.id), "quote": source.quote, "said_at": source.said_at.isoformat()},
    }
    _, reply = make_exchange(fan, "Where do I live?", "In Paris.", memories=[used])
    (shown,) = ask(fan, "GET", f"messages/{reply.id}/why")["memories"]
    assert (shown["id"], shown["source"]["message"]) == (str(memory.id), str(message.id))
    ask(fan, "DELETE", f"memories/{memory.id}", status=204)
    assert ask(fan, "GET", f"messages/{reply.id}/why")["memories"] == []


def test_a_text_that_is_none_is_refused_and_nothing_is_written(fan: FanLogin) -> None:
    tell(fan, "home: She lives in Paris")
    read(fan)
    (item,) = listed(fan)
    for text in ("", "   ", "x" * 501):
        ask(fan, "PATCH", f"memories/{item['id']}", {"text": text}, status=422)
    assert texts(fan) == ["She lives in Paris"]
    assert not selectors.tombstones(artist=fan.fan.artist_id, fan=fan.fan.id).graves
