"""The page on which another artist is chosen."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from tenancy.console.access import access_of, choose


def choose_artist(request: HttpRequest) -> HttpResponse:
    """GET lists the artists of this person; POST enters one, and so does `?enter=`, the address in the sidebar's menu.

    A stranger's link could enter another artist too, but only one whom this person may enter; every form carries its
    artist and is refused under another (tenancy/console/admin.py).
    """
    wanted = request.POST.get("artist") if request.method == "POST" else request.GET.get("enter")
    if wanted is not None:
        choice = choose(request, wanted)
        if choice is None:
            messages.error(request, "There is no such artist for you.")
            return HttpResponseRedirect(reverse("admin:choose_artist"))
        messages.success(request, f"This is the console of {choice.name} now.")
        return HttpResponseRedirect(reverse("admin:index"))
    context = admin.site.each_context(request) | {"title": "Change artist", "access": access_of(request)}
    return TemplateResponse(request, "console/choose_artist.html", context)
