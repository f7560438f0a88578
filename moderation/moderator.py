"""Both ends of a turn: what the engine asks about a fan's text and about the reply."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

import structlog

from companion.kernel.metrics import CLASSIFIER_FAILURES
from companion.providers.moderation.base import Classification
from companion.providers.moderation.fallback import ClassifierWithFallback
from moderation import crisis
from moderation.contracts import Action, CrisisNotice, Verdict
from moderation.policy import decide
from moderation.rulebook import ReplyFilter, RuleBook

CLASSIFIER_FAILED = Verdict(Action.BLOCK, source="classifier_error")

log = structlog.get_logger(__name__)


class Place(Protocol):
    """Of a fan: where she lives (ISO 3166) and what she reads (BCP 47); either may be empty."""

    @property
    def country(self) -> str: ...

    @property
    def language(self) -> str: ...


class Moderator:
    """One a process. `killed(name)` says whether a kill switch is on for a provider."""

    def __init__(self, rulebook: RuleBook, classifier: ClassifierWithFallback, killed: Callable[[str], bool]) -> None:
        self._rulebook = rulebook
        self._classifier = classifier
        self._killed = killed

    def check_rules(self, artist: UUID, text: str) -> Verdict:
        """The rules alone, at once and without any dependency: refusals use it to know whether help is due."""
        return self._rulebook.ruleset(artist).check_input(text)

    async def check_input(self, artist: UUID, text: str) -> Verdict:
        """Rules, then the classifier; the severer of both. A crisis in the rules waits for nothing."""
        verdict = self.check_rules(artist, text)
        if verdict.action is Action.CRISIS:
            return verdict
        try:
            found = await self._classifier.classify(text, killed=self._killed(self._classifier.name))
        except Exception as error:
            # Closed, not open. The type alone: a message may quote the fan.
            CLASSIFIER_FAILURES.inc()
            log.error("moderation.classifier_failed", error=type(error).__name__)  # noqa: TRY400 -- see above
            return max(verdict, CLASSIFIER_FAILED, key=lambda either: either.action.severity)
        return _combined(verdict, found)

    def output_filter(self, artist: UUID) -> ReplyFilter:
        """For one reply; it follows the artist's rules while the reply runs."""
        return self._rulebook.output_filter(artist)

    def crisis_notice(self, place: Place) -> CrisisNotice:
        """Help in the fan's language, with lines of her country."""
        return crisis.crisis_notice(place.country, place.language)


def _combined(rules: Verdict, found: Classification) -> Verdict:
    action, categories = decide(found.categories)
    by_rules = not rules.allowed and rules.action.severity >= action.severity
    return Verdict(
        rules.action if by_rules else action,
        rule_ids=rules.rule_ids,
        categories=tuple(dict.fromkeys([*rules.categories, *categories])),
        scores=dict(found.categories),
        source=rules.source if by_rules else found.provider,
    )
