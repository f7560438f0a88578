"""The page of mood and schedule on one line of time, and as a table below for the keyboard and the screen reader."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from personas.console import timeline
from personas.models import Mood, ScheduleEntry

# As many entries of a lane as the page shows; the lists have the rest.
MANY = 200


def mood_and_schedule(request: HttpRequest, frame: dict[str, Any], *, may_edit: bool) -> HttpResponse:
    """`frame` is what every page of the console has. Whoever calls has asked for the capabilities."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    zone = timeline.zone_of_person(request.user)
    shown = timeline.window(request.GET.get("zoom", ""), request.GET.get("day", ""), now, zone)
    moods, dates = _entries(Mood.objects.all(), shown), _entries(ScheduleEntry.objects.all(), shown)
    lanes = (
        timeline.lane("Mood", "mood", moods[:MANY], shown, now, with_gaps=len(moods) <= MANY),
        timeline.lane("Schedule", "event", dates[:MANY], shown, now),
    )
    context = frame | {
        "title": "Mood and schedule",
        "lanes": lanes,
        "shown": shown,
        "ticks": timeline.ticks(shown, now),
        "now": now if shown.starts_at <= now < shown.ends_at else None,
        "line_style": f"left:{shown.position(now):.3f}%",
        "zooms": timeline.ZOOMS,
        "rows": _rows(lanes),
        "clashes": [clash for lane in lanes for clash in lane.clashes],
        "is_cut": max(len(moods), len(dates)) > MANY,
        "many": MANY,
        "may_edit": may_edit,
    }
    return TemplateResponse(request, "console/timeline.html", context)


def prefilled(request: HttpRequest) -> dict[str, datetime]:
    """The times that the address of an add form names, for its fields; what is no moment is left out."""
    found = {}
    for name in ("starts_at", "ends_at"):
        try:
            moment = datetime.fromisoformat(request.GET.get(name, ""))
        except ValueError:
            continue
        found[name] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return found


def _entries(rows: QuerySet[Mood] | QuerySet[ScheduleEntry], shown: timeline.Window) -> list[timeline.Entry]:
    """One more than is shown, so that the page can say that there are more."""
    inside = rows.filter(starts_at__lt=shown.ends_at, ends_at__gt=shown.starts_at).order_by("starts_at", "ends_at")
    return [
        timeline.Entry(
            row.pk, row._meta.model_name or "", str(row), getattr(row, "line", ""), row.starts_at, row.ends_at
        )
        for row in inside[: MANY + 1]
    ]


def _rows(lanes: tuple[timeline.Lane, ...]) -> list[dict[str, Any]]:
    """Everything that the lanes show, by its start: `bar` is None for a gap."""
    bars = [{"lane": lane.title, "bar": bar, "span": bar.span} for lane in lanes for bar in lane.bars]
    gaps = [{"lane": lane.title, "bar": None, "span": gap, "add": _add(gap)} for lane in lanes for gap in lane.gaps]
    return sorted(bars + gaps, key=lambda row: (row["span"].starts_at, row["lane"]))


def _add(gap: timeline.Span) -> str:
    times = {"starts_at": gap.starts_at.isoformat(), "ends_at": gap.ends_at.isoformat()}
    return f"{reverse('admin:personas_mood_add')}?{urlencode(times)}"
