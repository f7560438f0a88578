"""The fan's page on a phone: Lighthouse's performance, what the first load weighs, and a long history scrolled through.

Chromium is Debian's; it and Lighthouse run on this machine beside the product, so a busy machine shows in the figures.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from bench.lighthouse import Report, look_at
from bench.product import ARTIST, Stage
from bench.table import Figure
from bench.trace import longest_task, recorded
from companion.kernel.ids import new_id
from companion.local.processes import free_port

MESSAGES = 5000
PHONE = {"width": 390, "height": 844}
PERFORMANCE, WEIGHT_KB, FRAME_MS = 95, 120.0, 50.0
SLOWDOWNS = (1, 4)  # of the CPU: this machine's, and Lighthouse's phone
WHEEL_PX, SCROLL_S = 1800, 240
ARGUMENTS = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking")
SAID = "The loud songs came first, and the quiet ones came when the loud ones had said all that they knew."
TURN = """copy conversations_turn (id, artist_id, fan_id, client_message_id, body_hash, transport, status, owner,
    lease_until, epoch, created_at, ended_at) from stdin"""
MESSAGE = """copy conversations_message (id, artist_id, fan_id, turn_id, role, text, status, source, emotion, degraded,
    created_at) from stdin"""
FAN = """select f.artist_id, f.id from tenancy_fan f join tenancy_user u on u.id = f.user_id
    join tenancy_artist a on a.id = f.artist_id where u.email = %s and a.slug = %s"""
BLOCKING = """() => performance.getEntriesByType("resource")
    .filter((one) => one.renderBlockingStatus === "blocking" && !/\\.css$/.test(new URL(one.name).pathname)).length"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
# The thread is a column-reverse scroller: 0 is its newest end, and the way up is negative.
PLACE = """() => { const node = document.querySelector("[data-scroll]");
    return { top: node.scrollTop, all: !document.querySelector("[data-beginning]").hidden,
             left: node.scrollHeight - node.clientHeight + node.scrollTop }; }"""


def measure(stage: Stage) -> Iterator[Figure]:
    """Raises LighthouseFailed, and playwright's errors when the page does not do what it should."""
    address = f"{stage.web.url}/a/{ARTIST}"
    email, password = stage.demo_fan["email"], stage.demo_fan["password"]
    fill_history(stage.urls["database_superuser_url"], email)
    port = free_port()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="companion-profile-") as profile:
        browsing = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=shutil.which("chromium"),
            args=[*ARGUMENTS, f"--remote-debugging-port={port}"],
            viewport=PHONE,  # type: ignore[arg-type]  # a mapping of just these
            locale="en-GB",
        )
        page = browsing.pages[0]
        yield from first_load(browsing, page, address)
        page.goto("about:blank")
        yield performance("welcome", look_at(address, port=port, categories=("performance",)))
        log_in(page, address, email, password)
        page.goto("about:blank")
        yield performance(f"chat of {MESSAGES:,} messages", look_at(address, port=port, categories=("performance",)))
        for slowdown in SLOWDOWNS:
            yield scrolled(browsing, page, address, slowdown)
        browsing.close()


def performance(name: str, report: Report) -> Figure:
    metrics = report.metrics
    note = (
        f"FCP {metrics['first-contentful-paint']:.0f} ms, LCP {metrics['largest-contentful-paint']:.0f} ms, "
        f"TBT {metrics['total-blocking-time']:.0f} ms, CLS {metrics['cumulative-layout-shift']:.3f}"
    )
    return Figure(f"Lighthouse performance, {name}", report.scores["performance"], "", at_least=PERFORMANCE, note=note)


def first_load(browsing: BrowserContext, page: Page, address: str) -> Iterator[Figure]:
    """Bytes over the wire, with headers, of all that a first visit asks for; what the first paint waits for.

    What the page fetches afterwards, when the phone idles (its other screens), is a figure of its own.
    """
    wire = Wire(browsing.new_cdp_session(page))
    page.goto(address, wait_until="networkidle")
    first, later = wire.sizes()
    yield Figure("first load over the wire", sum(first) / 1000, "kB", at_most=WEIGHT_KB, note=f"{len(first)} requests")
    yield Figure("fetched later, when idle: the other screens", sum(later) / 1000, "kB", note=f"{len(later)} requests")
    yield Figure("requests beyond HTML and CSS that block the first paint", page.evaluate(BLOCKING), "", at_most=0)
    yield Figure("first contentful paint, no throttle", page.evaluate(PAINTED), "ms")
    wire.session.detach()


