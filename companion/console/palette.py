"""The palette (Ctrl+K): the pages that this role may open, and its own rows whose name begins or goes like the term."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.dataclasses import SearchResult

from companion.console import navigation
from tenancy.console.access import access_of

SHORTEST = 2
OF_EACH = 5


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that can be found by name. `lookup` runs over an index, or over a table that is small for each artist."""

    model: str
    lookup: str
    kind: str
    icon: str
    lower: bool = False


ROWS = (
    Rows("personas.personaversion", "note__icontains", "Persona version", "deployed_code_history"),
    Rows("personas.mood", "label__icontains", "Mood", "mood"),
    Rows("personas.scheduleentry", "title__icontains", "Schedule", "event"),
    Rows("personas.document", "title__icontains", "Corpus", "library_books"),
    Rows("moderation.rule", "phrase__icontains", "Rule", "rule"),
    Rows("tenancy.fan", "user__email__startswith", "Fan", "person", lower=True),
)


def search(request: HttpRequest) -> HttpResponse:
    """Never kept: what a role may see can change with the next request."""
    began, term = perf_counter(), request.GET.get("s", "").strip()
    found = [*_pages(request, term), *_rows(request, term)] if term else []
    pages = Paginator(found, len(ROWS) * OF_EACH + 100)
    context = {
        "page_obj": pages,
        "results": pages.page(1).object_list,
        "page_counter": 0,
        "execution_time": perf_counter() - began,
    }
    return TemplateResponse(request, "unfold/helpers/command_results.html", context)


def _pages(request: HttpRequest, term: str) -> Iterator[SearchResult]:
    pages = [(item, address) for _, items in navigation.open_to(request) for item, address in items]
    for item, address in pages:
        if term.lower() in f"{item.title} {item.about}".lower():
            yield SearchResult(title=item.title, description=item.about, link=address, icon=item.icon)
    access = access_of(request)
    for choice in access.choices if len(access.choices) > 1 else ():
        if term.lower() in choice.name.lower() and choice != access.chosen:
            link = f"{reverse('admin:choose_artist')}?enter={choice.artist}"
            about = "Enter this artist's console"
            yield SearchResult(title=choice.name, description=about, link=link, icon="graphic_eq")


def _rows(request: HttpRequest, term: str) -> Iterator[SearchResult]:
    by_label = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
    for rows in ROWS if len(term) >= SHORTEST else ():
        page: Any = by_label[rows.model]
        if not page.has_view_permission(request):
            continue
        wanted = {rows.lookup: term.lower() if rows.lower else term}
        for row in page.get_queryset(request).filter(**wanted)[:OF_EACH]:
            address = reverse(f"admin:{rows.model.replace('.', '_')}_change", args=[row.pk])
            yield SearchResult(title=_title(row, rows), description=rows.kind, link=address, icon=rows.icon)


def _title(row: Any, rows: Rows) -> str:
    """The field that was searched, for it is what the person typed."""
    value = row
    for name in rows.lookup.split("__")[:-1]:
        value = getattr(value, name)
    return str(value) or str(row)
