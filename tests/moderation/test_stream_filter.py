"""The stream filter's promise, over phrases, texts and splits that hypothesis picks (issue 5, section 7)."""

import random

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from moderation.contracts import Action, RuleSpec, Side
from moderation.text.automaton import BadPhrase, Lexicon
from moderation.text.matcher import Matcher
from moderation.text.ruleset import Ruleset
from moderation.text.stream_filter import HOLD_BACK_CAP, StreamFilter
from tests.moderation import oracle

PHRASES = ("fist", "fist of cats", "sea cat*", "tease", "88", "bat 4 toast", "a cab", "boss*", "coast is")
ALPHABET = "abcefiostx 48.,-\n" + "АсеіѕοTS" + "@$" + "\u200b\u00ad" + "😊é"
texts = st.text(alphabet=ALPHABET, max_size=60)
# Pieces of phrases make near misses likely.
NEAR = (
    "fis",
    "t",
    "of",
    "cat",
    "cats",
    "s e a",
    "tea",
    "se",
    "8",
    " ",
    "  ",
    ". ",
    "b",
    "a",
    "\u200b",
    "fist",
    "x",
    "4",
    "boss",
)
near_misses = st.lists(st.sampled_from(NEAR), max_size=25).map("".join)
seeds = st.integers(min_value=0, max_value=2**32)


def ruleset(phrases: tuple[str, ...] = PHRASES, action: Action = Action.BLOCK) -> Ruleset:
    return Ruleset(RuleSpec(f"rule-{n}", phrase, action) for n, phrase in enumerate(phrases))


RULES = ruleset()


def stream(text: str, seed: int, rules: Ruleset = RULES) -> tuple[str, StreamFilter]:
    """What leaves of a text that arrives in random tokens."""
    reply = rules.stream_filter()
    shown = "".join([reply.feed(token) for token in oracle.split(text, random.Random(seed))])
    return shown + reply.finish(), reply


@settings(max_examples=500, deadline=None)
@given(text=st.one_of(texts, near_misses), seed=seeds)
def test_an_artists_rules_over_everyones_hit_as_if_compiled_together(text: str, seed: int) -> None:
    shared, own = RULES.rules[::2], (*RULES.rules[1::2], RuleSpec("again", "fist", Action.HOLD))
    layered, together = Ruleset(own, over=Ruleset(shared)), Ruleset([*shared, *own])
    assert layered.check_input(text) == together.check_input(text)
    (shown, one), (wanted, other) = stream(text, seed, layered), stream(text, seed, together)
    assert (shown, one.hit) == (wanted, other.hit)


@settings(max_examples=1500, deadline=None)
@given(before=texts, after=texts, phrase=st.sampled_from(PHRASES), seed=seeds)
def test_no_part_of_a_disguised_phrase_leaves(before: str, after: str, phrase: str, seed: int) -> None:
    before += " "
    disguised = oracle.obfuscate(phrase, random.Random(seed))
    text = f"{before}{disguised} {after}"
    shown, reply = stream(text, seed)
    assert reply.hit is not None, repr(disguised)
    assert reply.hit.action is Action.BLOCK
    assert before.startswith(shown), "something of the phrase, or of what follows it, has left"


@settings(max_examples=1500, deadline=None)
@given(text=texts | near_misses, seed=seeds)
def test_a_text_is_stopped_exactly_when_the_oracle_finds_a_phrase_in_it(text: str, seed: int) -> None:
    shown, reply = stream(text, seed)
    if oracle.contains(text, PHRASES):
        assert reply.hit is not None
        assert not oracle.contains(shown, PHRASES)
    else:
        assert reply.hit is None
        assert shown == text


@settings(max_examples=1000, deadline=None)
@given(text=texts | near_misses, seed=seeds)
def test_the_input_check_and_the_stream_filter_agree(text: str, seed: int) -> None:
    _, reply = stream(text, seed)
    assert RULES.check_input(text).allowed is (reply.hit is None)


words = st.text(alphabet="abcdeghilostuxyz07", min_size=2, max_size=8)