class Wire:
    """What goes over the network of a page, as an empty cache has it."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session
        self._asked: dict[str, float] = {}
        self._sizes: dict[str, float] = {}
        self._loaded = float("inf")
        session.on("Network.requestWillBeSent", self._on_asked)
        session.on("Network.loadingFinished", self._on_finished)
        session.on("Page.loadEventFired", self._on_loaded)
        for command in ("Page.enable", "Network.enable"):
            session.send(command)
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.send("Network.setBypassServiceWorker", {"bypass": True})

    def sizes(self) -> tuple[list[float], list[float]]:
        """Of what was asked for before the page had loaded, and after."""
        first = [size for request, size in self._sizes.items() if self._asked[request] <= self._loaded]
        later = [size for request, size in self._sizes.items() if self._asked[request] > self._loaded]
        return first, later

    def _on_asked(self, event: dict[str, Any]) -> None:
        self._asked[event["requestId"]] = event["timestamp"]

    def _on_finished(self, event: dict[str, Any]) -> None:
        self._sizes[event["requestId"]] = event["encodedDataLength"]

    def _on_loaded(self, event: dict[str, Any]) -> None:
        self._loaded = event["timestamp"]


def log_in(page: Page, address: str, email: str, password: str) -> None:
    page.goto(f"{address}/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.locator("form [type=submit]").click()
    page.locator(".msg").first.wait_for()


def scrolled(browsing: BrowserContext, page: Page, address: str, slowdown: int) -> Figure:
    """The longest that the main thread was kept from a frame, all the way up (loading as it goes) and down again."""
    page.goto(address)
    page.locator(".msg").first.wait_for()
    session = browsing.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    with recorded(session) as events:
        seconds = _there_and_back(page, session)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()
    task = longest_task(events)
    limit = FRAME_MS if slowdown == 1 else None
    name = f"longest task of a frame, {MESSAGES:,} messages scrolled, CPU {slowdown}× slower"
    note = f"{task.wall_ms:.0f} ms with what else ran here; {seconds:.0f} s up and down"
    return Figure(name, task.cpu_ms, "ms", at_most=limit, note=note)


def _there_and_back(page: Page, session: CDPSession) -> float:
    """Seconds that it took. The wheel turns as fast as frames are drawn."""
    began = datetime.now(UTC)
    _scroll(page, session, -WHEEL_PX, lambda place: bool(place["all"]) and place["left"] < 1)
    _scroll(page, session, WHEEL_PX, lambda place: place["top"] > -1)
    return (datetime.now(UTC) - began).total_seconds()


def _scroll(page: Page, session: CDPSession, delta: int, there: Any) -> None:
    until = datetime.now(UTC) + timedelta(seconds=SCROLL_S)
    while not there(page.evaluate(PLACE)):
        if datetime.now(UTC) > until:
            raise TimeoutError(f"the thread's end was not reached: {page.evaluate(PLACE)}")
        session.send(
            "Input.dispatchMouseEvent",
            {"type": "mouseWheel", "x": 195, "y": 400, "deltaX": 0, "deltaY": delta},
        )


def fill_history(superuser_url: str, email: str) -> None:
    """MESSAGES of the fan with the demo artist, some minutes apart over the last weeks."""
    with psycopg.connect(superuser_url) as connection:
        artist, fan = connection.execute(FAN, (email, ARTIST)).fetchone() or (None, None)
        turns, messages = [], []
        start = datetime.now(UTC) - timedelta(minutes=10 * MESSAGES)
        for number in range(MESSAGES // 2):
            at, turn = start + timedelta(minutes=20 * number), new_id()
            turns.append((turn, artist, fan, f"bench-{number}", bytes(32), "websocket", "completed", "", at, 1, at, at))
            for place, role in enumerate(("fan", "persona")):
                text = _said(2 * number + place)
                when = at + timedelta(seconds=place)
                messages.append((new_id(), artist, fan, turn, role, text, "complete", "text", "", False, when))
        for statement, rows in ((TURN, turns), (MESSAGE, messages)):
            with connection.cursor().copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)


def _said(number: int) -> str:
    """Between four words and four lines, the same for the same number."""
    words = SAID.split()
    return f"{number}: " + " ".join(words[(number + place) % len(words)] for place in range(4 + number * 7 % 60))
