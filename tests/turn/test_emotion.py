"""Emotion tags are lifted out of a stream however it was split, and a fan cannot type one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.providers.emotions import EMOTIONS
from conversations.turn.emotion import EmotionTags, disarm

PIECES = st.sampled_from(
    [
        *(f"[{emotion}]" for emotion in EMOTIONS),
        "[WARM]",
        "[",
        "]",
        "[wa",
        "[sad",
        "rm]",
        " ",
        "a",
        "[angry]",
        "oh [",
        "é",
    ]
)


def lifted(*pieces: str) -> tuple[str, str | None]:
    tags = EmotionTags()
    plain = "".join(tags.feed(piece) for piece in pieces) + tags.finish()
    return plain, tags.emotion


@pytest.mark.parametrize(
    ("pieces", "plain", "emotion"),
    [
        (["[warm] Hello there."], "Hello there.", "warm"),
        (["[wa", "rm", "]", " Hello", " there."], "Hello there.", "warm"),
        (["[Warm]Hello."], "Hello.", "warm"),
        (["Hello. [sad] Bye."], "Hello. Bye.", "sad"),
        (["Hello. [sad]", " Bye."], "Hello. Bye.", "sad"),
        (["Hello.[sad] Bye."], "Hello. Bye.", "sad"),
        (["[warm] Hello. [happy] Yes! [sad] No."], "Hello. Yes! No.", "sad"),
        (["Hello. [sad"], "Hello. ", "sad"),
        (["Hello. [sa"], "Hello. [sa", None),
        (["[angry] Hello."], "[angry] Hello.", None),
        (["An array[", "0] and [warm", "er] words"], "An array[0] and [warmer] words", None),
        (["[[warm]]"], "[]", "warm"),
        ([], "", None),
    ],
)
def test_a_tag_is_lifted_out(pieces: list[str], plain: str, emotion: str | None) -> None:
    assert lifted(*pieces) == (plain, emotion)


@given(st.lists(PIECES, max_size=12), st.data())
def test_how_a_text_is_split_changes_nothing(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    split = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert lifted(*split) == lifted(text)


@given(st.lists(PIECES, max_size=12))
def test_no_whole_tag_of_the_text_is_left(pieces: list[str]) -> None:
    text = "".join(pieces)
    tags = EmotionTags()
    plain = tags.feed(text) + tags.finish()
    assert len(plain) <= len(text)
    assert (tags.emotion is None) == (plain == text)


def test_text_that_cannot_become_a_tag_is_not_held_back() -> None:
    tags = EmotionTags()
    assert tags.feed("Plain words") == "Plain words"
    assert tags.feed(" and [") == " and "
    assert tags.feed("x") == "[x"


def test_a_tag_typed_by_a_fan_becomes_words() -> None:
    assert disarm(["say [sad] please", "[SAD]", "[angry]", "plain"]) == [
        "say (sad) please",
        "(SAD)",
        "[angry]",
        "plain",
    ]
