"""The first page: what is live, the figures of a span, what needs a person, and how the providers do.

Each panel is read by itself: one that fails says so in its place, and the others stay. The page asks for itself anew
every half minute (static/console/today.js); what could not be refreshed turns grey with its age.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from billing import figures as used
from billing import prices
from companion.console import charts, frame
from companion.console.needs import needs
from companion.kernel import presence
from companion.kernel.breaker import State
from companion.kernel.spans import SPANS, Window, span_of
from companion.kernel.sync_redis import client
from conversations import figures as said
from personas.selectors import current_mood
from tenancy.console.access import access_of
from tenancy.models import Artist
from tenancy.surfaces import BUILT, surfaces

T = TypeVar("T")
log = structlog.get_logger(__name__)
VERDICTS = ("Deflected", "Held", "Blocked")
# How many boxes an hour of a provider's breaker is drawn with.
BOXES = 30
# A change of less than this, in percent, is neither good nor bad news.
NOTHING = 1.0
STATES = {State.CLOSED: "closed", State.HALF_OPEN: "half-open", State.OPEN: "open"}


@dataclass(frozen=True, slots=True)
class Panel:
    """`failed`: it could not be read."""

    value: Any = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One card. `tone`: good, bad or empty; `note` stands where the change would."""

    key: str
    title: str
    value: str
    change: str = ""
    tone: str = ""
    note: str = ""
    line: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """`state` is the worst of all live processes now; `boxes` the worst of each two minutes (None: nobody told)."""

    pipeline: str
    name: str
    state: str
    boxes: list[str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Surface:
    title: str
    live: bool
    since: datetime | None = None


def context(request: HttpRequest) -> dict[str, Any]:
    """What the first page shows. Within the artist's transaction."""
    access = access_of(request)
    window = Window(span_of(request.GET.get("span", "")), datetime.now(UTC))
    artist = access.artist
    readers: dict[str, Callable[[], Any]] = {
        "turns": lambda: turn_figures(artist, window),
        "fans": lambda: fan_figures(artist, window),
        "cost": lambda: cost_figures(artist, window),
        "needs": lambda: needs(request, window.now),
        "providers": providers,
        "surfaces": lambda: open_surfaces(request),
        "mood": lambda: current_mood(artist=artist),
    }
    panels = {name: _read(name, reader) for name, reader in readers.items()}
    return {"panels": panels, "spans": SPANS, "window": window, "access": access, "verdict_names": VERDICTS}


def figures(request: HttpRequest) -> HttpResponse:
    """The page's changing part alone, for the refresh."""
    return render(request, "console/today_panels.html", context(request))


def turn_figures(artist: UUID, window: Window) -> dict[str, Any]:
    """The cards of turns, first tokens and verdicts, and the chart of verdicts."""
    found = said.turns(artist, window)
    now, before, points = found.now, found.before, found.points
    labels = [_label(window, n) for n in range(window.span.points)]
    speed, verdicts = _first_token(now, before, points), _stopped(now, before, points)
    return {
        "cards": [_turns(found), speed, verdicts, _outcomes(now, points)],
        "chart": charts.stacked(labels, [(p.deflected, p.held, p.blocked) for p in points]),
        "total": now.total,
        "ever": now.total + before.total,
    }


def fan_figures(artist: UUID, window: Window) -> list[Figure]:
    found = said.fans(artist, window)
    as_of = "" if found.as_of == window.now else f"until {found.as_of:%H:%M} UTC"
    active = Figure(
        "fans",
        "Active fans",
        "not counted yet" if found.active is None else f"{found.active:,}",
        *_change(found.active, found.active_before),
        note=as_of,
        detail="said something in this span",
    )
    new = Figure(
        "joined",
        "New fans",
        f"{found.joined:,}",
        *_change(found.joined, found.joined_before),
        line=charts.spark(found.joined_points),
    )
    return [active, new]


def cost_figures(artist: UUID, window: Window) -> list[Figure]:
    """Tokens, and what they cost at today's prices; a model without a price is named."""
    found = used.usage(artist, window)
    taken = sum(t.input_tokens for t in found.used)
    given = sum(t.output_tokens for t in found.used)
    before = sum(t.input_tokens + t.output_tokens for t in found.before)
    tokens = Figure(
        "tokens",
        "Tokens",
        f"{taken + given:,}",
        *_change(taken + given, before, good=None),
        line=charts.spark(found.points),
        detail=f"{taken:,} in, {given:,} out",
    )
    return [tokens, _cost(prices.cost(found.used), prices.cost(found.before))]


def providers() -> list[Provider]:
    """Each pipeline that is in use, with the breakers that stand before its upstream. Raises RedisError."""
    redis = client()
    told = [process for process in presence.processes(redis) if not process.silent]
    history = presence.breaker_history(redis)
    return [row for pipeline in frame.IN_USE for row in _providers(pipeline, told, history)]


def open_surfaces(request: HttpRequest) -> list[Surface]:
    """What is built, live or not."""
    artist = Artist.objects.get(pk=access_of(request).artist)
    since = min((stop.since for stop in frame.stops(request) if stop.since), default=None)
    live = surfaces(artist)
    return [Surface(frame.SURFACES[name], live[name], None if live[name] else since) for name in BUILT]


def _read(name: str, reader: Callable[[], Any]) -> Panel:
    """In a savepoint, so that a statement that fails does not take the page's transaction with it."""
    try:
        with transaction.atomic():
            return Panel(reader())
    except (DatabaseError, RedisError, OSError) as error:
        log.warning("console.panel_failed", panel=name, error=type(error).__name__)
        return Panel(failed=True)


def _turns(found: said.SpanTurns) -> Figure:
    now = found.now
    change = _change(now.total, found.before.total)
    line = charts.spark([p.total for p in found.points])
    return Figure("turns", "Turns", f"{now.total:,}", *change, line=line)


def _first_token(now: said.Turns, before: said.Turns, points: list[said.Turns]) -> Figure:
    middle, slow, earlier = now.percentile_ms(0.5), now.percentile_ms(0.95), before.percentile_ms(0.5)
    change, tone = _change(middle, earlier, good=False)
    line = charts.spark([p.percentile_ms(0.5) for p in points])
    detail = f"p95 {_ms(slow)}" if slow is not None else "no reply yet"
    return Figure("first-token", "First token, p50", _ms(middle), change, tone, line=line, detail=detail)


def _stopped(now: said.Turns, before: said.Turns, points: list[said.Turns]) -> Figure:
    share, earlier = now.share(now.stopped), before.share(before.stopped)
    change, tone = "", ""
    if share is not None and earlier is not None:
        change, tone = f"{share - earlier:+.2f} pt", "bad" if share > earlier else "good" if share < earlier else ""
    detail = f"{now.blocked:,} blocked, {now.held:,} held, {now.deflected:,} deflected"
    line = charts.spark([p.share(p.stopped) for p in points])
    value = "no turns" if share is None else f"{share:.2f}%"
    return Figure("stopped", "Blocked, held, deflected", value, change, tone, line=line, detail=detail)


def _outcomes(now: said.Turns, points: list[said.Turns]) -> Figure:
    share = now.share(now.failed)
    value = "no turns" if share is None else f"{share:.2f}% failed"
    detail = f"{now.completed:,} completed, {now.cancelled:,} cancelled, {now.failed:,} failed"
    return Figure("outcomes", "Outcomes", value, line=charts.spark([p.share(p.failed) for p in points]), detail=detail)


def _cost(now: prices.Cost, before: prices.Cost) -> Figure:
    unpriced = f"no price for {', '.join(now.unpriced)}" if now.unpriced else ""
    if now.unpriced and not now.minor:
        return Figure("cost", "Cost", "no price set", detail=unpriced)
    if not now.currency:
        return Figure("cost", "Cost", "0", detail="the offline models cost nothing")
    change = _change(float(now.minor), float(before.minor), good=None) if not before.unpriced else ("", "")
    return Figure("cost", "Cost", now.text, *change, detail=unpriced or "at today's prices")


def _change(now: float | None, before: float | None, *, good: bool | None = True) -> tuple[str, str]:
    """In percent of the span before, and whether that is good news (`good`: more is; None: neither)."""
    if now is None or not before:
        return "", ""
    percent = 100 * (now - before) / before
    if good is None or abs(percent) < NOTHING:
        return f"{percent:+.1f}%", ""
    return f"{percent:+.1f}%", "good" if (percent > 0) == good else "bad"


def _providers(pipeline: str, told: list[presence.Told], history: dict[str, list[int | None]]) -> list[Provider]:
    """One for each upstream of the pipeline, `llm:openai`; one that answers in our own process has no breaker."""
    prefix = f"{pipeline.lower()}:"
    mine = [upstream for upstream in history if upstream.startswith(prefix)]
    if mine:
        return [_provider(pipeline, name.removeprefix(prefix), name, told, history[name]) for name in mine]
    note = "answers inside the process" if told else "no web process is heard"
    return [Provider(frame.IN_USE[pipeline], settings.PROVIDERS[pipeline]["name"], "" if told else "unknown", [], note)]


def _provider(
    pipeline: str, name: str, upstream: str, told: list[presence.Told], minutes: list[int | None]
) -> Provider:
    now = _state(_worst([process.breakers.get(upstream) for process in told]))
    each = presence.HISTORY_MINUTES // BOXES
    boxes = [_state(_worst(minutes[n : n + each])) for n in range(0, presence.HISTORY_MINUTES, each)]
    return Provider(frame.IN_USE[pipeline], name, now or "unknown", boxes, "" if now else "no live process tells of it")


def _worst(states: list[int | None]) -> int | None:
    return max((state for state in states if state is not None), default=None)


def _state(state: int | None) -> str:
    return "" if state is None else STATES[State(state)]


def _label(window: Window, point: int) -> str:
    at = window.start + window.step * point
    return f"{at:%H:%M}" if window.span.length <= timedelta(days=1) else f"{at:%d %b}"


def _ms(value: float | None) -> str:
    return "none yet" if value is None else f"{value:,.0f} ms" if value < 10_000 else f"{value / 1000:,.1f} s"
