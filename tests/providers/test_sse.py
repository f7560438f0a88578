from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.providers.llm.sse import LONGEST_LINE, LineTooLong, SSEDecoder
from companion.providers.llm.tokens import estimate_tokens

EVENTS = st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1), max_size=6)


@given(EVENTS, st.sampled_from(["\n", "\r\n"]), st.lists(st.integers(0, 400), max_size=12), st.booleans())
def test_however_the_bytes_are_cut_the_events_are_the_same(
    events: list[str], end: str, cuts: list[int], ends_well: bool
) -> None:
    raw = "".join(f"event: token{end}: comment{end}data: {event}{end}{end}" for event in events).encode()
    if not ends_well:
        raw = raw.rstrip(b"\r\n")
    decoder = SSEDecoder()
    seen: list[bytes] = []
    places = sorted({0, len(raw), *(min(cut, len(raw)) for cut in cuts)})
    for start, stop in pairwise(places):
        seen += decoder.feed(raw[start:stop])
    seen += decoder.finish()
    assert seen == [event.encode() for event in events]


def test_the_lines_of_one_event_are_joined() -> None:
    assert SSEDecoder().feed(b"data: one\ndata:two\ndata\n\n\n\n") == [b"one\ntwo"]


def test_a_line_without_end_is_given_up() -> None:
    decoder = SSEDecoder()
    decoder.feed(b"x" * LONGEST_LINE)
    with pytest.raises(LineTooLong):
        decoder.feed(b"x")


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("word", 1), ("words", 2), ("안녕", 2)])
def test_tokens_are_estimated_from_bytes(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens
