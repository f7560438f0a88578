"""Unfold's decorator for a column of a list or a field of a page, with types."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from unfold.decorators import display

F = TypeVar("F", bound=Callable[..., Any])


def column(title: str, *, ordering: str | None = None, labels: Mapping[str, str] | None = None) -> Callable[[F], F]:
    """`labels` draws the value as a badge, of the colour that it names: success, info, warning, danger, primary."""
    return cast(
        "Callable[[F], F]", display(description=title, ordering=ordering, label=dict(labels) if labels else None)
    )
