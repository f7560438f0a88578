"""What a measure of rehearsed talks is."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is a share, 0 to 1. `evidence`: sentences for whoever has to mend it, the first few of them."""

    value: float
    evidence: tuple[str, ...] = ()


def share(part: int, whole: int, *, of_nothing: float = 0.0) -> float:
    """`of_nothing`: what stands where there was nothing to measure."""
    return round(part / whole, 4) if whole else of_nothing


def shown(evidence: Sequence[str]) -> tuple[str, ...]:
    return tuple(evidence[:SHOWN])
