"""What a fan put right in words of her own is told to her as hers."""

import pytest

from memory.recall.addressing import addressed


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("My dog is called Waffle.", "your dog is called Waffle"),
        ("I’m moving to Leeds", "you're moving to Leeds"),
        ("Actually, I was born in Rome", "Actually, you were born in Rome"),
        ("My sister and I live in Porto", "your sister and you live in Porto"),
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
        "In May it rains",
    ],
)
def test_what_speaks_to_her_or_is_another_language_stays(kept: str) -> None:
    assert addressed(kept) == kept
