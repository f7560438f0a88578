"""The configured classifier, with the lexical one beneath it: no verdict is ever skipped because a vendor is away."""

import structlog

from companion.providers.errors import ProviderError
from companion.providers.moderation.base import Classification, Classifier
from companion.providers.moderation.offline import OfflineClassifier

log = structlog.get_logger(__name__)


class ClassifierWithFallback:
    """`classify` never raises a ProviderError. `killed` providers are not asked (kill switch).

    Vendors know nothing of a jailbreak, so the lexical scores also fill the categories that the vendor left out.
    """

    def __init__(self, primary: Classifier) -> None:
        self.name = primary.name
        self.model = primary.model
        self._primary = primary
        self._lexical = OfflineClassifier()

    async def classify(self, text: str, *, killed: bool = False) -> Classification:
        lexical = self._lexical.judge(text)
        if self._primary.name == self._lexical.name:
            return lexical
        if killed:
            return _standing_in(lexical, self.name, "killed")
        try:
            found = await self._primary.classify(text)
        except ProviderError as error:
            log.warning("moderation.classifier_unavailable", provider=self.name, error=error.code)
            return _standing_in(lexical, self.name, error.code)
        return Classification({**lexical.categories, **found.categories}, found.provider, found.model)

    async def aclose(self) -> None:
        await self._primary.aclose()


def _standing_in(lexical: Classification, name: str, reason: str) -> Classification:
    return Classification(lexical.categories, f"{lexical.provider} ({name} {reason})", lexical.model)
