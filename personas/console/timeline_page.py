"""The page of mood and schedule on one line of time, and as a table below for the keyboard and the screen reader."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from personas.console import timeline
from personas.models import Mood, ScheduleEntry
from personas.recurrence import Occurrence, Repeats, merged

# As many entries of a lane as the page shows; the lists have the rest.
MANY = 200


def mood_and_schedule(request: HttpRequest, frame: dict[str, Any], *, may_edit: bool) -> HttpResponse:
    """`frame` is what every page of the console has. Whoever calls has asked for the capabilities."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    zone = timeline.zone_of_person(request.user)
    shown = timeline.window(request.GET.get("zoom", ""), request.GET.get("day", ""), now, zone)
    moods, dates = _entries(Mood.objects.all(), shown), _entries(ScheduleEntry.objects.all(), shown)
    lanes = (
        timeline.lane("Mood", "mood", _kept(moods), shown, now, with_gaps=len(moods) <= MANY),
        timeline.lane("Schedule", "event", _kept(dates), shown, now),
    )
    context = frame | {
        "title": "Mood and schedule",
        "lanes": lanes,
        "shown": shown,
        "ticks": timeline.ticks(shown, now),
        "mood_now": next((bar for bar in lanes[0].bars if bar.state == "now"), None),
        "now": now if shown.starts_at <= now < shown.ends_at else None,
        "line_style": f"left:{shown.position(now):.3f}%",
        "zooms": timeline.ZOOMS.items(),
        "rows": _rows(lanes, _left_out("Mood", moods, now) + _left_out("Schedule", dates, now)),
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
    """One more than is shown, so that the page can say that there are more; what was left out is among them."""
    once = Q(repeats=Repeats.NONE, ends_at__gt=shown.starts_at)
    again = ~Q(repeats=Repeats.NONE) & (Q(repeats_until=None) | Q(repeats_until__gte=shown.first - timedelta(days=2)))
    inside = rows.filter(once | again, starts_at__lt=shown.ends_at).order_by("starts_at", "ends_at")[: MANY + 1]
    found = merged(((row, replace(row.rule, skipped=frozenset())) for row in inside), shown.starts_at)
    shown_ones = takewhile(lambda pair: pair[1].starts_at < shown.ends_at, found)
    return [_entry(row, one) for row, one in islice(shown_ones, MANY + 1)]


def _entry(row: Mood | ScheduleEntry, one: Occurrence) -> timeline.Entry:
    return timeline.Entry(
        row.pk,
        row._meta.model_name or "",
        str(row),
        getattr(row, "line", ""),
        one.starts_at,
        one.ends_at,
        day=None if row.repeats == Repeats.NONE else one.day,
        left_out=one.day in row.skipped,
    )


def _kept(entries: list[timeline.Entry]) -> list[timeline.Entry]:
    return [entry for entry in entries[:MANY] if not entry.left_out]


def _left_out(lane: str, entries: list[timeline.Entry], now: datetime) -> list[dict[str, Any]]:
    """Rows for what was left out and can still be put back."""
    return [_row(lane, entry, left_out=entry) for entry in entries[:MANY] if entry.left_out and entry.starts_at > now]


def _row(lane: str, span: timeline.Span | timeline.Entry, **told: Any) -> dict[str, Any]:
    return {"lane": lane, "span": span, "bar": None, "left_out": None, "add": ""} | told


def _rows(lanes: tuple[timeline.Lane, ...], left_out: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything that the lanes show, by its start; a row has a `bar`, or is `left_out`, or a gap with `add`."""
    bars = [_row(lane.title, bar.span, bar=bar) for lane in lanes for bar in lane.bars]
    gaps = [_row(lane.title, gap, add=_add(gap)) for lane in lanes for gap in lane.gaps]
    return sorted(bars + gaps + left_out, key=lambda row: (row["span"].starts_at, row["lane"]))


def _add(gap: timeline.Span) -> str:
    times = {"starts_at": gap.starts_at.isoformat(), "ends_at": gap.ends_at.isoformat()}
    return f"{reverse('admin:personas_mood_add')}?{urlencode(times)}"
