"""The one budget of a prompt: what is first in a section goes in first, and nothing overdraws."""

from memory.recall.budget import ARCHIVE, CORPUS, MEMORIES, NOW, TALK, Budget


def budget(total: int) -> Budget:
    return Budget(total, len)


def test_a_section_ends_with_the_first_item_that_does_not_fit() -> None:
    left = budget(10)
    assert left.take(["aaaa", "bbbbbbbb", "c"], str) == ("aaaa",)
    assert left.left == 6


def test_a_share_bounds_a_section_and_its_rest_is_the_next_ones() -> None:
    left = budget(10)
    assert left.take(["aaa", "bbb"], str, share=0.5) == ("aaa",)
    assert left.take(["ccccccc", "d"], str) == ("ccccccc",)
    assert left.left == 0


def test_an_overdrawn_budget_gives_nothing() -> None:
    left = budget(-5)
    assert left.take(["a"], str) == ()
    assert left.left == 0


def test_the_shares_make_one_whole_and_talk_has_the_most() -> None:
    assert TALK + NOW + MEMORIES + CORPUS + ARCHIVE == 1
    assert max(NOW, MEMORIES, CORPUS, ARCHIVE) < TALK
