"""Special categories and secrets."""

import pytest

from memory.extraction.policy import category_of, may_keep, rule_for


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("my card is 4111 1111 1111 1111", "card_number"),
        ("my card is 4111 1111 1111 1112", ""),
        ("my IBAN is GB82 WEST 1234 5698 7654 32", "card_number"),
        ("my password is hunter2", "password"),
        ("my passport number is C01X00T47", "identity_number"),
        ("I was diagnosed with diabetes", "health"),
        ("my operation is on Monday", "health"),
        ("I'm bisexual", "sexuality"),
        ("you came out to your parents", "sexuality"),
        ("I'm a Muslim", "religion"),
        ("your dog is called Pip", ""),
        ("I live in Church Street", ""),
    ],
)
def test_a_category_is_recognised(text: str, category: str) -> None:
    assert category_of(text) == category


def test_secrets_are_never_kept_and_special_categories_with_consent_only() -> None:
    assert (rule_for(""), rule_for("health"), rule_for("card_number")) == ("store", "consent", "never")
    assert not may_keep("password", consent=True)
    assert may_keep("health", consent=True)
    assert not may_keep("health", consent=False)
    assert may_keep("", consent=False)
    assert not may_keep("of_tomorrow", consent=False)
