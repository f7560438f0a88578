"""What other apps see of what was used."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelTokens:
    """Tokens that one model of one provider took and gave."""

    provider: str
    model: str
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class SpanUsage:
    """What a span used, what the one before did, and both kinds of tokens together in each step of the chart."""

    used: Sequence[ModelTokens]
    before: Sequence[ModelTokens]
    points: Sequence[int]
