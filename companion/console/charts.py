"""The small drawings of the first page, as numbers for SVG: drawn by the server, readable without a script."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 240.0, 36.0
# The line's foot is at most at this share of its height, so that small changes look small.
CALM = 0.7


def spark(values: Sequence[float | None]) -> str:
    """The points of a polyline over WIDTH by HEIGHT; a step without a value is left out. Empty without two values."""
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    high = max(v for _, v in known)
    low = min(min(v for _, v in known), CALM * high)
    scale = (HEIGHT - 6) / (high - low) if high > low else 0
    width = WIDTH / (len(values) - 1)
    return " ".join(f"{n * width:.1f},{HEIGHT - 3 - (value - low) * scale:.1f}" for n, value in known)


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of a stacked chart: heights in percent of the chart's top, from below."""

    label: str
    counts: tuple[int, ...]
    heights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """`ticks` are the lines across, from the top down to nothing."""

    bars: tuple[Bar, ...]
    ticks: tuple[int, ...]

    @property
    def empty(self) -> bool:
        return not any(sum(bar.counts) for bar in self.bars)


def stacked(labels: Sequence[str], counts: Sequence[tuple[int, ...]]) -> Bars:
    top = nice_top(max((sum(parts) for parts in counts), default=0))
    bars = (
        Bar(label, parts, tuple(100 * part / top for part in parts))
        for label, parts in zip(labels, counts, strict=True)
    )
    return Bars(tuple(bars), tuple(round(top * share / 4) for share in range(4, -1, -1)))


def nice_top(highest: int) -> int:
    """The least of 4, 8, 20, 40, 80, … that is not below: a quarter of it is a whole number."""
    top, factors, n = 4, (2.0, 2.5, 2.0), 0
    while top < highest:
        top, n = int(top * factors[n % 3]), n + 1
    return top
