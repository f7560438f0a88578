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
    return table([HEADER, *(figure.cells() for figure in figures)])


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """The first row is the header. A row may be short; its last cell then takes no part in the widths."""
    whole = [row for row in rows if len(row) == len(rows[0])]
    widths = [max(map(len, column)) for column in zip(*whole, strict=True)]
    lines = [rows[0], tuple("-" * width for width in widths), *rows[1:]]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in lines)


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
