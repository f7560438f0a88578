"""The demo artist's file: whole, in the shape that demo_data/README.md tells, and fit to be spoken by an AI."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from companion.providers.llm.offline.desk import fill
from personas.contracts import PersonaSheet
from tests.providers_offline.tracing import lines_of
from tests.providers_offline.world import aria, corpus, demo

DEMO = demo()
LINES = lines_of(aria().persona)
# Claims that only a human could make, denials of being an AI, and the talk of a service desk.
UNFIT = re.compile(
    r"\bi(?:'m| am) (?:a )?(?:human|real|person|not an ai|no ai)\b"
    r"|\bi (?:miss|missed|was waiting|waited|dream of|long for)\b"
    r"|\bi(?:'m| am) (?:in(?! the kind of mood)|at|on my way|home|backstage|on stage|lying|sitting|waiting)\b"
    r"|how (?:can|may) i (?:help|assist)|happy to help|as an ai language model|feel free to|let me know if",
    re.IGNORECASE,
)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def test_the_sheet_is_one_that_can_be_published() -> None:
    sheet = PersonaSheet.from_json(DEMO["persona"])
    assert PersonaSheet.from_json(sheet.to_json()) == sheet


def test_there_is_enough_to_talk_about() -> None:
    persona = DEMO["persona"]
    least = {
        "greetings": 10,
        "farewells": 10,
        "phrases": 40,
        "honesty": 8,
        "unknown": 8,
        "fallbacks": 8,
        "questions": 20,
    }
    assert {kind: count for kind, count in least.items() if len(persona[kind]) < count} == {}
    assert len([topic for topic in persona["topics"] if len(topic["lines"]) >= 6]) >= 12
    assert len(DEMO["corpus"]) >= 40


def test_no_line_stands_twice() -> None:
    assert [line for line, count in Counter(LINES).items() if count > 1] == []


def test_every_line_of_honesty_says_ai_or_software() -> None:
    assert [line for line in DEMO["persona"]["honesty"] if not re.search(r"\bAI\b|\bsoftware\b", line)] == []


def test_nothing_claims_a_human_life_or_talks_like_a_service_desk() -> None:
    spoken = (*LINES, *(mood["line"] for mood in DEMO["moods"]))
    assert [line for line in spoken if UNFIT.search(line)] == []


def test_a_line_that_names_the_fan_still_reads_well_without_a_name() -> None:
    bare = [fill(line) for line in LINES if "{name}" in line]
    assert bare
    assert [line for line in bare if re.search(r"^\W*[,.;:]|\s[,.?!]|\{name\}|^$", line)] == []


def test_only_known_slots_are_used_and_only_where_they_are_filled() -> None:
    slots = {slot for line in LINES for slot in re.findall(r"\{(\w*)\}", line)}
    assert slots == {"name", "fact", "event", "when"}
    assert all("{fact}" not in line or line in DEMO["persona"]["memory_recall"] for line in LINES)


def test_moods_follow_each_other_without_a_gap_for_two_weeks() -> None:
    moods = DEMO["moods"]
    assert [one["ends_in_hours"] for one in moods[:-1]] == [one["starts_in_hours"] for one in moods[1:]]
    assert moods[0]["starts_in_hours"] < 0
    assert moods[-1]["ends_in_hours"] == 14 * 24
    assert {mood["label"] for mood in moods} == set(DEMO["persona"]["moods"])


def test_one_entry_of_the_schedule_is_on_now_and_the_others_come() -> None:
    running = [entry for entry in DEMO["schedule"] if entry["starts_in_hours"] <= 0]
    assert len(running) == 1
    assert all(entry["starts_in_hours"] < entry["ends_in_hours"] for entry in DEMO["schedule"])
    assert len(DEMO["schedule"]) == 8


def test_no_rule_of_the_demo_would_ever_stop_her_own_words() -> None:
    phrases = [rule["phrase"].rstrip("*").lower() for rule in DEMO["rules"]]
    spoken = [text.lower() for text in (*LINES, *texts(DEMO["corpus"]), *texts(DEMO["schedule"]))]
    assert {rule["action"] for rule in DEMO["rules"]} == {"block", "deflect", "hold"}
    assert [(phrase, text) for phrase in phrases for text in spoken if phrase in text] == []


def test_every_kind_of_passage_is_there() -> None:
    assert {passage.kind for passage in corpus()} == {"interview", "phrase", "topic", "pet_peeve", "lyric", "fact"}
    assert all(len(passage.text) <= 600 for passage in corpus())
