"""The steps that a form of the case's page takes: each calls one service and says where the page goes on."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from companion.console.review import listing
from companion.console.review.listing import Filter, address_of
from companion.kernel.errors import Conflict, NotFound
from conversations.console import grants
from moderation import review
from moderation.models import Case
from tenancy import services
from tenancy.console.access import Access, access_of
from tenancy.models import Fan
from tenancy.roles import Capability

# name: (what it is called, sanction, how long; None: until it is lifted)
SANCTIONS: dict[str, tuple[str, str, timedelta | None]] = {
    "mute-day": ("Mute for a day", Fan.Sanction.MUTED, timedelta(days=1)),
    "mute-week": ("Mute for a week", Fan.Sanction.MUTED, timedelta(days=7)),
    "ban": ("Ban until it is lifted", Fan.Sanction.BANNED, None),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a step, on which case, under which filter of the list."""

    request: HttpRequest
    access: Access
    case: Case
    chosen: Filter
    now: datetime

    @property
    def user(self) -> UUID:
        if self.access.user is None:
            raise PermissionDenied
        return self.access.user

    def sent(self, name: str) -> str:
        return self.request.POST.get(name, "")

    def check(self, capability: Capability) -> None:
        if not self.access.allows(capability):
            raise PermissionDenied

    def stay(self) -> HttpResponse:
        return HttpResponseRedirect(address_of(self.case.pk, self.chosen))


def take(request: HttpRequest, case: Case, chosen: Filter) -> HttpResponse:
    """Raises CompanionError where the service refuses, and NotFound for a step that there is not."""
    asked = Asked(request, access_of(request), case, chosen, timezone.now())
    step = STEPS.get(asked.sent("action"))
    if step is None:
        raise NotFound("There is no such step.")
    return step(asked)


def _reveal(asked: Asked) -> HttpResponse:
    """Opens the fan's words for the case's sake, and takes the case unless it is another's."""
    asked.check(Capability.READ_CONVERSATIONS)
    case, actor = asked.case, asked.access.actor
    if grants.active(case.fan_id, asked.user) is None:
        grants.open_reading(case.fan, asked.user, listing.reason_of(case), actor=actor)
    with suppress(Conflict):  # to read a case is not to take it: the page says whose it is
        review.claim(case, actor=actor)
    return asked.stay()


def _close(asked: Asked) -> HttpResponse:
    grants.close_reading(asked.case.fan, asked.user, actor=asked.access.actor)
    messages.success(asked.request, "Access is closed.")
    return asked.stay()


def _claim(asked: Asked) -> HttpResponse:
    review.claim(asked.case, actor=asked.access.actor, over=asked.sent("over") == "yes")
    return asked.stay()


def _give_back(asked: Asked) -> HttpResponse:
    review.give_back(asked.case, actor=asked.access.actor)
    return asked.stay()


def _decide(asked: Asked) -> HttpResponse:
    """And on to the next case of the list, where the decision can be taken back for a moment."""
    case, actor = asked.case, asked.access.actor
    after = listing.next_to(listing.keys(asked.chosen, actor, asked.now), case.pk)
    review.decide(case, asked.sent("outcome"), asked.sent("finding"), actor=actor)
    return HttpResponseRedirect(address_of(after, asked.chosen, decided=case.pk))


def _undo(asked: Asked) -> HttpResponse:
    review.undo(asked.case, actor=asked.access.actor)
    messages.success(asked.request, "The case is open again, and yours.")
    return asked.stay()


def _sanction(asked: Asked) -> HttpResponse:
    asked.check(Capability.MANAGE_FANS)
    chosen = SANCTIONS.get(asked.sent("sanction"))
    if chosen is None:
        raise NotFound("There is no such sanction.")
    title, sanction, lasts = chosen
    until = asked.now + lasts if lasts else None
    services.change_sanction(asked.case.fan, sanction, until, reason=asked.sent("reason"), actor=asked.access.actor)
    messages.success(asked.request, f"{listing.fan_label(asked.case.fan)}: {title.lower()}.")
    return asked.stay()


STEPS: dict[str, Callable[[Asked], HttpResponse]] = {
    "reveal": _reveal,
    "close": _close,
    "claim": _claim,
    "give_back": _give_back,
    "decide": _decide,
    "undo": _undo,
    "sanction": _sanction,
}
