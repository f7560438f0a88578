"""The table that `make bench` prints: one line a figure, its limit and whether it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADER = ("figure", "value", "limit", "verdict")


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is in `unit`; `note` has the absolute figures behind a ratio. Without a limit it is only printed."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def missed(self) -> bool:
        above = self.at_most is not None and self.value > self.at_most
        below = self.at_least is not None and self.value < self.at_least
        return above or below

    def cells(self) -> tuple[str, ...]:
        return (self.name, f"{_number(self.value)} {self.unit}{self._noted()}", self._limit(), self._verdict())

    def _noted(self) -> str:
        return f" ({self.note})" if self.note else ""

    def _limit(self) -> str:
        if self.at_most is not None:
            return f"≤ {_number(self.at_most)}"
        return f"≥ {_number(self.at_least)}" if self.at_least is not None else ""

    def _verdict(self) -> str:
        if self.at_most is None and self.at_least is None:
            return "–"
        return "missed" if self.missed else "kept"


def render(figures: Sequence[Figure]) -> str:
    rows = [HEADER, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def _number(value: float) -> str:
    """Three figures that mean something."""
    size = abs(value)
    return (
        f"{value:.0f}"
        if size >= 100
        else f"{value:.1f}"
        if size >= 10
        else f"{value:.2f}"
        if size >= 1
        else f"{value:.3f}"
    )
