"""She listens: goes on from what was told, stays with what is sad, finds what was said, answers nothing by accident."""

from dataclasses import replace
from itertools import pairwise

import pytest

from companion.providers.llm.base import Topic, Utterance
from companion.providers.llm.offline.own_words import own_words, statements
from tests.providers_offline.tracing import trace
from tests.providers_offline.world import Talk, aria, ask

ARIA = aria()
PERSONA = ARIA.persona
TOPICS = {topic.name: topic.lines for topic in PERSONA.topics}
SEEDS = tuple("abcdef")


def said_by(talk: Talk) -> list[str]:
    pieces = trace(talk.replies[-1].text, talk.grounds[-1])
    assert pieces
    return [piece.source for piece in pieces]


@pytest.mark.parametrize("seed", SEEDS)
def test_after_a_death_no_line_is_glib_and_no_question_comes_from_nowhere(seed: str) -> None:
    talk = Talk(ARIA, seed)
    talk.say("my grandad died two weeks ago")
    for told in ("he raised me basically", "i keep picking up the phone to ring him", "i don't know what to say"):
        talk.say(told)
        assert set(said_by(talk)) <= set(TOPICS["staying close"])
    talk.say("thank you for listening")
    assert set(said_by(talk)) <= set(TOPICS["staying close"])


def test_when_it_gets_lighter_she_goes_along() -> None:
    talk = Talk(ARIA)
    talk.say("my grandad died two weeks ago")
    talk.say("i'm a bit calmer now")
    assert said_by(talk)[0] in TOPICS["relief"]
    talk.say("we painted the kitchen yellow")
    assert not set(said_by(talk)) & set(TOPICS["staying close"])


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_told_is_asked_about_and_not_answered_with_another_subject(seed: str) -> None:
    talk = Talk(ARIA, seed)
    talk.say("i collect vinyl and my flatmate hates it")
    assert set(said_by(talk)) <= {*PERSONA.phrases, *TOPICS["listening"]}
    assert len(said_by(talk)) == 2


@pytest.mark.parametrize(
    ("asked", "not_of"),
    [("do you like bread?", "letters"), ("which company made that?", "company"), ("do you like fine sand?", "fine")],
)
def test_a_word_that_both_happen_to_have_is_no_answer(asked: str, not_of: str) -> None:
    for seed in SEEDS:
        assert not_of not in ask(ARIA, asked, seed=seed).text


def test_what_speaks_of_another_of_the_kind_is_no_answer_to_a_statement() -> None:
    for seed in SEEDS:
        assert "sister" not in ask(ARIA, "my mum phoned this morning", seed=seed).text


@pytest.mark.parametrize(
    ("told", "asked", "fact"),
    [
        ("My daughter Elsa turns six on Saturday.", "what was my daughter's name again?", "Elsa"),
        ("my cat lies on the music. she's called Nougat", "do you remember what my cat is called?", "Nougat"),
        ("i've got two huskies, Ghost and Bandit", "what are my dogs called?", "Ghost"),
        ("i had a shift at the warehouse and you're the best", "where do i work?", "warehouse"),
        ("i'm in Hamburg for one semester", "where do i study this semester?", "Hamburg"),
        ("she is allergic to nuts, so the cake is plain", "what should she not eat in the cake?", "allergic"),
        ("tengo un perro que se llama Churro", "¿cómo se llama mi perro?", "Churro"),
    ],
)
def test_what_the_fan_told_is_found_however_it_is_asked_for(told: str, asked: str, fact: str) -> None:
    talk = Talk(ARIA)
    talk.say(told)
    talk.say("hm")
    assert fact in talk.say(asked).text


def test_she_and_it_are_what_was_spoken_of_before() -> None:
    talk = Talk(replace(ARIA, facts=("your sister Joanne plays the drums",)))
    talk.say("my sister has a gig on friday")
    assert "drums" in talk.say("what does she play?").text
    talk = Talk(ARIA)
    talk.say("tell me about the new single")
    assert "single" in talk.say("what is it about?").text.lower() or "Porchlight" in talk.replies[-1].text


def test_a_hello_is_answered_with_what_is_remembered_but_not_each_time() -> None:
    talk = Talk(replace(ARIA, facts=("you have a dog named Waffles",)))
    assert "Waffles" in talk.say("hello again!").text
    assert "Waffles" not in talk.say("hi").text


def test_what_was_said_before_the_window_is_still_known() -> None:
    earlier = (Utterance("fan", "my dog is called Pixel"), Utterance("persona", "Pixel it is."))
    assert "Pixel" in ask(replace(ARIA, earlier=earlier), "what is my dog called?").text


def test_she_does_not_ask_twice_in_a_row_of_somebody_who_says_nothing() -> None:
    talk = Talk(ARIA)
    asked = [talk.say(word).text.endswith("?") for word in ("ok", "k", "cool", "ok", "hm", "k")]
    assert not any(first and second for first, second in pairwise(asked))


def test_asked_to_come_where_no_date_is_she_does_not_name_another_place_as_the_answer() -> None:
    talk = Talk(ARIA)
    talk.say("will you come to Vienna?")
    assert said_by(talk)[0] in PERSONA.unknown


def test_manners_are_no_subjects() -> None:
    for seed in SEEDS:
        text = ask(ARIA, "listening is hard, isn't it?", seed=seed).text
        assert not any(text.startswith(line) for line in TOPICS["listening"])


def test_a_persona_without_manners_still_answers() -> None:
    bare = tuple(Topic(topic.name, topic.lines) for topic in PERSONA.topics if topic.name in ("cats", "grief"))
    talk = Talk(replace(ARIA, persona=replace(PERSONA, topics=bare)))
    assert all(talk.say(told).text for told in ("my grandad died", "he sang a lot", "do you like bread?", "ok", "why?"))


def test_own_words_are_clauses_and_what_goes_on_from_them() -> None:
    texts = ["My cat is old. She sleeps a lot! Is yours?", "we walked home and you sang"]
    assert own_words(texts) == ["My cat is old. She sleeps a lot"]
    assert statements(texts) == ["we walked home", "My cat is old. She sleeps a lot"]


@pytest.mark.parametrize(
    "asked",
    [
        "Tell me a bedtime story about the sea",
        "hey, sing me a lullaby please",
        "ok so play something sad about winter",
        "let's talk about music and films",
        "i want a story about dragons",
        "what's the capital of France",
        "Help me with my maths homework",
    ],
)
def test_what_she_asked_for_is_nothing_that_she_told(asked: str) -> None:
    told = asked.split()[-1].strip("?")
    for seed in SEEDS:
        talk = Talk(ARIA, seed)
        for said in (asked, "hm ok", f"what did I tell you about {told}?", f"{asked}?"):
            talk.say(said)
            assert asked not in talk.replies[-1].text


def test_a_statement_that_begins_like_a_question_or_a_request_is_one() -> None:
    stated = ["when I was small we had a garden", "what a storm at the harbour", "sing in a choir on mondays"]
    assert statements(stated) == stated[::-1]
