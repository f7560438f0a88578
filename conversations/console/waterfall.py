"""A turn's stages as bars over time. Two scales in one: what came before the first token takes three fifths.

Else recall would be invisible beside a reply of seconds (design/console/README.md, Conversation). No Django here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

BEFORE_FIRST = 60.0  # per cent of the width
NARROWEST = 0.6  # so that a stage of a millisecond can be seen
PARENTS = {"recall.window": "recall", "recall.context": "recall"}
ORDER = ("moderate", "admit", "recall", "recall.window", "recall.context", "compose", "generate", "filter", "settle")
NAMES = {"recall.window": "window", "recall.context": "persona, corpus"}
NOTES = {
    "moderate": "rules, classifier",
    "admit": "quota, sanctions",
    "compose": "one token budget",
    "filter": "before a token leaves",
    "settle": "one transaction",
}
ROUND = (1, 2, 5)
TICKED = 0.55  # further right the label of the first token begins


@dataclass(frozen=True, slots=True)
class Bar:
    """`ms` is None where only the beginning is known. `left` and `width` in per cent of the chart."""

    stage: str
    name: str
    part: bool
    start_ms: float
    ms: float | None
    left: float
    width: float
    note: str

    @property
    def left_css(self) -> str:
        return f"{self.left:.2f}%"

    @property
    def width_css(self) -> str:
        return f"{self.width:.2f}%"


@dataclass(frozen=True, slots=True)
class Tick:
    label: str
    left_css: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Waterfall:
    bars: tuple[Bar, ...]
    first_token_ms: float | None
    whole_ms: float
    first_css: str
    ticks: tuple[Tick, ...]

    @property
    def segments(self) -> tuple[Bar, ...]:
        """For the small bar below a message: the stages themselves."""
        return tuple(bar for bar in self.bars if not bar.part)


def of(timings: Mapping[str, Any]) -> Waterfall | None:
    """The chart of a trace's timings; None when it has none. A trace from before starts were kept is laid in order."""
    took = {name: float(timings[name]) for name in ORDER if isinstance(timings.get(name), int | float)}
    if not took:
        return None
    starts = _starts(took, timings.get("starts") or {})
    base = took.get("moderate", 0.0) + took.get("admit", 0.0)
    told_first = timings.get("first_token")
    first = base + float(told_first) if isinstance(told_first, int | float) else None
    whole = max([start + took.get(name, 0.0) for name, start in starts.items()] + [first or 0.0, 0.01])
    scale = _Scale(first, whole)
    bars = tuple(_bar(name, starts[name], took.get(name), scale) for name in ORDER if name in starts)
    first_css = f"{scale.at(first):.2f}%" if first is not None else ""
    return Waterfall(bars, first, whole, first_css, _ticks(scale))


@dataclass(frozen=True, slots=True)
class _Scale:
    first: float | None
    whole: float

    def at(self, ms: float) -> float:
        """Where a moment stands, in per cent."""
        if not self.first or self.first >= self.whole:
            return min(100.0, 100.0 * ms / self.whole)
        if ms <= self.first:
            return BEFORE_FIRST * ms / self.first
        return min(100.0, BEFORE_FIRST + (100.0 - BEFORE_FIRST) * (ms - self.first) / (self.whole - self.first))


def _starts(took: Mapping[str, float], told: Mapping[str, float]) -> dict[str, float]:
    """From the moment that the message was looked at. The engine counts from its own start, after the first two."""
    starts: dict[str, float] = {}
    at = 0.0
    for name in ("moderate", "admit"):
        if name in took:
            starts[name] = at
            at += took[name]
    for name in ORDER[2:]:
        if name in told:
            starts[name] = at + float(told[name])
        elif name in took and not told:
            starts[name] = at + sum(took.get(earlier, 0.0) for earlier in _before(name))
    return starts


def _before(name: str) -> Sequence[str]:
    """What comes before a stage when nothing tells its start; a part begins with its whole."""
    whole = PARENTS.get(name, name)
    return [stage for stage in ORDER[2 : ORDER.index(whole)] if stage not in PARENTS]


def _bar(name: str, start: float, ms: float | None, scale: _Scale) -> Bar:
    left = min(scale.at(start), 100.0 - NARROWEST)
    width = max(scale.at(start + (ms or 0.0)) - left, NARROWEST)
    return Bar(name, NAMES.get(name, name), name in PARENTS, start, ms, left, width, NOTES.get(name, ""))


def _ticks(scale: _Scale) -> tuple[Tick, ...]:
    """Zero, one or two round figures before the first token, the first token, the end."""
    ticks = [Tick("0", "0%", "zero")]
    until = scale.first if scale.first and scale.first < scale.whole else scale.whole
    step = _round_step(until)
    ticks += [Tick(f"{mark:g}", f"{scale.at(mark):.2f}%") for mark in (step, 2 * step) if mark < until * TICKED]
    if scale.first is not None:
        ticks.append(Tick(f"{scale.first:.0f} first token", f"{scale.at(scale.first):.2f}%", "first"))
    ticks.append(Tick(f"{scale.whole:.0f} ms", "100%", "end"))
    return tuple(ticks)


def _round_step(span: float) -> float:
    """A round figure of which about three make the span."""
    magnitude = 10.0 ** floor(log10(span / 3))
    return max(step * magnitude for step in ROUND if step * magnitude <= span / 3)
