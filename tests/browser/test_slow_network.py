"""On slow 3G: the welcome can be read while its scripts are still on their way, and the chat can be used."""

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import OpenTab
from tests.browser.fan_page import FanPage

pytestmark = pytest.mark.browser

# Chromium's own "Slow 3G": 400 ms away in each direction's sum, 400 kbit/s, of which it gives 80 %.
SLOW_3G = {
    "offline": False,
    "latency": 400 * 5,
    "downloadThroughput": 400e3 / 8 * 0.8,
    "uploadThroughput": 400e3 / 8 * 0.8,
}
PAINTED = """() => new Promise((done) => {
  new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").length && done(true))
    .observe({ type: "paint", buffered: true });
})"""


async def slow_down(fan: FanPage) -> None:
    session = await fan.context.new_cdp_session(fan.page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", SLOW_3G)


async def test_the_welcome_can_be_read_before_its_scripts_are_there(tab: OpenTab) -> None:
    fan = await tab()
    await slow_down(fan)
    await fan.page.goto(fan.url, wait_until="commit")
    await expect(fan.page.get_by_role("heading", level=1)).to_be_visible()
    await expect(fan.page.get_by_label("Email")).to_be_visible()
    assert await fan.page.evaluate("document.readyState") != "complete"


async def test_the_first_paint_waits_for_nothing_but_html_and_css(tab: OpenTab) -> None:
    """Whatever else the page asks for never comes, and still it is painted."""
    fan = await tab()
    asked: list[str] = []

    async def only_html_and_css(route: Route) -> None:
        kind = route.request.resource_type
        if kind in ("document", "stylesheet"):
            await route.continue_()
        else:
            asked.append(kind)

    await fan.page.route("**/*", only_html_and_css)
    await fan.page.goto(fan.url, wait_until="commit")
    await expect(fan.page.get_by_role("heading", level=1)).to_be_visible()
    assert await fan.page.evaluate(PAINTED)
    assert "script" in asked
    await fan.page.unroute_all(behavior="ignoreErrors")


async def test_the_chat_is_usable(tab: OpenTab, login: tuple[str, str]) -> None:
    fan = await tab()
    await fan.log_in(*login)
    await slow_down(fan)
    await fan.page.reload(wait_until="commit")
    await expect(fan.box).to_be_visible()
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "idle", timeout=60_000)
    said = await fan.say("Is the line any good over there?")
    await expect(said.message).to_be_visible(timeout=2_000)
    await said.is_answered()


LOADED = "performance.getEntriesByType('resource').some((file) => file.name.endsWith('/settings_page.js'))"


@pytest.mark.parametrize("saves_data", [False])
async def test_other_screens_are_fetched_before_they_are_wanted(tab: OpenTab, saves_data: bool) -> None:
    fan = await tab()
    async with fan.page.expect_request("**/settings_page.js"):
        await fan.open()


async def test_who_saves_data_loads_a_screen_as_she_opens_it(fan: FanPage) -> None:
    await fan.page.evaluate("new Promise((done) => requestIdleCallback(done))")
    assert not await fan.page.evaluate(LOADED)
    await fan.button("More").click()
    await fan.page.get_by_role("menuitem", name="Settings").click()
    await expect(fan.page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    assert await fan.page.evaluate(LOADED)
