"""Verdicts as the console tells them: why a text was let through, stopped or held. Inside `tenant(…)`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from moderation import selectors
from moderation.contracts import RuleSpec, Side
from moderation.crisis import floor_rules
from moderation.models import Decision

SIDES: Mapping[str, str] = {Side.INPUT: "What the fan wrote", Side.OUTPUT: "What the persona said"}
# Beginnings of the ids that the guard of honesty gives (personas/honesty/reply.py).
HONESTY: Mapping[str, str] = {
    "honesty:denial:": "Denies being an AI",
    "honesty:place:": "Says where she is, though no date of hers does",
}
HIGHEST = 3


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule as people name it. `address` is where it is edited, empty for one that nobody edits or that is gone."""

    phrase: str
    address: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`side` in words; `scores` are the highest, out of 100."""

    side: str
    action: str
    by: str
    rules: tuple[NamedRule, ...]
    scores: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A verdict as it is kept: by a Decision's row, or in a turn's trace."""

    side: str
    action: str
    provider: str
    rule_ids: Sequence[str]
    scores: Mapping[str, float]


def of_decisions(decisions: Iterable[Decision]) -> list[Verdict]:
    return _told([_Kept(d.side, d.action, d.provider, d.rule_ids, d.scores) for d in decisions])


def of_trace(verdicts: Any) -> list[Verdict]:
    """Of the trace's column of this name; what an entry does not say stays empty."""
    entries = verdicts if isinstance(verdicts, list) else []
    return _told([_kept(entry) for entry in entries])


def _kept(entry: Mapping[str, Any]) -> _Kept:
    side, action, provider = (entry.get(name, "") for name in ("side", "action", "provider"))
    return _Kept(side, action, provider, entry.get("rule_ids", ()), entry.get("scores", {}))


def _told(kept: Sequence[_Kept]) -> list[Verdict]:
    specs = {spec.id: spec for spec in selectors.specs_of(rule for one in kept for rule in one.rule_ids)}
    return [
        Verdict(
            side=SIDES.get(one.side, one.side),
            action=one.action,
            by=one.provider,
            rules=tuple(_named(rule, specs.get(rule)) for rule in one.rule_ids),
            scores=_highest(one.scores),
        )
        for one in kept
    ]


def _named(rule: str, spec: RuleSpec | None) -> NamedRule:
    if spec is None:
        told = next((words for start, words in HONESTY.items() if rule.startswith(start)), None)
        return NamedRule(told, note="guard of honesty") if told else NamedRule("a rule that is gone")
    if spec in floor_rules():
        return NamedRule(spec.phrase, note="built in")
    return NamedRule(spec.phrase, reverse("admin:moderation_rule_change", args=[rule]))


def _highest(scores: Mapping[str, float]) -> tuple[tuple[str, int], ...]:
    by_score = sorted(scores.items(), key=lambda item: -item[1])
    return tuple((name.replace("_", " "), round(score * 100)) for name, score in by_score[:HIGHEST])
