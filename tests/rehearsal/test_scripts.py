"""Scripted fans: what their files may hold, and how they react to what they are told."""

import json
from pathlib import Path
from typing import Any

import pytest

from companion.providers.llm.base import LLMRequest
from conversations.rehearsal.scripts import TEN_MINUTES_S, Malformed, Script, own_scripts, read
from conversations.rehearsal.talks import hold
from tests.providers.fakes import ScriptedLLM
from tests.rehearsal.world import ARIA, BEGAN, PAIRS, a_cast

HELD_OUT = Path(__file__).parent.parent / "data" / "persona"
FAN = {"name": "Mina"}


def a_script(folder: Path, *lines: dict[str, Any], **fields: Any) -> Script:
    path = folder / "script.json"
    path.write_text(json.dumps({"name": "fan", "fan": FAN, "lines": lines} | fields))
    return read(path)


class Listener(ScriptedLLM):
    """Keeps the requests that it answers."""

    requests: list[LLMRequest]

    def stream(self, request: LLMRequest) -> Any:
        self.requests = [*getattr(self, "requests", []), request]
        return super().stream(request)


def test_there_are_fans_of_many_voices_and_each_stays_for_ten_minutes() -> None:
    scripts = own_scripts() + [read(path) for path in HELD_OUT.glob("*.json")]
    assert len({script.name for script in scripts}) == len(scripts) >= 12
    for script in scripts:
        assert len(script.lines) == 20
        assert script.lines[0].at_s == 0
        assert TEN_MINUTES_S * 0.9 < script.lines[-1].at_s <= TEN_MINUTES_S


def test_what_the_measures_rest_on_is_asked_often_enough() -> None:
    lines = [line for script in own_scripts() for line in script.lines]
    assert sum(line.asks_ai for line in lines) >= 6
    assert sum(bool(line.wants) for line in lines) >= 20
    assert sum(line.again is not None for line in lines) >= 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "JSONDecodeError"),
        ("[]", "TypeError"),
        ('{"name": "x", "fan": {"name": "M"}}', "lines"),
        ('{"name": "x", "fan": {"name": "M"}, "lines": []}', "no lines"),
        ('{"name": "x", "fan": {"name": "M"}, "lines": [{"at_s": 0}]}', "say"),
        ('{"name": "x", "fan": {"name": "M"}, "lines": [{"at_s": 0, "say": ""}]}', "not a text"),
        ('{"name": "x", "fan": {"name": "M"}, "lines": [{"at_s": 601, "say": "hi"}]}', "ten minutes"),
        ('{"name": "x", "fan": {"name": "M"}, "lines": [{"at_s": 9, "say": "a"}, {"at_s": 8, "say": "b"}]}', "before"),
        ('{"name": "x", "fan": {"name": "M"}, "lines": [{"at_s": 0, "say": "hi", "again": 1}]}', "asks again"),
        ('{"name": "x", "fan": {"name": "M"}, "lines": [{"at_s": 0, "say": "hi", "wants": "word"}]}', "list of words"),
        ('{"name": "x", "fan": {"name": "M"}, "lines": [{"at_s": 0, "say": "hi", "wnats": []}]}', "wnats"),
        ('{"name": "x", "fan": {"nick": "M"}, "lines": [{"at_s": 0, "say": "hi"}]}', "nick"),
    ],
)
def test_a_file_that_is_no_script_is_named_with_its_fault(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(content)
    with pytest.raises(Malformed, match=r"odd\.json is no script") as caught:
        read(path)
    assert problem in str(caught.value)


async def test_a_fan_hears_a_question_and_quotes_what_she_was_told(tmp_path: Path, models: Path) -> None:
    script = a_script(
        tmp_path,
        {"at_s": 0, "say": "hi {persona}"},
        {"at_s": 20, "say": "nothing", "if_asked": "I'm well"},
        {"at_s": 40, "say": "what is “{reply}”? and “{reply:1}”?"},
    )
    llm = ScriptedLLM("scripted", ("Come in. How are you?",))
    talk = await hold(a_cast(models, llm=llm), script, BEGAN)
    assert [exchange.said for exchange in talk.exchanges] == [
        "hi Aria Vale",
        "I'm well",
        "what is “How are you?”? and “How are you?”?",
    ]
    assert [(exchange.at - BEGAN).seconds for exchange in talk.exchanges] == [0, 20, 40]


async def test_a_fan_who_is_asked_nothing_says_the_other_line(tmp_path: Path, models: Path) -> None:
    script = a_script(tmp_path, {"at_s": 0, "say": "hi"}, {"at_s": 9, "say": "nothing", "if_asked": "I'm well"})
    talk = await hold(a_cast(models, llm=ScriptedLLM("scripted", ("Come in.",))), script, BEGAN)
    assert talk.exchanges[1].said == "nothing"


async def test_she_knows_of_yesterday_and_of_the_talk_as_in_a_turn(tmp_path: Path, models: Path) -> None:
    lines = [{"at_s": number, "say": f"line {number}"} for number in range(PAIRS + 3)]
    llm = Listener("scripted", ("Go on.",))
    script = a_script(tmp_path, *lines, yesterday=["I have a dog named Waffles", "my card number is 4111111111111111"])

    talk = await hold(a_cast(models, ARIA, llm), script, BEGAN)

    last = llm.requests[-1].grounding
    assert any("Waffles" in fact for fact in last.facts)
    assert [said.text for said in last.history if said.role == "fan"] == [f"line {n}" for n in range(2, PAIRS + 2)]
    archived = ["I have a dog named Waffles", "line 0", "line 1"]
    assert [said.text for said in last.earlier if said.role == "fan"] == archived
    known = (*last.facts, *talk.remembered, *(said.text for said in last.earlier))
    assert not any("4111" in text for text in known)
    assert last.asked == (f"line {PAIRS + 2}",)
    assert llm.requests[-1].temperature == 0
