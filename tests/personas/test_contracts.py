"""A persona's sheet: read from JSON, checked in sentences, given to a model as her lines."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import companion.console
from companion.providers.llm.base import Topic
from personas.contracts import LINE_FIELDS, MAX_LINE, TOPIC_FIELDS, PersonaSheet, SheetError

WHOLE: dict[str, Any] = json.loads(
    (Path(companion.console.__file__).parent / "data" / "new_artist.json").read_text(encoding="utf-8")
)["sheet"]
LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(str.strip)


def problems_of(**changes: object) -> tuple[tuple[str, str], ...]:
    with pytest.raises(SheetError) as refused:
        PersonaSheet.from_json(WHOLE | changes)
    return refused.value.problems


def test_a_sheet_survives_json_unchanged() -> None:
    assert PersonaSheet.from_json(WHOLE).to_json() == WHOLE


@given(lines=st.lists(LINE, min_size=1, max_size=5), names=st.lists(LINE, max_size=4, unique_by=str.casefold))
def test_any_lines_survive_json_unchanged(lines: list[str], names: list[str]) -> None:
    groups = [{"name": name[:40], "lines": [line[:MAX_LINE] for line in lines]} for name in names]
    body = WHOLE | {"phrases": [line[:MAX_LINE] for line in lines], "topics": groups[:1]}
    assert PersonaSheet.from_json(json.loads(json.dumps(body))).to_json() == body


def test_the_lines_of_a_model_are_the_sheets() -> None:
    sheet = PersonaSheet.from_json(WHOLE)
    lines = sheet.lines("Nova", "she")
    assert (lines.name, lines.pronoun) == ("Nova", "she")
    assert lines.topics[0] == Topic(WHOLE["topics"][0]["name"], tuple(WHOLE["topics"][0]["lines"]))
    shared = [name for name in (*LINE_FIELDS, *TOPIC_FIELDS, "moods") if not name.endswith("_rules")]
    assert [getattr(lines, name) for name in shared] == [getattr(sheet, name) for name in shared]


@pytest.mark.parametrize("name", ["greetings", "honesty", "unknown", "fallbacks"])
def test_she_needs_words_to_open_to_be_honest_and_to_fall_back_on(name: str) -> None:
    assert problems_of(**{name: []}) == ((name, f"The {name} need at least one line."),)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"identity": " "}, "identity", "Say who the persona is."),
        ({"greetings": "hello"}, "greetings", "The greetings are a list of lines."),
        ({"greetings": [1]}, "greetings", "The greetings are a list of lines."),
        ({"topics": ["music"]}, "topics", "The topics are a list, each with a name and lines."),
        ({"moods": []}, "moods", "The moods are lists of lines by mood."),
        ({"colour": "red"}, "colour", "A sheet has no field “colour”."),
        ({"phrases": ["one\ntwo"]}, "phrases", "A line of the phrases runs over two lines: “one”."),
        ({"phrases": [" "]}, "phrases", "The phrases have an empty line."),
        ({"memory_recall": ["I know."]}, "memory_recall", "“I know.” has no {fact} in it."),
        ({"topics": [{"name": "", "lines": ["x"]}]}, "topics", "A name in the topics is empty or longer than 80"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(changes: dict[str, object], field: str, sentence: str) -> None:
    found = problems_of(**changes)
    assert [name for name, _ in found] == [field]
    assert found[0][1].startswith(sentence)


def test_all_problems_are_told_at_once() -> None:
    assert {field for field, _ in problems_of(greetings=[], fallbacks=[], identity="")} == {
        "greetings",
        "fallbacks",
        "identity",
    }
