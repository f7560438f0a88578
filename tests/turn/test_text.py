"""What a fan may write."""

import pytest

from companion.kernel.errors import ValidationFailed
from conversations.turn.text import LONGEST, body_hash, check_client_message_id, check_text


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "two\nlines\tand a tab",
        "سلام، حالت چطوره؟ می‌خواهم",
        "안녕하세요",
        "👩‍👩‍👧‍👦 ❤️‍🔥",
        "\u200eleft\u200f right",
        "x" * LONGEST,
    ],
)
def test_ordinary_text_of_any_script_passes_unharmed(text: str) -> None:
    assert check_text(text) == text


def test_text_is_trimmed_and_line_ends_are_made_one() -> None:
    assert check_text("  a\r\nb \n") == "a\nb"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "blank"),
        (" \r\n\t ", "blank"),
        ("x" * (LONGEST + 1), "too_long"),
        ("a\x00b", "characters"),
        ("a\x1bb", "characters"),
        ("a\rb", "characters"),
        ("a\u202eb", "characters"),
        ("a\u2066b", "characters"),
        ("a\ud800b", "characters"),
        ("a\x85b", "characters"),
    ],
)
def test_other_text_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        check_text(text)
    assert [(error.field, error.code) for error in refused.value.errors] == [("text", code)]


@pytest.mark.parametrize("value", ["", "x" * 101, "a\nb", "a\x00"])
def test_an_id_that_is_no_line_of_text_is_refused(value: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        check_client_message_id(value)
    assert [error.field for error in refused.value.errors] == ["client_message_id"]


def test_a_body_is_the_same_when_its_stored_text_is() -> None:
    assert body_hash(check_text(" hi\r\nyou ")) == body_hash(check_text("hi\nyou"))
    assert body_hash("hi") != body_hash("Hi")
