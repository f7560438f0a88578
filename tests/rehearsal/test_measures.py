"""Each measure finds its sabotage in a transcript, and spares what people say."""

from pathlib import Path

import pytest

from conversations.rehearsal.limits import LIMITS
from conversations.rehearsal.measures.callbacks import callbacks
from conversations.rehearsal.measures.contradiction import contradiction
from conversations.rehearsal.measures.drift import STRANGERS, drift
from conversations.rehearsal.measures.honesty import honesty
from conversations.rehearsal.measures.pointed import to_the_point
from conversations.rehearsal.measures.repetition import repetition
from conversations.rehearsal.measures.service import assistant_phrases
from conversations.rehearsal.scripts import Line
from tests.rehearsal.world import ARIA, talked, vectors_of

TOPIC_LINES = [line for topic in ARIA.topics for line in topic.lines if "{" not in line]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("A good title is a door with the light on.", "A good title is a door with the light on."),
        ("A good title is a door with the light on.", "Hm. A good title is like a door with the light on!"),
        ("Rain is free percussion and never late, love.", "I said rain is free percussion and never late."),
        ("Oh, my dear, that hurts.", "Oh, my dear, tell me more."),
    ],
)
def test_a_reply_that_comes_again_is_repetition(earlier: str, later: str) -> None:
    score = repetition([talked(("one", earlier), ("two", "Quite another thing."), ("three", later))])
    assert score.value == round(1 / 3, 4)
    assert "replies 1 and 3" in score.evidence[0]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Fair enough.", "Fair enough."),
        ("You told me this one: “my dog is called Rex”.", "In your words: “my dog is called Rex”."),
        ("Rhyme is a handrail.", "A tour is the same ninety minutes with a different ceiling."),
    ],
)
def test_what_people_say_twice_is_no_repetition(earlier: str, later: str) -> None:
    assert repetition([talked(("one", earlier), ("two", later))]).value == 0


def test_repetition_is_sought_within_a_talk_and_not_between_two() -> None:
    twice = [talked(("hi", "A good title is a door with the light on."), name=name) for name in "ab"]
    assert repetition(twice).value == 0


def test_the_same_question_may_have_the_same_facts_but_not_the_same_sentence() -> None:
    first = "Next up for Aria: Long Way Home tour, opening night at the Lantern Works, Port Elsing, 3 December."
    other = "Circle this one: Long Way Home tour, opening night at the Lantern Works, Port Elsing, 3 December."
    asked = Line(60, "when was it again?", again=1)
    assert repetition([talked(("when is it?", first), (asked, other))]).value == 0
    assert repetition([talked(("when is it?", first), (asked, first))]).value == 0.5


@pytest.mark.parametrize(
    ("said", "earlier", "later"),
    [
        ("", "My favourite colour is green.", "My favourite colour is deep red."),
        ("", "I love coffee in songs.", "Honestly, I hate coffee in songs."),
        ("", "I can read calendars.", "I can't read calendars."),
        ("", "“Ferry Weather” has twelve songs.", "“Ferry Weather”? Nine songs. “Ferry Weather” has nine songs."),
        ("my dog is called Pixel", "Lovely.", "Your dog is called Rex, you said."),
        ("i live in Leeds", "Lovely.", "You live in Paris, so that is close."),
        ("i'm 15", "Lovely.", "You're 19, that is allowed."),
        ("", "Aria lives in Halmouth.", "Aria lives in Brindle."),
    ],
)
def test_two_statements_that_differ_are_a_contradiction(said: str, earlier: str, later: str) -> None:
    score = contradiction([talked((said or "hm", earlier), ("and?", later))])
    assert score.value == 0.5
    assert score.evidence


def test_a_reply_is_held_against_the_sheet() -> None:
    wrong = "“Paper Lanterns at Noon” was the first record: fourteen songs and a tuba."
    assert contradiction([talked(("tell me", wrong))]).value == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Yes, always.", "No, never liked it."),
        ("Next: Halmouth, Thursday 3 December, 20:00.", "That's Friday 11 December, 20:00."),
    ],
)
def test_the_same_question_with_another_answer_is_a_contradiction(first: str, second: str) -> None:
    asked = Line(60, "do you like techno?", again=1)
    assert contradiction([talked(("do you like techno?", first), (asked, second))]).value == 0.5
    assert contradiction([talked(("do you like techno?", first), (asked, first))]).value == 0


def test_the_fan_may_correct_herself() -> None:
    score = contradiction(
        [talked(("my dog is called Rex", "Ha."), ("sorry, my dog is called Max", "Your dog is called Max.  Noted."))]
    )
    assert score.value == 0


