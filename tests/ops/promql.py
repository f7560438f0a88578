"""What a PromQL expression asks for, by its syntax tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import promql_parser

COUNTED = ("rate", "irate", "increase")  # these fit counters only; their results are no gauges' changes


@dataclass(frozen=True, slots=True)
class Asked:
    """A series of a query. `inside` names the functions and aggregations around it, outermost first."""

    name: str
    matchers: tuple[tuple[str, str, str], ...]
    inside: tuple[str, ...]
    grouped_by: frozenset[str]


def parse(query: str) -> Any:
    """Raises ValueError. Grafana's own interval is a duration only there."""
    return promql_parser.parse(query.replace("$__rate_interval", "5m"))


def asked(node: Any, inside: tuple[str, ...] = (), grouped: frozenset[str] = frozenset()) -> Iterator[Asked]:
    """Every series below a node."""
    if isinstance(node, promql_parser.VectorSelector):
        matchers = tuple((m.name, str(m.op).removeprefix("MatchOp."), m.value) for m in node.matchers.matchers)
        yield Asked(node.name or "", matchers, inside, grouped)
        return
    if isinstance(node, promql_parser.Call):
        inside = (*inside, node.func.name)
    if isinstance(node, promql_parser.AggregateExpr) and node.modifier is not None:
        grouped |= frozenset(node.modifier.labels)
    for child in _children(node):
        yield from asked(child, inside, grouped)


def compared_with(node: Any) -> float | None:
    """The number on the right of a query's outermost comparison."""
    right = getattr(node, "rhs", None)
    return float(right.val) if isinstance(right, promql_parser.NumberLiteral) else None


def _children(node: Any) -> Iterator[Any]:
    for name in ("expr", "lhs", "rhs", "vector_selector"):
        if (child := getattr(node, name, None)) is not None:
            yield child
    yield from getattr(node, "args", ())