@settings(max_examples=500, deadline=None)
@given(
    phrases=st.lists(st.lists(words, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=8),
    before=texts,
    after=texts,
    seed=seeds,
)
def test_whatever_the_phrases_are_no_part_of_one_leaves(phrases: list[str], before: str, after: str, seed: int) -> None:
    before += " "
    text = before + oracle.obfuscate(phrases[0], random.Random(seed)) + " " + after
    shown, reply = stream(text, seed, ruleset(tuple(phrases)))
    assert reply.hit is not None
    assert before.startswith(shown)


@settings(max_examples=1000, deadline=None)
@given(
    phrase=st.text(st.characters(categories=["L", "M", "Nd", "Zs"]), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda phrase: phrase[:1].isalnum()),
    before=texts,
    seed=seeds,
)
def test_a_phrase_in_any_script_matches_itself(phrase: str, before: str, seed: int) -> None:
    before += " "
    try:
        rules = ruleset((phrase,))
    except BadPhrase:  # invisible letters, such as the Hangul filler, are no phrase
        reject()
    shown, reply = stream(before + phrase + ".", seed, rules)
    assert reply.hit is not None, ascii(phrase)
    assert before.startswith(shown)


ENDS = oracle.completions(PHRASES)


@settings(max_examples=400, deadline=None)
@given(text=st.text(alphabet="abcefiostx 8.", max_size=40) | near_misses.map(oracle.visible), seed=seeds)
def test_text_is_held_no_longer_than_it_may_still_become_a_phrase(text: str, seed: int) -> None:
    text = text.replace("é", "e")
    reply = RULES.stream_filter()
    shown, read = "", ""
    for token in oracle.split(text, random.Random(seed)):
        read += token
        shown += reply.feed(token)
        if reply.hit is not None:
            return
        assert read.startswith(shown)
        may_become = any(oracle.starts_at(read + end, PHRASES, len(shown)) for end in ENDS)
        assert shown == read or may_become, read[len(shown) :]


def test_a_prefix_that_outgrows_the_hold_back_cap_is_a_block_hit() -> None:
    reply = ruleset(("fist of cats",), Action.DEFLECT).stream_filter()
    assert reply.feed("my fist") == "my "
    shown = "".join(reply.feed(" ") for _ in range(HOLD_BACK_CAP))
    assert shown == ""
    assert reply.hit is not None
    assert (reply.hit.action, reply.hit.source) == (Action.BLOCK, "hold_cap")


def test_one_character_below_the_cap_the_text_still_leaves_unchanged() -> None:
    text = "fist" + " " * (HOLD_BACK_CAP - 5) + "x"
    reply = ruleset(("fist of cats",)).stream_filter()
    assert "".join([reply.feed(c) for c in text]) + reply.finish() == text
    assert reply.hit is None


def test_nothing_leaves_after_a_hit() -> None:
    reply = RULES.stream_filter()
    assert reply.feed("well, fist. And then") == ""
    assert reply.feed(" more") == ""
    assert reply.finish() == ""
    assert reply.hit is not None
    assert reply.hit.rule_ids == ("rule-0",)


def test_a_phrase_at_the_very_end_is_caught_by_finish() -> None:
    reply = RULES.stream_filter()
    assert reply.feed("look at my fist") == "look at my "
    assert reply.hit is None
    assert reply.finish() == ""
    assert reply.hit is not None


def test_the_hit_carries_the_rules_action_and_category() -> None:
    rules = Ruleset([RuleSpec("r", "fist", Action.HOLD, Side.OUTPUT, "violence")])
    reply = rules.stream_filter()
    reply.feed("a fist!")
    assert reply.hit is not None
    assert (reply.hit.action, reply.hit.categories, reply.hit.rule_ids) == (Action.HOLD, ("violence",), ("r",))


def test_a_rule_for_the_other_side_does_not_stop_a_reply() -> None:
    rules = Ruleset([RuleSpec("r", "fist", Action.BLOCK, Side.INPUT)])
    shown, reply = stream("a fist!", 1, rules)
    assert (shown, reply.hit) == ("a fist!", None)
    assert rules.check_input("a fist!").action is Action.BLOCK


def test_a_new_rule_also_stops_text_that_is_held_back() -> None:
    reply = ruleset(("sea cat*",)).stream_filter()
    assert reply.feed("the sea") == "the "
    reply.use(ruleset(("sea",)).output)
    assert reply.feed(" air") == ""
    assert reply.hit is not None


def test_a_new_rule_stops_a_phrase_that_had_begun_to_leave() -> None:
    reply = ruleset(("tease",)).stream_filter()
    assert reply.feed("one fi") == "one fi"
    reply.use(ruleset(("fist",)).output)
    assert reply.feed("st more") == ""
    assert reply.hit is not None


def test_a_removed_rule_lets_held_text_go() -> None:
    reply = ruleset(("fist of cats",)).stream_filter()
    assert reply.feed("fist of") == ""
    reply.use(ruleset(("tease",)).output)
    assert reply.feed(" ca") == "fist of ca"
    assert reply.hit is None


@settings(max_examples=500, deadline=None)
@given(text=texts | near_misses, seed=seeds, cut=st.integers(min_value=0, max_value=60))
def test_rules_that_change_in_mid_reply_stop_what_they_would_have_stopped(text: str, seed: int, cut: int) -> None:
    expected, reply = stream(text, seed)
    changed = ruleset(("fist bump",)).stream_filter()
    shown = changed.feed(text[:cut])
    changed.use(RULES.output)
    shown += changed.feed(text[cut:]) + changed.finish()
    assert (changed.hit is None) is (reply.hit is None)
    assert reply.hit is not None or shown == expected == text


def test_an_error_inside_the_filter_is_a_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    reply = RULES.stream_filter()
    monkeypatch.setattr(Matcher, "feed", broken)
    assert reply.feed("harmless") == ""
    assert reply.hit is not None
    assert (reply.hit.action, reply.hit.source) == (Action.BLOCK, "filter_error")
    assert reply.feed("still harmless") == ""
    assert RULES.check_input("harmless").action is Action.BLOCK


def test_no_rules_hold_nothing_back() -> None:
    reply = StreamFilter(Lexicon([]))
    assert reply.feed("fist of cats") == "fist of cats"
    assert reply.held == 0
