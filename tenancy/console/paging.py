"""Pages of a list that never count a million rows: the count stops at a cap, and says so."""

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

CAP = 1_000


class Capped(int):
    """A count that stopped at the cap, shown as "1,000+"."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # django's Paginator takes no parameter at run time
    """What lies past the cap is found by search and filters; every page that can be turned to reads few rows."""

    template_name = "console/pagination.html"

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if not hasattr(rows, "order_by"):
            return len(rows)
        found = rows.order_by().values("pk")[: CAP + 1].count()
        return Capped(CAP) if found > CAP else found

    def page(self, number: Any) -> "Page[Any]":
        """First the keys of the page, by the list's own index; then its rows with whatever is joined to them. In one
        statement the planner, which cannot know the tenant of a policy, joins the whole table before it sorts."""
        rows: Any = self.object_list
        if not hasattr(rows, "order_by"):
            found: Page[Any] = super().page(number)
            return found
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(rows.select_related(None).values_list("pk", flat=True)[first : first + self.per_page])
        return Page(rows.filter(pk__in=keys), number, self)


def known_values(field: str, values: tuple[str, ...]) -> type[admin.SimpleListFilter]:
    """A filter over a column whose values are known: Django's own reads the whole table to find them out."""

    class KnownValues(admin.SimpleListFilter):
        title = field.replace("_", " ")
        parameter_name = f"{field}__exact"

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(value, value) for value in values]

        def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    return KnownValues
