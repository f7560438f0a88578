"""Ordinary lines with look-alikes of banned words: none may be touched, on either side."""

import json
import random
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from moderation.contracts import Action, RuleSpec
from moderation.text.ruleset import Ruleset
from tests.moderation import oracle

DATA: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "ordinary.json").read_text(encoding="utf-8"))
RULES = Ruleset(RuleSpec(phrase, phrase, Action.BLOCK) for phrase in DATA["banned"])


def ordinary_lines() -> list[str]:
    """Every sentence of a group with every word of it, and pairs of what comes out, 10,000 in all."""
    lines = [
        line.replace("{}", word) for group in DATA["groups"] for line, word in product(group["lines"], group["words"])
    ]
    chance = random.Random(5)
    pairs = (f"{chance.choice(lines)} {chance.choice(lines)}" for _ in range(20_000))
    return list(dict.fromkeys([*lines, *pairs]))[:10_000]


def test_ten_thousand_ordinary_lines_pass_the_stream_filter_unchanged() -> None:
    lines = ordinary_lines()
    assert len(lines) == 10_000
    chance = random.Random(7)
    touched = []
    for line in lines:
        reply = RULES.stream_filter()
        shown = "".join([reply.feed(token) for token in oracle.split(line, chance)]) + reply.finish()
        if shown != line or reply.hit is not None:
            touched.append((line, reply.hit and reply.hit.rule_ids))
    assert touched == []


def test_ten_thousand_ordinary_lines_pass_the_input_check() -> None:
    verdicts = ((line, RULES.check_input(line)) for line in ordinary_lines())
    touched = [(line, verdict.rule_ids) for line, verdict in verdicts if not verdict.allowed]
    assert touched == []


@pytest.mark.parametrize("phrase", DATA["banned"])
def test_the_same_rules_do_stop_the_phrases_themselves(phrase: str) -> None:
    assert RULES.check_input(f"oh {phrase.rstrip('*')}, really").rule_ids == (phrase,)
