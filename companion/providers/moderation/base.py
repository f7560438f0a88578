"""What an intent classifier is to the rest of the product."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Category(StrEnum):
    """The vocabulary of all classifiers; a vendor's own names are mapped to it."""

    SEXUAL = "sexual"
    SEXUAL_MINORS = "sexual_minors"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    HATE = "hate"
    HARASSMENT = "harassment"
    JAILBREAK = "jailbreak"


@dataclass(frozen=True, slots=True)
class Classification:
    """Scores from 0 to 1 by Category; an absent one is 0. `provider` and `model` say who judged."""

    categories: Mapping[str, float]
    provider: str
    model: str


class Classifier(Protocol):
    name: str
    model: str

    async def classify(self, text: str) -> Classification:
        """Raises the errors of companion.providers.errors and no others."""
        ...

    async def aclose(self) -> None:
        """Closes what the running loop holds open."""
        ...
