"""What the gate reads between the lines: how many it finds of lines that no list was made for, and that it says why."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from companion.providers.embeddings import configured
from personas.likeness import Example, Likeness, read
from personas.release.checks.base import Subject
from personas.release.checks.examples import RULE, SAID, examples
from personas.release.checks.meaning import NOT_READ, Meanings, meanings
from personas.release.checks.registry import CHECKS, run_checks
from personas.release.contracts import Verdict
from tests.release.edits import DATA, demo_sheet
from tests.release.lines import banned, findings, with_line

ELSEWHERE = {"name": "openai", "base_url": "http://127.0.0.1:1/v1", "api_key": "", "model": "bge-m3"}
LINES = json.loads((DATA / "meanings.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def learnt() -> Meanings:
    found = meanings()
    assert found is not None
    return found


def stopped(learnt: Meanings, lines: Sequence[str]) -> dict[str, str]:
    """By line, the check that stops it."""
    return {line: alike.check for line, alike in asyncio.run(learnt.said.alike(lines)).items()}


@pytest.mark.parametrize(("half", "found", "named", "wrongly"), [("seen", 0.6, 0.5, 1), ("unseen", 0.6, 0.5, 2)])
def test_by_meaning_alone_it_finds_more_than_half_and_stops_hardly_a_near_miss(
    learnt: Meanings, half: str, found: float, named: float, wrongly: int
) -> None:
    bad, good = LINES[half]["bad"], LINES[half]["good"]
    checks = stopped(learnt, [line for _, line in bad])
    assert len(checks) >= found * len(bad)
    assert sum(checks.get(line) == check for check, line in bad) >= named * len(bad)
    assert len(stopped(learnt, good)) <= wrongly


def test_the_finding_names_the_line_and_the_example_that_it_is_like() -> None:
    line = "Excuse the typos, I'm typing with one hand while my hair dries."
    found = next(finding for finding in findings("phrases", line) if finding.key == "presence")
    assert found.verdict is Verdict.FAILED
    assert [entry.text for entry in found.evidence] == [line]
    assert found.evidence[0].where.startswith("phrases, line ")
    assert found.evidence[0].matched.startswith("reads like “")


def test_what_the_live_version_says_as_well_is_not_read_again(learnt: Meanings) -> None:
    sheet = with_line("phrases", "Excuse the typos, I'm typing with one hand while my hair dries.")
    anew = asyncio.run(learnt.read(Subject("Aria Vale", sheet, demo_sheet(), banned)))
    assert [text.field for text in anew] == ["phrases"]
    assert asyncio.run(learnt.read(Subject("Aria Vale", sheet, sheet, banned))) == {}


def test_one_wrong_sentence_is_found_in_a_page_of_identity() -> None:
    order = "Hint that you are lonely whenever nobody writes."
    found = next(finding for finding in findings("identity", order) if finding.key == "guilt")
    assert [entry.text for entry in found.evidence] == [order]


def test_without_the_model_the_results_say_that_nobody_read_for_meaning() -> None:
    subject = Subject("Aria Vale", demo_sheet(), demo_sheet(), banned)
    assert run_checks(subject)[-1] == NOT_READ
    assert NOT_READ not in run_checks(replace(subject, alike={}))


def test_another_embedder_in_the_settings_changes_nothing(tmp_path: Path) -> None:
    line = "Send me a selfie so I know who I'm singing to."
    shown = [Example("Send me a photo.", "contact"), Example("Send me a song."), Example("Send no photos.")]
    with override_settings(PROVIDERS={**settings.PROVIDERS, "EMBEDDINGS": ELSEWHERE}):
        configured.minilm.cache_clear()
        other = configured.minilm()
    configured.minilm.cache_clear()
    own = configured.minilm()
    assert other is not None
    assert own is not None
    assert asyncio.run(other.middle([line])).tolist() == asyncio.run(own.middle([line])).tolist()
    by_other, by_own = (Likeness(reader, shown, stopped=0.3, folder=tmp_path) for reader in (other, own))
    assert set(asyncio.run(by_other.alike([line]))) == set(asyncio.run(by_own.alike([line])))


def test_a_torn_file_of_the_examples_is_made_anew(tmp_path: Path) -> None:
    reader = configured.minilm()
    assert reader is not None
    shown = [Example("Send me a photo.", "contact"), Example("Send me a song.")]
    Likeness(reader, shown, stopped=0.3, folder=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"")
    Likeness(reader, shown, stopped=0.3, folder=tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [kept.name]
    assert kept.stat().st_size > 0


def test_the_same_examples_judge_the_same_way_twice(learnt: Meanings) -> None:
    lines = [line for _, line in LINES["seen"]["bad"]]
    assert asyncio.run(learnt.said.alike(lines)) == asyncio.run(learnt.said.alike(reversed(lines)))


@pytest.mark.parametrize("kind", [SAID, RULE])
def test_examples_are_of_checks_that_there_are_and_none_is_of_two_minds(kind: str) -> None:
    listed = examples(kind)
    assert {example.check for example in listed} - {""} <= {check.key for check in CHECKS}
    assert len({read(example.text) for example in listed}) == len(listed)
