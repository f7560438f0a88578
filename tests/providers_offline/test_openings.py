"""Thirty fans begin to talk; see data/openings.json."""

import json
from pathlib import Path

import pytest

from companion.providers.emotions import emotion_of
from companion.providers.llm.base import Passage
from tests.providers_offline.tracing import trace
from tests.providers_offline.world import PASSAGES_A_TURN, Talk, aria, corpus

OPENINGS: list[list[str]] = json.loads((Path(__file__).parent / "data" / "openings.json").read_text(encoding="utf-8"))
IDS = [opening[0][:24] for opening in OPENINGS]


def held(opening: list[str], seed: str) -> Talk:
    """The whole talk; the passages of a turn are chosen without looking at the question, so many do not fit."""
    talk, passages = Talk(aria(), seed), corpus()
    for turn, message in enumerate(opening):
        talk.say(message, passages=_some(passages, turn * 7))
    return talk


def _some(passages: list[Passage], start: int) -> list[Passage]:
    return [passages[(start + step) % len(passages)] for step in range(PASSAGES_A_TURN)]


def test_there_are_thirty_openings() -> None:
    assert len(OPENINGS) == 30
    assert all(len(opening) >= 3 for opening in OPENINGS)


@pytest.mark.parametrize("opening", OPENINGS, ids=IDS)
def test_no_reply_is_given_twice_in_a_talk(opening: list[str]) -> None:
    for seed in ("a", "b", "c"):
        replies = [reply.text for reply in held(opening, seed).replies]
        assert all(replies)
        assert len(set(replies)) == len(replies)


@pytest.mark.parametrize("opening", OPENINGS, ids=IDS)
def test_every_sentence_of_a_reply_has_its_source(opening: list[str]) -> None:
    for seed in ("a", "b", "c"):
        talk = held(opening, seed)
        for message, reply, grounding in zip(opening, talk.replies, talk.grounds, strict=True):
            assert trace(reply.text, grounding) is not None, f"{message!r} was answered with {reply.text!r}"


def test_the_tracer_finds_what_was_made_up() -> None:
    grounding = held(["hi"], "a").grounds[0]
    line = grounding.persona.phrases[0]
    assert trace(line, grounding) is not None
    assert trace(f"{line} I was in Paris yesterday.", grounding) is None
    assert trace("You told me this one yourself: “my dog is called Rex”.", grounding) is None


@pytest.mark.parametrize("opening", OPENINGS, ids=IDS)
def test_the_same_seed_gives_the_same_talk_and_another_seed_another(opening: list[str]) -> None:
    first, again = (held(opening, "a").replies for _ in range(2))
    assert first == again
    others = [held(opening, seed).replies for seed in "bcdef"]
    assert any(other != first for other in others)


def test_talk_without_an_occasion_carries_the_emotion_of_the_mood() -> None:
    grounding = aria()
    assert grounding.mood is not None
    assert emotion_of(grounding.mood[0]) == "warm"
    assert Talk(grounding).say("Tell me about synths").emotion == "warm"