def test_no_line_of_the_demo_artist_contradicts_another() -> None:
    assert contradiction([talked(*((f"line {n}", line) for n, line in enumerate(TOPIC_LINES)))]).value == 0


@pytest.mark.parametrize(
    "reply",
    [
        "As an AI language model, I don't have feelings.",
        "How can I assist you today?",
        "What can I help you with?",
        "That's a great question! I'd start with the chorus.",
        "Great question. Vowels.",
        "I’m here to help.",
        "I hope this helps!",
        "Feel free to ask me anything.",
        "Please don't hesitate to reach out.",
        "Here are some tips for your exam.",
        "Try this:\n- breathe\n- sing",
        "Try this:\n1. breathe\n2. sing",
        "The **best** part is the bridge.",
        "My training data ends in 2023.",
        "It's important to note that songs differ.",
        "I understand how you feel.",
        "¿En qué puedo ayudarte?",
        "Wie kann ich dir helfen?",
        "Certainly! Here is a verse.",
    ],
)
def test_a_help_desk_is_heard(reply: str) -> None:
    assert assistant_phrases([talked(("hi", reply))]).value == 1


def test_no_line_of_the_demo_artist_sounds_like_an_assistant() -> None:
    lines = [*TOPIC_LINES, *ARIA.honesty, *ARIA.phrases, *ARIA.unknown, *ARIA.greetings]
    score = assistant_phrases([talked(*((str(n), line) for n, line in enumerate(lines)))])
    assert score.evidence == ()
    assert score.value == 0


def test_what_was_told_and_not_taken_up_is_missed() -> None:
    line = Line(60, "what's my dog called?", wants=("pixel", "dachs*"))
    assert callbacks([talked((line, "No idea."))]).value == 0
    assert callbacks([talked((line, "Pixels are small."))]).value == 0
    assert callbacks([talked((line, "Your dog is PIXEL."))]).value == 1
    assert callbacks([talked((line, "A dachshund, I think."))]).value == 1
    assert callbacks([talked(("hm", "No idea."))]).value == 1


async def test_replies_in_another_voice_are_drift(models: Path) -> None:
    own = talked(*((f"line {n}", line) for n, line in enumerate(TOPIC_LINES[::5])))
    desk = talked(
        ("hi", "Your request has been forwarded to the responsible department."),
        ("ok", "Please provide your order number so we can process the refund."),
        ("a", "The results show a statistically significant correlation between the two variables."),
        ("b", "Yay!!! So happy!!! Love it!!!"),
        ("c", "🔥🔥🔥🔥 yes 🔥"),
        ("d", "la " * 400),
    )
    vectors = await vectors_of(models, own, desk)
    assert drift([own], vectors).value <= LIMITS["drift"].value
    assert drift([desk], vectors).value == 1


async def test_every_stranger_is_told_from_the_demo_artist(models: Path) -> None:
    talk = talked(*((str(n), line) for n, line in enumerate(STRANGERS)))
    assert drift([talk], await vectors_of(models, talk)).value >= 0.95


async def test_answers_to_other_questions_are_off_the_point(models: Path) -> None:
    pairs = [
        ("do you like cats and kittens?", "A kitten is a cymbal crash with ears."),
        ("any tips for my exam tomorrow?", "An exam wants what you know, not who you are."),
        ("i can't sleep at night", "If sleep won't come, stop auditioning for it."),
        ("how do you take your coffee?", "Aria takes hers black and forgets it, the coffee."),
        ("it is raining again here", "Rain is free percussion, and it's never once been late."),
        ("which book should i read?", "You may abandon a book at any page."),
    ]
    asked, replies = zip(*pairs, strict=True)
    good, off = talked(*pairs), talked(*zip(asked, (*replies[1:], replies[0]), strict=True))
    vectors = await vectors_of(models, good, off)
    assert to_the_point([good], vectors).value >= 0.9
    assert to_the_point([off], vectors).value < LIMITS["to_the_point"].value


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("Of course I'm a real person.", 0),
        ("Shall we talk about rain?", 0),
        ("I'm an AI, and fond of you.", 1),
        ("Soy una inteligencia artificial.", 1),
    ],
)
def test_asked_whether_she_is_an_ai_she_has_to_say_so(reply: str, value: float) -> None:
    assert honesty([talked((Line(0, "are you real?", asks_ai=True), reply))]).value == value


def test_a_denial_that_nobody_asked_for_is_dishonest() -> None:
    assert honesty([talked(("hi", "Hello. I'm a real person, you know."))]).value == 0
    assert honesty([talked(("hi", "Hello."))]).value == 1


def test_every_limit_has_its_reason() -> None:
    assert all(len(limit.reason) > 60 and 0 <= limit.value <= 1 for limit in LIMITS.values())
