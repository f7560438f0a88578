"""Which memories a reply speaks of: what the fan is told about, so better none than a wrong one."""

from datetime import UTC, datetime

import pytest

from companion.kernel.ids import new_id
from memory.contracts import RecalledMemory
from memory.recall.drawn import drawn_on, retells


def memory(text: str) -> RecalledMemory:
    return RecalledMemory(new_id(), "fact", text, new_id(), text, datetime(2026, 11, 20, tzinfo=UTC), 0.9)


DOG = memory("Your dog is called Bruno.")
EXAM = memory("Your chemistry exam is on Monday 30 November.")
TEA = memory("You like tea.")
PARIS = memory("You live in Paris with your sister.")


@pytest.mark.parametrize(
    ("reply", "spoken_of"),
    [
        ("How is Bruno today?", (DOG,)),
        ("Did the chemistry exam go well?", (EXAM,)),
        ("Put the kettle on, it is time for tea.", (TEA,)),
        ("Tell Bruno that the chemistry exam is over.", (DOG, EXAM)),
        ("I play live on Saturday.", ()),  # one word in common is chance
        ("Start with the quiet one.", ()),
        ("", ()),
    ],
)
def test_a_name_or_some_words_of_it_stand_in_the_reply(reply: str, spoken_of: tuple[RecalledMemory, ...]) -> None:
    assert drawn_on(reply, (DOG, EXAM, TEA, PARIS)) == spoken_of


def test_what_the_fan_has_just_said_and_the_names_of_both_are_no_memory() -> None:
    name = memory("You are called Robin.")
    known = ("Bruno ate my chemistry notes", "Robin", "Aria")
    assert drawn_on("Oh no, Bruno! Not the chemistry notes, Robin.", (DOG, EXAM, name), known=known) == ()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("I wrote that song on a ferry, in the rain.", True),
        ("On a ferry, in the rain!", True),
        ("Hey you. How was the day?", False),
        ("I love the rain, and my kitchen, and long walks, and nothing else today.", False),
        ("", False),
    ],
)
def test_a_reply_retells_a_passage_when_much_of_it_stands_there(reply: str, told: bool) -> None:
    assert retells(reply, "The bridge came first. I wrote the song on a ferry, in the rain, without a pen.") is told
