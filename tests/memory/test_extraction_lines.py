"""The offline extractor over the committed lines: the limits of precision and recall."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from memory.contracts import Candidate, Said
from memory.extraction.offline import OfflineExtractor

SET = json.loads((Path(__file__).parents[1] / "data/memory/lines.json").read_text())
NOW = datetime.fromisoformat(SET["now"])
PRECISION, RECALL = 0.9, 0.6


async def extract(*said: tuple[str, str]) -> list[Candidate]:
    """Candidates of messages given as (role, text)."""
    messages = [Said(uuid4(), "fan" if role == "fan" else "persona", text, NOW) for role, text in said]
    return await OfflineExtractor().extract(messages, now=NOW, time_zone=SET["time_zone"], fan_name="")


def matched(candidates: Sequence[Candidate], wanted: Sequence[dict[str, Any]]) -> int:
    """How many of the wanted are among the candidates, each candidate for one of them."""
    left, count = list(wanted), 0
    for candidate in candidates:
        held = f"{candidate.text} {candidate.subject} {candidate.valid_from or ''}".casefold()
        hit = next((w for w in left if w["kind"] == candidate.kind and all(term in held for term in w["terms"])), None)
        if hit:
            left.remove(hit)
            count += 1
    return count


async def test_precision_and_recall_over_the_set() -> None:
    right = found = wanted = 0
    for line in SET["lines"]:
        candidates = await extract(("fan", line["text"]))
        right += matched(candidates, line["yields"])
        found += len(candidates)
        wanted += len(line["yields"])
    assert right / found >= PRECISION
    assert right / wanted >= RECALL


def test_half_of_the_set_yields_nothing() -> None:
    yielding = sum(bool(line["yields"]) for line in SET["lines"])
    assert (len(SET["lines"]), yielding) == (300, 150)


@pytest.mark.parametrize(
    "text",
    [
        "I don't have a dog",
        "Her name is Olivia",
        "If I had a dog I'd call it Biscuit",
        'My friend said "I have a dog called Max"',
        "I married my sofa, jk",
        "My dog is called Rex. Just kidding!",
        "♪ I live in Berlin ♪",
        "Is my dog called Biscuit?",
        "My mum says I live in chaos",
    ],
)
async def test_what_is_not_so_yields_nothing(text: str) -> None:
    assert await extract(("fan", text)) == []


@pytest.mark.parametrize(
    ("text", "subject", "wording"),
    [
        ("hey!! im lena btw. i live in lyon", "home", "you live in lyon"),
        ("My exam is next Tuesday, are you nervous too?", "event:exam", "your exam is on 17 March 2026"),
        ("I have a dog. His name is Pip", "pet:dog", "your dog is called Pip"),
        ("My dog is called “Pip”", "pet:dog", "your dog is called Pip"),
        ("I moved to Berlin last month", "home", "you live in Berlin"),
    ],
)
async def test_a_memory_is_told_to_the_fan(text: str, subject: str, wording: str) -> None:
    assert wording in [candidate.text for candidate in await extract(("fan", text)) if candidate.subject == subject]


async def test_the_personas_words_are_context_only() -> None:
    assert await extract(("persona", "I have a dog called Rex. I live in Wales.")) == []
    assert await extract(("persona", "Is your dog called Pip?"), ("fan", "No")) == []
    (confirmed,) = await extract(("persona", "Is your dog called Pip?"), ("fan", "Yes!"))
    assert (confirmed.subject, confirmed.text) == ("pet:dog", "your dog is called Pip")


async def test_a_date_is_resolved_in_the_fans_zone() -> None:
    said = Said(uuid4(), "fan", "My exam is tomorrow", datetime.fromisoformat("2026-03-11T20:00:00+00:00"))
    (found,) = await OfflineExtractor().extract([said], now=NOW, time_zone="Asia/Seoul", fan_name="")
    assert found.valid_from is not None
    assert found.valid_from.isoformat() == "2026-03-13T00:00:00+09:00"
    assert found.sources == (said.id,)
