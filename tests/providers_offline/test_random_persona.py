"""No reply text is in code: personas made of random words say nothing but their own lines."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from companion.providers.llm.base import Grounding, Passage, PersonaLines, ScheduleItem, Topic
from tests.providers_offline.test_openings import OPENINGS
from tests.providers_offline.tracing import trace
from tests.providers_offline.world import NOW, Talk, ask

_SYLLABLES = ("vo", "zu", "gri", "pla", "mek", "dox", "fi", "wub", "quo", "hru", "nal", "jip")
_MESSAGES = [message for opening in OPENINGS for message in opening]


def random_grounding(seed: int) -> Grounding:
    random = Random(seed)
    names = ("romance", "thanks", "comfort", "whereabouts", "schedule", "jokes", "private addresses", "lyrics")
    persona = PersonaLines(
        name=_words(random, 1),
        greetings=_lines(random),
        farewells=_lines(random),
        phrases=_lines(random, 6),
        topics=tuple(Topic(random.choice((_words(random, 1), *names)), _lines(random)) for _ in range(6)),
        pet_peeves=(Topic("cats", _lines(random)),),
        boundaries=(Topic("romance", _lines(random)), Topic(_words(random, 1), _lines(random))),
        honesty=_lines(random),
        unknown=_lines(random),
        memory_recall=tuple(f"{line} {{fact}} {_words(random, 1)}" for line in _lines(random)),
        memory_empty=_lines(random),
        questions=_lines(random),
        moods={"wubby": _lines(random)},
        fallbacks=_lines(random),
    )
    passages = [Passage(str(n), "topic", random.choice(("songs", "cats")), _words(random, 30)) for n in range(4)]
    shows = [ScheduleItem(_words(random, 3), NOW + timedelta(days=n), NOW + timedelta(days=n + 1)) for n in (0, 3)]
    fact, mood = _words(random, 4), ("wubby", _words(random, 5))
    return Grounding(persona, None, (fact,), tuple(passages), mood, tuple(shows), (), (), NOW)


def _words(random: Random, count: int) -> str:
    return " ".join("".join(random.choices(_SYLLABLES, k=3)) for _ in range(count))


def _lines(random: Random, count: int = 2) -> tuple[str, ...]:
    return tuple(f"{_words(random, 4)}{random.choice('.!?')}" for _ in range(count))


@pytest.mark.parametrize("seed", range(12))
def test_a_random_persona_says_only_its_own_lines(seed: int) -> None:
    grounding = random_grounding(seed)
    for message in _MESSAGES:
        reply = ask(grounding, message, seed=f"{seed}{message}")
        assert reply.text
        assert trace(reply.text, grounding) is not None, f"{message!r} was answered with {reply.text!r}"


@pytest.mark.parametrize("seed", range(12))
def test_a_persona_of_few_lines_still_never_repeats_a_reply_in_a_row(seed: int) -> None:
    grounding = random_grounding(seed)
    talk = Talk(grounding, seed=str(seed))
    replies = [talk.say("hello", passages=grounding.passages).text for _ in range(12)]
    replies += [talk.say(message, passages=grounding.passages).text for message in _MESSAGES[seed * 5 :][:20]]
    assert all(one != other for one, other in pairwise(replies))


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("greetings", "hello"),
        ("farewells", "goodbye"),
        ("honesty", "are you human?"),
        ("unknown", "what is the capital of Mongolia?"),
        ("memory_empty", "what do you remember about me?"),
        ("phrases", "k"),
    ],
)
def test_editing_a_line_changes_the_answer(kind: str, message: str) -> None:
    grounding = replace(random_grounding(1), facts=(), mood=None)
    edited: dict[str, Any] = {kind: ("Brand new words, put in by the team.",)}
    before = ask(grounding, message).text
    after = ask(replace(grounding, persona=replace(grounding.persona, **edited)), message).text
    assert "Brand new words" not in before
    assert after.startswith("Brand new words, put in by the team.")


def test_editing_a_topic_changes_what_is_said_about_it() -> None:
    grounding = replace(random_grounding(1), passages=())
    for line in ("Lighthouses are tall lamps.", "Lighthouses blink in three-four."):
        persona = replace(grounding.persona, topics=(Topic("lighthouses", (line,)),))
        assert ask(replace(grounding, persona=persona), "do you like lighthouses?").text.startswith(line)


def test_a_persona_without_any_line_says_nothing() -> None:
    grounding = replace(
        random_grounding(1), persona=PersonaLines("Nobody"), passages=(), facts=(), schedule=(), mood=None
    )
    assert [ask(grounding, message).text for message in ("hello", "who are you?", "what about cats?")] == [""] * 3


def test_where_nothing_is_called_for_her_mood_shows_once_and_then_her_phrases() -> None:
    grounding = replace(random_grounding(1), facts=(), mood=("Bright", ""))
    persona = replace(grounding.persona, moods={"bright": ("All windows open.",)})
    talk = Talk(replace(grounding, persona=persona))
    first, second = (talk.say("k").text for _ in range(2))
    assert first.startswith("All windows open.")
    assert "All windows open." not in second
    assert any(line in second for line in persona.phrases)
