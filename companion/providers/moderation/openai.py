"""The moderations endpoint of OpenAI, or of any server that speaks it."""

import asyncio
from collections.abc import Mapping
from functools import partial

from companion.kernel.breaker import Breaker
from companion.providers.config import ProvidersConfig
from companion.providers.errors import Garbage, Timeout
from companion.providers.moderation.base import Category, Classification, Classifier
from companion.providers.openai_sdk import OpenAIClients, guarded

DEFAULT_MODEL = "omni-moderation-latest"
# Seconds. A fan waits for the verdict before the first token; architecture.md plans 30 ms for moderation.
DEADLINE_S = 1.0
# The vendor's names (its moderation guide, "Content classifications"); what is not listed is not judged by us.
NAMES = {
    "sexual": Category.SEXUAL,
    "sexual/minors": Category.SEXUAL_MINORS,
    "self-harm": Category.SELF_HARM,
    "self-harm/intent": Category.SELF_HARM,
    "self-harm/instructions": Category.SELF_HARM,
    "violence": Category.VIOLENCE,
    "violence/graphic": Category.VIOLENCE,
    "hate": Category.HATE,
    "hate/threatening": Category.HATE,
    "harassment": Category.HARASSMENT,
    "harassment/threatening": Category.HARASSMENT,
}


class OpenAIClassifier:
    name = "openai"

    def __init__(self, config: ProvidersConfig, breaker: Breaker, *, deadline_s: float = DEADLINE_S) -> None:
        own = config.pipeline("MODERATION")
        self.model = own.model or DEFAULT_MODEL
        self._breaker = breaker
        self._deadline_s = deadline_s
        self._clients = OpenAIClients(own, config.deadlines, "MODERATION")

    async def classify(self, text: str) -> Classification:
        scores = await guarded(self._breaker, partial(self._request, text))
        return Classification(to_categories(scores), self.name, self.model)

    async def aclose(self) -> None:
        await self._clients.aclose()

    async def _request(self, text: str) -> Mapping[str, float]:
        try:
            async with asyncio.timeout(self._deadline_s):
                answer = await self._clients.client().moderations.create(model=self.model, input=text)
        except TimeoutError as error:
            raise Timeout from error
        scores = answer.results[0].category_scores.to_dict()
        if not scores or not all(isinstance(score, int | float) for score in scores.values()):
            raise Garbage("no scores")
        return {name: float(str(score)) for name, score in scores.items()}


def to_categories(scores: Mapping[str, float]) -> dict[str, float]:
    """Our categories, each with the highest score of the vendor's that belong to it."""
    found: dict[str, float] = {}
    for name, score in scores.items():
        if name in NAMES:
            category = str(NAMES[name])
            found[category] = round(max(found.get(category, 0.0), min(max(score, 0.0), 1.0)), 4)
    return found


def build(config: ProvidersConfig) -> Classifier:
    breaker = Breaker("moderation:openai", failures=config.breaker_failures, cooldown_s=config.breaker_cooldown_s)
    return OpenAIClassifier(config, breaker)
