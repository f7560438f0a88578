"""What the queue's page shows, and its list alone for the refresh."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from companion.console.review import listing
from companion.console.review.listing import Filter
from companion.console.review.panel import Standing, outcome_of, panel_of, standing_of
from companion.console.review.steps import SANCTIONS
from companion.kernel.errors import CompanionError
from moderation import queue, review
from moderation.models import Case
from tenancy.console.access import access_of
from tenancy.roles import Capability

# The page shows the undo for so long; the server takes it a little longer (moderation/review.py).
UNDO_SHOWN = timedelta(seconds=5)


def case_of(key: UUID) -> Case | None:
    """With what its page needs. Within the artist's transaction."""
    return Case.objects.filter(pk=key).select_related("fan__user").first()


def show(
    request: HttpRequest, case: Case | None, frame: dict[str, Any], refusal: CompanionError | None = None
) -> HttpResponse:
    """The queue beside one case: the one that is named, or else the first. `refusal`: why the last step was not taken;
    what was typed stays in its field."""
    now, access, chosen = timezone.now(), access_of(request), listing.filter_of(request)
    found = listing.keys(chosen, access.actor, now)
    named = case is not None
    if case is None and found:
        case = case_of(found[0])
    panel = panel_of(case, access, now) if case else None
    decided = _just_decided(request, access.actor, now)
    context = frame | _list(access.actor, chosen, found, case, now)
    context |= {
        "title": f"Case {listing.mark_of(case)}" if case and named else "Review queue",
        "named": named,
        "panel": panel,
        "standing": panel.standing if panel else None,
        "refusal": refusal.detail if refusal else "",
        "finding": request.POST.get("finding", case.finding if case else "")[: review.FINDING_LIMIT],
        "longest": review.FINDING_LIMIT,
        "sanctions": [(name, title) for name, (title, _, _) in SANCTIONS.items()],
        "may_sanction": access.allows(Capability.MANAGE_FANS),
        "decided": decided,
        "decided_as": f"Case {listing.mark_of(decided)}: {outcome_of(decided)}." if decided else "",
        "undo_ms": int(UNDO_SHOWN.total_seconds() * 1000),
        "after": listing.address_of(listing.next_to(found, case.pk), chosen) if case else "",
        "back": listing.address_of(None, chosen),
        "here": listing.address_of(case.pk, chosen) if case else "",
    }
    return TemplateResponse(request, "console/queue.html", context, status=refusal.status if refusal else 200)


def show_list(request: HttpRequest, case: Case | None, frame: dict[str, Any]) -> HttpResponse:
    """The list alone, and whose the case beside it is by now."""
    now, access, chosen = timezone.now(), access_of(request), listing.filter_of(request)
    found = listing.keys(chosen, access.actor, now)
    standing: Standing | None = standing_of(case, access.actor, now) if case else None
    context = frame | _list(access.actor, chosen, found, case, now) | {"standing": standing}
    return TemplateResponse(request, "console/queue_list.html", context)


def _list(actor: str, chosen: Filter, found: list[UUID], case: Case | None, now: datetime) -> dict[str, Any]:
    counted = queue.counts(actor, now)
    return {
        "tabs": listing.tabs(chosen, counted),
        "cards": listing.cards(found, chosen, now, current=case.pk if case else None),
        "all_waiting": counted.every,
        "closed_today": sum(queue.decided_since(now.replace(hour=0, minute=0, second=0, microsecond=0)).values()),
        "is_cut": len(found) == listing.MANY,
        "many": listing.MANY,
        "chosen": chosen,
    }


def _just_decided(request: HttpRequest, actor: str, now: datetime) -> Case | None:
    """The case that this member decided a moment ago and may still take back."""
    try:
        key = UUID(request.GET.get("decided", ""))
    except ValueError:
        return None
    return review.undoable(actor, now).filter(pk=key).first()
