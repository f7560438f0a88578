"""Debian's Chromium over a web process of the product. Tests wait for what they see, never for time."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.fan_page import PHONE, FanPage, remembered

if TYPE_CHECKING:
    from tests.browser.site import Site
    from tests.factories import FanLogin

# Models need Django's settings, which stand only after every conftest has been read; so those imports wait.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What a page shows at last counts, not how soon: other tests share the machine. A whole reply is in it.
expect.set_options(timeout=30_000)
SAVE_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
OpenTab = Callable[..., Awaitable[FanPage]]


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """The browser is one for all tests of this folder, so they share its event loop too."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)


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


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def _launched() -> AsyncIterator[Browser]:
    path = shutil.which("chromium")
    assert path, "chromium is not on PATH: apt-get install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="package")
async def chromium(_launched: Browser) -> AsyncIterator[Browser]:
    """The browser, of which the test finds no context and leaves none."""
    yield _launched
    for browsing in list(_launched.contexts):
        # A request that a test still holds or answers fails as its page closes; the next test would get that error.
        await browsing.unroute_all(behavior="ignoreErrors")
        for page in browsing.pages:
            await page.unroute_all(behavior="ignoreErrors")
        await browsing.close()


@pytest.fixture
def service_workers() -> Literal["allow", "block"]:
    """Without one by default: it fetches a hundred files anew for each test, and hides requests from `page.route`."""
    return "block"


@pytest.fixture
def saves_data() -> bool:
    """The browser saves data by default: half of the app's files are those of screens that a test does not open."""
    return True


@pytest_asyncio.fixture(loop_scope="package")
async def tab(
    chromium: Browser, site: "Site", service_workers: Literal["allow", "block"], saves_data: bool
) -> AsyncIterator[OpenTab]:
    """Opens tabs, each in a browser context of its own; at the end none of them may have met an error of ours."""
    tabs: list[FanPage] = []

    async def open_tab(
        size: tuple[int, int] = PHONE, *, scheme: str = "light", motion: str = "full", refresh_token: str = ""
    ) -> FanPage:
        browsing = await chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce" if motion == "reduce" else "no-preference",
            locale="en-GB",
            timezone_id="Europe/London",
            storage_state=remembered(site.url, refresh_token) if refresh_token else None,
            service_workers=service_workers,
        )
        if saves_data:
            await browsing.add_init_script(SAVE_DATA)
        tabs.append(FanPage(await browsing.new_page(), f"{site.url}/a/{site.artist.slug}"))
        return tabs[-1]

    yield open_tab
    assert [fan.troubles for fan in tabs] == [[] for _ in tabs]


@pytest.fixture
def member(site: "Site") -> "FanLogin":
    """A fan who has joined."""
    from tests.factories import make_fan

    return make_fan(site.artist)


@pytest.fixture
def login(member: "FanLogin") -> tuple[str, str]:
    """Her e-mail and password."""
    return member.user.email, member.password


@pytest.fixture
def known_tab(tab: OpenTab, member: "FanLogin") -> OpenTab:
    """Opens tabs as `tab` does, in which she has logged in before; nothing of the app is open yet."""
    from tests.browser.site import refresh_token_for

    return lambda *size, **look: tab(*size, refresh_token=refresh_token_for(member.user), **look)


@pytest.fixture
def fan_tab(known_tab: OpenTab) -> OpenTab:
    """Opens tabs as `known_tab` does: the chat, ready for words."""

    async def open_tab(*size: tuple[int, int], **look: str) -> FanPage:
        page = await known_tab(*size, **look)
        await page.open()
        await page.is_open()
        return page

    return open_tab


@pytest_asyncio.fixture(loop_scope="package")
async def fan(fan_tab: OpenTab) -> FanPage:
    """She, on a phone."""
    return await fan_tab()
