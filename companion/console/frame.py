"""What surrounds every page: what is switched off, the badges of the sidebar, and which providers are not real."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest

from moderation.models import Case
from tenancy.console.access import access_of
from tenancy.console.people import names_of
from tenancy.context import tenant
from tenancy.models import Artist, KillSwitch
from tenancy.roles import Capability

OFFLINE = "offline"
SURFACES = {"text": "Text chat", "voice": "Voice messages", "calls": "Live calls", "campaigns": "Campaigns"}


@dataclass(frozen=True, slots=True)
class Stop:
    """Something that is off: what, why, who did it and since when (None: the artist is suspended on her own page)."""

    what: str
    reason: str
    who: str
    since: datetime | None


def title_of(switch: KillSwitch, artist: str) -> str:
    """What a switch stops, in words."""
    if switch.scope == KillSwitch.Scope.GLOBAL:
        return "Everything, for every artist"
    if switch.scope == KillSwitch.Scope.ARTIST:
        return f"Everything of {artist}"
    if switch.scope == KillSwitch.Scope.PROVIDER:
        return f"The provider {switch.provider}"
    surface = SURFACES.get(switch.surface, switch.surface)
    return surface if switch.artist_id else f"{surface}, for every artist"


def stops(request: HttpRequest) -> list[Stop]:
    """What is off for the chosen artist, the widest first; read once a request."""
    known = getattr(request, "console_stops", None)
    if known is None:
        known = _stops(request)
        request.console_stops = known  # type: ignore[attr-defined]  # lives as long as this request
    return cast("list[Stop]", known)


def badges(request: HttpRequest) -> dict[str, tuple[int, str]]:
    """{page's name: (number, colour)}, only where there is something to do and this role may do it."""
    access = access_of(request)
    found: dict[str, tuple[int, str]] = {}
    if access.allows(Capability.MODERATE):
        cases = _open_cases(request)
        grave = "danger" if cases.get(Case.Kind.CRISIS) else "primary"
        found["moderation_case"] = (sum(cases.values()), grave)
    if access.allows(Capability.CONTROL):
        found["tenancy_killswitch"] = (len(stops(request)), "danger")
    return {name: badge for name, badge in found.items() if badge[0]}


def environment(_request: HttpRequest) -> list[str] | None:
    """UNFOLD["ENVIRONMENT"]: the chip that says when what answers is no real provider; last, its words on a phone."""
    offline = [name for name, own in settings.PROVIDERS.items() if own["name"] == OFFLINE and name in IN_USE]
    if not offline:
        return None
    place = "" if settings.PRODUCTION else "Demo · "
    which = "providers" if len(offline) == len(IN_USE) else ", ".join(IN_USE[name] for name in offline)
    return [f"{place}offline {which}", "info", "Offline" if settings.PRODUCTION else "Demo"]


# The pipelines that the product uses so far, and how people call them.
IN_USE = {"LLM": "LLM", "EMBEDDINGS": "Embeddings", "MODERATION": "Moderation"}


def _stops(request: HttpRequest) -> list[Stop]:
    access = access_of(request)
    if access.chosen is None:
        return []
    with tenant(access.artist):
        on = list(KillSwitch.objects.filter(on=True).order_by("artist_id", "scope", "surface", "provider"))
        suspended = Artist.objects.filter(pk=access.artist, status=Artist.Status.SUSPENDED).exists()
    names = names_of(switch.changed_by for switch in on)
    name = access.chosen.name
    found = [Stop(title_of(s, name), s.reason, names[s.changed_by], s.changed_at) for s in on]
    if suspended:
        found.insert(0, Stop(f"{name} is suspended", "set on the artist's own page", "", None))
    return found


def _open_cases(request: HttpRequest) -> dict[str, int]:
    with tenant(access_of(request).artist):
        rows: Any = Case.objects.filter(status=Case.Status.OPEN).order_by().values_list("kind").annotate(Count("id"))
        return dict(rows)
