"""The page on which two versions stand side by side, and the step from there: publish, or go back to an older one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from companion.kernel.errors import Conflict
from personas import services
from personas.console import versions
from personas.models import PersonaVersion
from tenancy.console.access import access_of

# How many versions the choice of the other side offers; older ones are reached from the list.
OFFERED = 50


def comparison(
    request: HttpRequest, version: PersonaVersion, frame: dict[str, Any], *, may_publish: bool
) -> HttpResponse:
    """`frame` is what every page of the console has. GET compares, against the live version unless another is named;
    POST publishes. Whoever calls has asked for the capabilities."""
    if request.method == "POST":
        return _published(request, version)
    known = versions.states()
    others = list(PersonaVersion.objects.exclude(pk=version.pk).defer("sheet")[:OFFERED])
    before = _against(request, version, known)
    context = frame | {
        "title": f"Compare {version}",
        "version": version,
        "difference": versions.difference(before, version, known) if before else None,
        "others": others,
        "live_number": known.live_number,
        "is_live": version.pk == known.live,
        "goes_back": known.live_number is not None and version.number < known.live_number,
        "may_publish": may_publish and version.pk != known.live,
        "state_colours": versions.STATES,
    }
    return TemplateResponse(request, "console/compare.html", context)


def _published(request: HttpRequest, version: PersonaVersion) -> HttpResponse:
    access, seen = access_of(request), request.POST.get("instead_of", "")
    try:
        expected = int(seen) if seen.isdecimal() else None
        if expected is None and versions.states().live is not None:
            raise Conflict("A version speaks already: compare with it first. Nothing was published.")
        services.publish(access.artist, version.pk, actor=access.actor, instead_of=expected)
    except Conflict as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, f"She speaks from {version} now.")
    return HttpResponseRedirect(request.path)


def _against(request: HttpRequest, version: PersonaVersion, known: versions.States) -> PersonaVersion | None:
    """The named version, else the live one, else the one before; None where there is no other."""
    rows = PersonaVersion.objects.exclude(pk=version.pk)
    live = rows.filter(pk=known.live).first() if known.live else None
    named = request.GET.get("against", "")
    if named.isdecimal() and len(named) < 10:  # a larger number is none of Postgres's
        return rows.filter(number=int(named)).first() or live
    return live or rows.filter(number__lt=version.number).first() or rows.first()
