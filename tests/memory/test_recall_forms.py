"""Other forms of a question's words."""

import pytest

from memory.recall.forms import with_forms


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("What did she buy?", {"bought"}),
        ("How is my dad?", {"father"}),
        ("Which pets do I have?", {"dog", "cat"}),
        ("When is my exam?", {"tuesday", "october", "tomorrow"}),
    ],
)
def test_a_question_is_looked_for_in_other_forms_too(asked: str, found: set[str]) -> None:
    text = with_forms(asked)
    assert text.startswith(asked)
    assert found <= set(text.removeprefix(asked).split())


def test_what_has_no_other_form_stays_as_it_is() -> None:
    assert with_forms("Is Biscuit asleep?") == "Is Biscuit asleep?"
