"""The sizes that `make test` prints: tables and routes."""

from collections.abc import Iterator, Sequence

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

CONSOLE = "console/"


def sizes() -> str:
    """One line for people."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    routes = list(_routes(get_resolver().url_patterns))
    console = sum(route.startswith(CONSOLE) for route in routes)
    return f"{len(tables)} tables, {len(routes) - console} HTTP routes and {console} console pages"


def _routes(patterns: Sequence[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, path)
        else:
            yield path
