"""Where the fan is logged in, and logging out on every device at once."""

import asyncio
from collections.abc import Callable

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.conftest import OpenTab
from tests.browser.fan_page import DESKTOP, FanPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_logging_out_everywhere_asks_first_and_ends_the_other_devices_chat(fan_tab: OpenTab, scheme: str) -> None:
    fan, other = await fan_tab(scheme=scheme), await fan_tab(DESKTOP, scheme=scheme)
    await fan.open("settings")
    await expect(fan.page.locator("[data-logins] .row")).to_have_count(3)  # the fixture's own login is one
    opener = fan.button("Log out everywhere")
    await opener.press("Enter")
    sheet = fan.page.get_by_role("dialog", name="Log out everywhere?")
    await expect(sheet).to_contain_text("3 devices are logged in.")
    await sheet.evaluate("sheet => Promise.all(sheet.getAnimations().map((one) => one.finished))")
    await fan.picture(f"log-out-everywhere-{scheme}")
    await fan.page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await expect(opener).to_be_focused()
    await expect(other.box).to_be_visible()
    await opener.click()
    await sheet.get_by_role("button", name="Log out everywhere").click()
    await expect(fan.page.get_by_text("You are logged out on every device.")).to_be_visible()
    await expect(other.page.get_by_text("Your session has ended.")).to_be_visible()
    await expect(other.button("Log in")).to_be_visible()


async def log_out_everywhere(fan: FanPage) -> None:
    await fan.button("Log out everywhere").click()
    await fan.page.get_by_role("dialog").get_by_role("button", name="Log out everywhere").click()


def told(fan: FanPage) -> Locator:
    return fan.page.get_by_text("You are logged out on every device.")


async def refusal(fan: FanPage, refused: str, let_it: Callable[[], None]) -> None:
    """Until a request that was begun before has been refused, and the page has drawn what comes of it."""
    async with fan.page.expect_response(refused):
        let_it()
    await fan.page.evaluate("navigator.locks.request('companion.refresh', () => undefined)")  # after the page's renewal
    await fan.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


async def test_who_logged_out_everywhere_is_told_so_though_her_chat_was_ended_first(fan: FanPage) -> None:
    """The socket is closed before the request is answered, and the renewal that it asks for is refused after that."""
    renewing, may_renew = asyncio.Event(), asyncio.Event()

    async def ending(route: Route) -> None:
        if route.request.method != "DELETE":
            return await route.continue_()
        answer = await route.fetch()
        await renewing.wait()
        return await route.fulfill(response=answer)

    async def renewal(route: Route) -> None:
        renewing.set()
        await may_renew.wait()
        await route.continue_()

    await fan.button("More").click()
    await fan.page.get_by_role("menuitem", name="Settings").click()  # without a reload: the chat is connected
    await expect(fan.page.locator("[data-logins] .row")).to_have_count(2)  # the fixture's own login is one
    await fan.page.route("**/api/v1/me/sessions", ending)
    await fan.page.route("**/tokens/refresh", renewal)
    await log_out_everywhere(fan)
    await expect(told(fan)).to_be_visible()
    await refusal(fan, "**/tokens/refresh", may_renew.set)
    await expect(told(fan)).to_be_visible()


@pytest.mark.parametrize("path", ["me/sessions", "realtime/tickets"])
async def test_who_logged_out_everywhere_is_told_so_though_not_all_had_been_answered(fan: FanPage, path: str) -> None:
    """What the page asked for as it was loaded comes to a server that no longer knows her login."""
    may_ask = asyncio.Event()

    async def asking(route: Route) -> None:
        if route.request.method != "DELETE":
            await may_ask.wait()
        await route.continue_()

    await fan.page.route(f"**/api/v1/{path}", asking)
    await fan.open("settings")
    await log_out_everywhere(fan)
    await expect(told(fan)).to_be_visible()
    await refusal(fan, f"**/api/v1/{path}", may_ask.set)
    await expect(told(fan)).to_be_visible()
