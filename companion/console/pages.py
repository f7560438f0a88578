"""Pages of the console that belong to no model: the first page, and the choice of the artist."""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.dataclasses import SearchResult

from companion.console import navigation
from tenancy.console.access import access_of, choose


def today(request: HttpRequest) -> dict[str, Any]:
    """What the first page shows: the role's own pages, and what is switched off."""
    access = access_of(request)
    return {"groups": navigation.open_to(request), "access": access}


def choose_artist(request: HttpRequest) -> HttpResponse:
    """GET lists the artists of this person; POST enters one."""
    if request.method == "POST":
        choice = choose(request, request.POST.get("artist", ""))
        if choice is None:
            messages.error(request, "There is no such artist for you.")
            return HttpResponseRedirect(reverse("admin:choose_artist"))
        messages.success(request, f"This is the console of {choice.name} now.")
        return HttpResponseRedirect(reverse("admin:index"))
    context = admin.site.each_context(request) | {"title": "Change artist", "access": access_of(request)}
    return TemplateResponse(request, "console/choose_artist.html", context)


def search(request: HttpRequest) -> HttpResponse:
    """The pages of this role whose title or purpose has the term in it."""
    term = request.GET.get("s", "").strip().lower()
    found = [
        SearchResult(title=item.title, description=item.about, link=address, icon=item.icon)
        for _, items in navigation.open_to(request)
        for item, address in items
        if term and term in f"{item.title} {item.about}".lower()
    ]
    pages = Paginator(found, 100)
    context = {"page_obj": pages, "results": pages.page(1), "page_counter": 0, "execution_time": 0}
    return TemplateResponse(request, "unfold/helpers/command_results.html", context)
