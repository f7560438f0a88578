"""The page of a version at the release gate: what it changes beside another one, what its checks found, the steps."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from personas.console import versions
from personas.console.gate import SHARES, gate_of
from personas.console.release_steps import take_step
from personas.models import PersonaVersion
from tenancy.console.access import access_of

# How many versions the choice of the other side offers; older ones are reached from the list.
OFFERED = 50
# `?part=gate` answers the gate alone, for the page that waits for its checks.
PART = "gate"


def comparison(request: HttpRequest, version: PersonaVersion, frame: dict[str, Any]) -> HttpResponse:
    """`frame` is what every page of the console has. GET compares, against the live version unless another is named;
    POST takes a step. Whoever calls has asked for the capability to read."""
    if request.method == "POST":
        return take_step(request, version)
    known = versions.states()
    context = frame | {
        "version": version,
        "gate": gate_of(version, known, access_of(request)),
        "shares": SHARES,
        "live_number": known.live_number,
    }
    if request.GET.get("part") == PART:
        return TemplateResponse(request, "console/gate.html", context)
    others = list(PersonaVersion.objects.exclude(pk=version.pk).defer("sheet")[:OFFERED])
    before = _against(request, version, known)
    context |= {
        "title": f"Compare {version}",
        "difference": versions.difference(before, version, known) if before else None,
        "others": others,
    }
    return TemplateResponse(request, "console/compare.html", context)


def _against(request: HttpRequest, version: PersonaVersion, known: versions.States) -> PersonaVersion | None:
    """The named version, else the live one, else the one before; None where there is no other."""
    rows = PersonaVersion.objects.exclude(pk=version.pk)
    live = rows.filter(pk=known.live).first() if known.live else None
    named = request.GET.get("against", "")
    if named.isdecimal() and len(named) < 10:  # a larger number is none of Postgres's
        return rows.filter(number=int(named)).first() or live
    return live or rows.filter(number__lt=version.number).first() or rows.first()
