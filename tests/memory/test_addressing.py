"""What a fan put right in words of her own is told to her as hers."""

import pytest

from memory.recall.addressing import addressed


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("My dog is called Waffle.", "your dog is called Waffle"),
        ("I’m moving to Leeds", "you're moving to Leeds"),
        ("i've moved, and i am happy", "you've moved, and you are happy"),
        ("I wasn't in Leeds", "you weren't in Leeds"),
        ("No, actually I was born in Rome", "you were born in Rome"),
        ("My sister and I live in Porto", "your sister and you live in Porto"),
        ("We are in the US now, my mum and me", "you are in the US now, your mum and you"),
        ("My favourite song is “My Way”", "your favourite song is “My Way”"),
        ("My shop is at 3 My Street", "your shop is at 3 My Street"),
        ("My brother calls his cat Mine", "your brother calls his cat Mine"),
        ("I think my I.D. is lost", "you think your I.D. is lost"),
    ],
)
def test_what_she_says_of_herself_is_turned(kept: str, told: str) -> None:
    assert addressed(kept) == told


@pytest.mark.parametrize(
    "kept",
    [
        "your dog is called Pip",
        "you like “I Will Survive”",
        "I told you that my exam is on Monday",
        "Mi perro se llama Nube",
        "I miei genitori vivono a Roma",
        "I, Claudius is her favourite book",
        "In May it rains",
        "Biscuit",
        "",
    ],
)
def test_what_speaks_to_her_or_is_another_language_stays(kept: str) -> None:
    assert addressed(kept) == kept
