"""The console's pages as an owner opens them, one after another, with a million messages and 100,000 fans there."""

import re
from collections.abc import Iterator
from http.cookiejar import CookieJar
from statistics import median
from time import perf_counter
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import psycopg

from bench.console_data import FANS, TURNS, fill
from bench.product import ARTIST, LoadFailed, Stage
from bench.table import Figure, percentile

LIMIT_MS = 300.0
OPENINGS = 20
WARM = 2
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
SIDEBAR = re.compile(r'<nav id="nav-sidebar-inner".*?</nav>', re.DOTALL)
LINK = re.compile(r'href="(/console/[^"?]*)"')
ROW = re.compile(r'href="(/console/\w+/\w+/[0-9a-f-]{36}/(?:change/)?)[?"]')
LAST_PAGE = re.compile(r'href="\?(p=\d+)"[^>]* class="end"')
SPANS = ("1h", "24h", "7d", "30d", "90d")


def measure(stage: Stage) -> Iterator[Figure]:
    """One figure a page: its p95. Raises LoadFailed when a page does not answer 200."""
    seconds = _load(stage)
    yield Figure(f"loading {2 * TURNS:,} messages and {FANS:,} fans", seconds, "s")
    reader = Reader(stage.web.url)
    reader.log_in(next(login for login in stage.staff if login["role"] == "owner"))
    for address in reader.addresses():
        times = [reader.open_timed(address) for _ in range(OPENINGS + WARM)][WARM:]
        note = f"p50 {median(times):.0f}"
        yield Figure(f"console {address}, p95", percentile(times, 0.95), "ms", at_most=LIMIT_MS, note=note)


class Reader:
    """A browser without a screen: cookies, a log-in, pages."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def log_in(self, login: dict[str, str]) -> None:
        where = "/console/login/?next=/console/"
        token = TOKEN.search(self._open(where))
        fields = {"username": login["email"], "password": login["password"], "next": "/console/"}
        body = urlencode(fields | {"csrfmiddlewaretoken": token[1] if token else ""}).encode()
        headers = {"Referer": self._url + where}
        with self._opener.open(Request(self._url + where, body, headers), timeout=30) as answer:
            if answer.url.rstrip("/") != f"{self._url}/console":
                raise LoadFailed(f"the owner could not log in: {answer.url}")

    def addresses(self) -> list[str]:
        """Today in each span, every page of the sidebar, the last page of the long lists, and a row of each list."""
        sidebar = SIDEBAR.search(self._open("/console/"))
        lists = sorted({address for address in LINK.findall(sidebar[0] if sidebar else "") if address != "/console/"})
        found = [f"/console/?span={span}" for span in SPANS] + lists
        for address in lists:
            text = self._open(address)
            found += [f"{address}?{page}" for page in LAST_PAGE.findall(text)[-1:]]
            row = ROW.search(text)
            found += [row[1]] if row else []
        return [*found, "/console/tenancy/fan/?q=fan777", "/console/search/?extended=1&s=fan777"]

    def open_timed(self, address: str) -> float:
        """Milliseconds until the whole page is there."""
        began = perf_counter()
        self._open(address)
        return (perf_counter() - began) * 1000

    def _open(self, address: str) -> str:
        try:
            with self._opener.open(self._url + address, timeout=30) as answer:
                return str(answer.read().decode())
        except OSError as error:
            raise LoadFailed(f"{address}: {error}") from error


def _load(stage: Stage) -> float:
    """The rows, and their figures rolled up as the scheduler would have over the ninety days."""
    url = stage.urls["database_superuser_url"]
    with psycopg.connect(url) as connection:
        row = connection.execute("select id from tenancy_artist where slug = %s", [ARTIST]).fetchone()
    if row is None:
        raise LoadFailed(f"there is no artist {ARTIST}")
    seconds = fill(url, row[0], ARTIST)
    stage.manage("roll_figures", "--artist", ARTIST)
    return seconds
