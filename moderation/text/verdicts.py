"""From matches to a verdict."""

from collections.abc import Sequence

from moderation.contracts import Action, Verdict
from moderation.text.matcher import Match

ALLOWED = Verdict(Action.ALLOW)
FAILED = Verdict(Action.BLOCK, source="filter_error")
UNREADABLE = Verdict(Action.BLOCK, source="rules_unreadable")


def verdict_of(matches: Sequence[Match]) -> Verdict:
    """The verdict on a text from all its matches; those that lie inside a carve-out do not count."""
    spared = [match for match in matches if match.rule.action is Action.ALLOW]
    hits = [
        match
        for match in matches
        if match.rule.action is not Action.ALLOW
        and not any(carve.start <= match.start and match.end <= carve.end for carve in spared)
    ]
    if not hits:
        return ALLOWED
    return Verdict(
        max((match.rule.action for match in hits), key=lambda action: action.severity),
        rule_ids=tuple(dict.fromkeys(match.rule.id for match in hits)),
        categories=tuple(dict.fromkeys(match.rule.category for match in hits if match.rule.category)),
    )
