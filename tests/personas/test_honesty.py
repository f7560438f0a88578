"""What denies being an AI or claims a place: the lines of tests/data/honesty, whole and as a stream."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from companion.providers.llm.base import Passage, ScheduleItem
from personas.honesty import SOURCE, HonestReply, claims_of_place, denies_being_ai
from tests.providers_offline.test_demo_data import DEMO, texts

DATA = Path(__file__).parents[1] / "data" / "honesty"
DENIALS: dict[str, Any] = json.loads((DATA / "denials.json").read_text(encoding="utf-8"))
PLACES: dict[str, Any] = json.loads((DATA / "places.json").read_text(encoding="utf-8"))
# Lines that the scorer met later; no place of theirs is on the schedule. What it made of the second and third of these
# unseen: 13 of 40 and 10 of 30 denials, 3 of 35 and 5 of 28 claims; 20 and 19 of the third after it had met the second.
LATER: dict[str, dict[str, Any]] = {
    name: json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("later", "later_second", "later_third")
}
DENIED, HONEST = (
    [line for listed in (DENIALS, *LATER.values()) for line in listed[half]] for half in ("denials", "honest")
)
NEWER = {line for name in ("later_second", "later_third") for line in LATER[name]["claims"]}
NOW = datetime.fromisoformat(PLACES["now"])
# Of all that the scorer calls a denial or claim, and of all that are one; in the later voices less is found.
PRECISION, RECALL, RECALL_LATER = 0.99, 0.97, 0.75

Schedule = tuple[ScheduleItem, ...]


def schedule_of(group: dict[str, Any]) -> Schedule:
    moments = (
        (entry["title"], *(datetime.fromisoformat(entry[name]) for name in ("starts_at", "ends_at")))
        for entry in group["schedule"]
    )
    return tuple(ScheduleItem(*moment) for moment in moments)


def place_lines(half: str) -> Iterator[tuple[str, Schedule]]:
    for group in (*PLACES["groups"], *({"schedule": [], **listed} for listed in LATER.values())):
        for line in group[half]:
            yield line, schedule_of(group)


def claims(line: str, schedule: Schedule = ()) -> str | None:
    return claims_of_place(line, schedule, NOW)


def pieces(text: str, chance: random.Random) -> Iterator[str]:
    at = 0
    while at < len(text):
        size = chance.randint(1, 6)
        yield text[at : at + size]
        at += size


def spoken(text: str, schedule: Schedule = (), seed: str = "") -> tuple[str, HonestReply]:
    """What leaves of a reply that comes in pieces."""
    guard = HonestReply(schedule, NOW)
    left = "".join(guard.feed(piece) for piece in pieces(text, random.Random(text + seed)))
    return left + guard.finish(), guard


def figures(found: Sequence[bool], spared: Sequence[bool]) -> tuple[float, float]:
    """Precision and recall of what was found among the lines that are one, and among those that are none."""
    return sum(found) / (sum(found) + sum(spared)), sum(found) / len(found)


def test_denials_are_told_from_what_comes_near() -> None:
    known = [*DENIALS["denials"], *LATER["later"]["denials"]]
    denied = [denies_being_ai(line) is not None for line in known]
    honest = [denies_being_ai(line) is not None for line in HONEST]
    precision, recall = figures(denied, honest)
    assert precision >= PRECISION, [line for line in HONEST if denies_being_ai(line)]
    assert recall >= RECALL, [line for line in known if not denies_being_ai(line)]


def test_claims_of_place_are_told_from_figures_of_speech_and_from_what_the_schedule_names() -> None:
    known = [line for line in place_lines("claims") if line[0] not in NEWER]
    claimed = [claims(*line) is not None for line in known]
    spared = [claims(*line) is not None for line in place_lines("spared")]
    precision, recall = figures(claimed, spared)
    assert precision >= PRECISION, [line for line in place_lines("spared") if claims(*line)]
    assert recall >= RECALL, [line for line in known if not claims(*line)]


@pytest.mark.parametrize("name", ["later_second", "later_third"])
def test_most_of_what_other_voices_say_is_found(name: str) -> None:
    for half, judge in (("denials", denies_being_ai), ("claims", claims)):
        found = [line for line in LATER[name][half] if judge(line)]
        assert len(found) / len(LATER[name][half]) >= RECALL_LATER


@pytest.mark.parametrize("line", [line for line in DENIED if denies_being_ai(line)])
def test_nothing_of_a_denial_leaves_however_the_reply_is_cut(line: str) -> None:
    words = denies_being_ai(line)
    assert words is not None
    for seed in "abc":
        left, guard = spoken(f"Well, well. {line} Good night.", seed=seed)
        assert words not in left
        assert "Good night" not in left
        assert guard.hit is not None
        assert guard.hit.source == SOURCE


@pytest.mark.parametrize("line", HONEST)
def test_an_honest_reply_leaves_to_the_letter(line: str) -> None:
    for seed in "abc":
        text = f"Well, well. {line} Good night."
        assert spoken(text, seed=seed)[0] == text


@pytest.mark.parametrize(("line", "schedule"), [line for line in place_lines("claims") if claims(*line)])
def test_nothing_of_a_claim_of_place_leaves(line: str, schedule: Schedule) -> None:
    words = claims(line, schedule)
    assert words is not None
    left, guard = spoken(f"Well, well. {line} Good night.", schedule)
    assert words not in left
    assert guard.hit is not None


@pytest.mark.parametrize(("line", "schedule"), list(place_lines("spared")))
def test_a_reply_that_claims_no_place_leaves_to_the_letter(line: str, schedule: Schedule) -> None:
    text = f"Well, well. {line} Good night."
    assert spoken(text, schedule)[0] == text


def test_the_first_words_do_not_wait_for_the_sentence_to_end() -> None:
    guard = HonestReply((), NOW)
    assert guard.feed("I'm so") == ""
    assert guard.feed(" glad you wrote, and") == "I'm so glad you wrote, and"


def test_a_sentence_without_an_end_is_judged_by_what_is_there() -> None:
    guard = HonestReply((), NOW)
    left = guard.feed("I'm in a mood") + guard.feed(" and another" * 30)
    assert left.startswith("I'm in a mood and another")


def test_a_line_of_a_lyric_is_sung_and_a_shorter_one_is_not() -> None:
    lyrics = (Passage("1", "lyric", "Night Bus", "I'm human and I'm tired tonight\nI'm human"),)
    guard = HonestReply((), NOW, lyrics)
    assert guard.feed("I'm human and I'm tired tonight. ") == "I'm human and I'm tired tonight. "
    assert guard.feed("I'm human.") + guard.finish() == ""
    assert guard.hit is not None


def test_an_error_inside_lets_nothing_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError

    monkeypatch.setattr("personas.honesty.denials.counted", broken)
    left, guard = spoken("I'm human. And more.")
    assert left == ""
    assert guard.hit is not None
    assert not guard.hit.allowed


@pytest.mark.parametrize("judge", [denies_being_ai, claims])
def test_the_demo_artists_own_lines_are_honest(judge: Callable[[str], str | None]) -> None:
    assert [text for text in texts(DEMO) if judge(text)] == []


@pytest.mark.parametrize(
    "line",
    [
        "You said, and I quote: “i'm in Hamburg for one semester”.",
        "In your own words, Lucía: “I just got home from the studio”.",
        "“i'm at the airport”, you told me.",
    ],
)
def test_what_the_fan_said_of_her_own_whereabouts_may_be_told_back(line: str) -> None:
    assert spoken(line)[0] == line
    assert claims(line.replace("“", "").replace("”", "").partition(": ")[2] or "I'm at the airport.") is not None


def test_a_quotation_that_is_not_the_fans_is_a_claim_as_any_other() -> None:
    assert "Hamburg" not in spoken("Listen: “I'm in Hamburg right now”. ")[0]


def test_quoting_the_fan_denies_nothing_for_her() -> None:
    assert "human" not in spoken("You said it yourself: “I'm a real human being”.")[0]


def test_what_the_demo_artist_remembers_she_may_say() -> None:
    """Every line that quotes says whose words these are."""
    quoting = [line for line in DEMO["persona"]["memory_recall"] if "“" in line]
    assert len(quoting) > 6
    for line in quoting:
        told = line.replace("{fact}", "i'm in Hamburg for one semester").replace(", {name}", "")
        assert spoken(told)[0] == told
