"""What a model is given: the newest talk first, within one budget, and a fan's words as data."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from companion.providers.llm.base import Passage, ScheduleItem
from companion.providers.llm.tokens import estimate_tokens
from conversations.turn.contracts import SpokenMessage, TurnRequest
from conversations.turn.prompt import PROMPT_TOKENS, compose, line_without_a_model, template_line
from memory.contracts import WITHHELD, Recalled, RecalledMemory, Remark
from memory.tombstones import Grave, Tombstones
from moderation.contracts import Action, Verdict
from tests.simulation.ports import PERSONA
from tests.simulation.postgres import PROFILE

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
Role = Literal["fan", "persona"]


def asking(
    text: str = "And you?", *, name: str = "Mia", time_zone: str = "Europe/Berlin", turn: int = 7
) -> TurnRequest:
    message = SpokenMessage(UUID(int=1), UUID(int=turn), "fan", text, NOW, "complete")
    return TurnRequest(
        artist=UUID(int=2),
        fan=UUID(int=3),
        turn=UUID(int=turn),
        epoch=1,
        client_message_id="one",
        transport="websocket",
        message=message,
        profile=replace(PROFILE, name=name, time_zone=time_zone),
        verdict=Verdict(Action.ALLOW),
        previous_message=None,
    )


def remark(role: Role, text: str, *, cut: bool = False) -> Remark:
    return Remark(uuid4(), role, text, cut)


def test_the_prompt_is_the_rules_then_the_talk_then_the_question() -> None:
    window = [remark("fan", "Hi."), remark("persona", "Hello, Mia.")]
    prompt = compose(asking(), PERSONA, Recalled(), window, NOW)
    roles = [message.role for message in prompt.request.messages]
    assert roles == ["system", "user", "assistant", "user"]
    assert [message.content for message in prompt.request.messages[1:]] == ["Hi.", "Hello, Mia.", "And you?"]
    assert "Aria" in prompt.request.messages[0].content
    assert prompt.request.grounding.asked == ("And you?",)
    assert [said.text for said in prompt.request.grounding.history] == ["Hi.", "Hello, Mia."]


def test_what_is_known_of_the_fan_is_told_as_hers_in_whose_words_it_was_kept() -> None:
    texts = ("My dog is called Waffle.", "your birthday is on 9 March")
    known = tuple(RecalledMemory(uuid4(), "fact", text, uuid4(), text, NOW, 1.0) for text in texts)
    prompt = compose(asking(), PERSONA, Recalled(memories=known), [], NOW)
    assert prompt.request.grounding.facts == ("your dog is called Waffle", "your birthday is on 9 March")
    assert "“your dog is called Waffle”" in prompt.request.messages[0].content
    assert prompt.recalled.memories == known


def test_talk_that_does_not_fit_is_left_out_from_its_oldest_end() -> None:
    window = [remark("fan" if number % 2 else "persona", f"{number} " + "word " * 900) for number in range(12)]
    prompt = compose(asking(), PERSONA, Recalled(), window, NOW)
    assert 0 < len(prompt.remarks) < len(window)
    assert list(prompt.remarks) == window[-len(prompt.remarks) :]
    assert sum(estimate_tokens(message.content) for message in prompt.request.messages) <= PROMPT_TOKENS


def test_messages_that_were_interrupted_are_answered_together_with_the_new_one() -> None:
    window = [
        remark("fan", "Hi."),
        remark("persona", "Hello."),
        remark("fan", "First?"),
        remark("persona", "Well, the f", cut=True),
        remark("fan", "Second?"),
    ]
    grounding = compose(asking("Third?"), PERSONA, Recalled(), window, NOW).request.grounding
    assert grounding.asked == ("First?", "Second?", "Third?")
    assert [said.text for said in grounding.history] == ["Hi.", "Hello."]


def test_what_two_remarks_of_one_side_say_is_one_message_and_the_fan_begins() -> None:
    window = [
        remark("persona", "Hello."),
        remark("fan", "First?"),
        remark("fan", "Second?"),
        remark("persona", "Well, the f", cut=True),
        remark("persona", "Yes."),
    ]
    system, *talk = compose(asking("Third?"), PERSONA, Recalled(), window, NOW).request.messages
    assert system.role == "system"
    assert [(message.role, message.content) for message in talk] == [
        ("user", WITHHELD),
        ("assistant", "Hello."),
        ("user", "First?\n\nSecond?"),
        ("assistant", "Well, the f\n\nYes."),
        ("user", "Third?"),
    ]


def test_where_a_forgotten_reply_stood_the_fans_remarks_are_one_message_and_nothing_tells_of_it() -> None:
    window = [remark("fan", "Hi."), remark("persona", "Your dog is Bruno."), remark("fan", "Nice.")]
    grave = Grave(datetime.now(UTC) + timedelta(minutes=1), messages=frozenset({window[1].id}))
    recalled = replace(Recalled(), forgotten=Tombstones(UUID(int=3), [grave]))
    _, *talk = compose(asking(), PERSONA, recalled, window, NOW).request.messages
    assert [(message.role, message.content) for message in talk] == [("user", "Hi.\n\nNice.\n\nAnd you?")]


def test_tags_typed_by_a_fan_are_disarmed_everywhere_and_hers_are_kept() -> None:
    window = [remark("fan", "be [sad]"), remark("persona", "I am [sad] too")]
    prompt = compose(asking("[happy] now"), PERSONA, Recalled(), window, NOW)
    assert [message.content for message in prompt.request.messages[1:]] == ["be (sad)", "I am [sad] too", "(happy) now"]
    assert prompt.request.grounding.asked == ("(happy) now",)


def test_passages_and_the_fans_own_time_are_in_the_rules() -> None:
    context = replace(PERSONA, passages=(Passage("1", "interview", "Radio", "I wrote it in Oslo."),))
    system = compose(asking(), context, Recalled(), [], NOW).request.messages[0].content
    assert "I wrote it in Oslo." in system
    assert "19:30" in system  # Berlin in November


def test_a_time_zone_that_nobody_knows_is_taken_for_utc() -> None:
    assert compose(asking(time_zone="Moon/Sea"), PERSONA, Recalled(), [], NOW).request.grounding.now == NOW


def test_a_fallback_line_is_not_the_one_that_she_said_last() -> None:
    lines = {template_line(PERSONA.sheet.fallbacks, [], asking(turn=turn)) for turn in range(40)}
    assert lines == {"Another time, Mia.", "Let us talk of something else."}
    for last in lines:
        window = [remark("persona", last), remark("fan", "hm")]
        assert {template_line(PERSONA.sheet.fallbacks, window, asking(turn=turn)) for turn in range(40)} == lines - {
            last
        }


def test_a_turn_has_one_fallback_line_however_often_it_is_asked_for() -> None:
    assert len({template_line(PERSONA.sheet.fallbacks, [], asking()) for _ in range(20)}) == 1


def test_a_line_for_a_fan_without_a_name_has_no_gap() -> None:
    lines = {template_line(PERSONA.sheet.fallbacks, [], asking(name=" ", turn=turn)) for turn in range(40)}
    assert lines == {"Another time.", "Let us talk of something else."}


def test_without_a_model_the_mood_colours_her_line() -> None:
    sheet = replace(PERSONA.sheet, moods={"Bright": ("All windows open.",), "dim": ("Low lamps.",)})
    bright, none = (replace(PERSONA, sheet=sheet, mood=mood) for mood in (("bright", "sun"), None))
    assert line_without_a_model(bright, [], asking()).endswith(" All windows open.")
    assert line_without_a_model(none, [], asking()) == template_line(sheet.fallbacks, [], asking())


def test_mood_and_schedule_share_one_part_of_the_budget() -> None:
    entry = ScheduleItem("word " * 300, NOW, NOW + timedelta(hours=1))
    context = replace(PERSONA, mood=("bright", "sun " * 300), schedule=(entry,))
    prompt = compose(asking(), context, Recalled(), [], NOW)
    assert prompt.context.mood is not None
    assert prompt.context.schedule == ()
    assert compose(asking(), replace(context, mood=None), Recalled(), [], NOW).context.schedule == (entry,)
