"""Debian's Chromium over a web process of the product. Tests wait for what they see, never for time."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.fan_page import PHONE, FanPage

if TYPE_CHECKING:
    from tests.browser.site import Site

# Models need Django's settings, which stand only after every conftest has been read; so those imports wait.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OpenTab = Callable[..., Awaitable[FanPage]]


@pytest.fixture(scope="package")  # not longer: its process sweeps, and would take up other tests' turns
def site(_migrated_database: None) -> Iterator["Site"]:
    from tests.browser.site import open_site

    with open_site() as opened:
        yield opened


@pytest.fixture
def slow_replies(site: "Site") -> Iterator[None]:
    """Replies take some seconds, so that a test can act in the middle of one."""
    from tests.browser.site import BRISK, SLOW

    site.upstream.pace = SLOW
    yield
    site.upstream.pace = BRISK


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = shutil.which("chromium")
    assert path, "chromium is not on PATH: apt-get install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def tab(chromium: Browser, site: "Site") -> AsyncIterator[OpenTab]:
    """Opens tabs, each in a browser context of its own; at the end none of them may have met an error of ours."""
    tabs: list[FanPage] = []

    async def open_tab(size: tuple[int, int] = PHONE, *, scheme: str = "light", motion: str = "full") -> FanPage:
        browsing = await chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce" if motion == "reduce" else "no-preference",
            locale="en-GB",
            timezone_id="Europe/London",
        )
        tabs.append(FanPage(await browsing.new_page(), f"{site.url}/a/{site.artist.slug}"))
        return tabs[-1]

    yield open_tab
    assert [fan.troubles for fan in tabs] == [[] for _ in tabs]


@pytest.fixture
def login(site: "Site") -> tuple[str, str]:
    """E-mail and password of a fan who has joined."""
    from tests.factories import PASSWORD, make_fan

    return make_fan(site.artist).user.email, PASSWORD


@pytest.fixture
async def fan(tab: OpenTab, login: tuple[str, str]) -> FanPage:
    """A fan who has joined, logged in, on a phone."""
    page = await tab()
    await page.log_in(*login)
    return page
