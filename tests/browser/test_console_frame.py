"""The console's frame, first page and kill switches in a real browser: no complaint of the policy, every key works."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import Browser, Route, expect

from tenancy import services
from tests.browser.test_console_conversations import SIZES, narrow_enough, staff_page
from tests.factories import ACTOR

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser
SIDEBAR = "#nav-sidebar-apps li a"
FIGURES = "**/console/today/**"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
async def test_the_first_page_fits_and_shows_the_figures_of_a_span(
    chromium: Browser, site: "Site", tmp_path: Path, size: str, scheme: str
) -> None:
    page, troubles = await staff_page(chromium, site, "owner", size=size, scheme=scheme)
    await page.get_by_role("link", name="7 days", exact=True).click()
    await expect(page).to_have_url(re.compile(r"\?span=7d$"))
    await expect(page.get_by_role("heading", name="First token, p50")).to_be_visible()
    await expect(page.locator("html")).to_have_class(re.compile("dark") if scheme == "dark" else re.compile(r"^\s*$"))
    assert await narrow_enough(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.screenshot(path=tmp_path / f"today-{size}-{scheme}.png", full_page=True)
    assert troubles == []


async def test_no_page_of_the_sidebar_breaks_the_policy(chromium: Browser, site: "Site") -> None:
    page, troubles = await staff_page(chromium, site, "owner")
    links = await page.eval_on_selector_all(SIDEBAR, "all => all.map(a => a.href)")
    assert len(links) > 10
    for link in links:
        answer = await page.goto(link)
        assert answer is not None
        assert answer.status == 200, link
        await expect(page.locator("h1")).to_be_visible()
    assert troubles == []


async def test_figures_are_refreshed_without_losing_the_focus_and_turn_grey_when_they_cannot_be(
    chromium: Browser, site: "Site"
) -> None:
    page, troubles = await staff_page(chromium, site, "owner")
    await page.clock.install()
    await page.reload()
    link = page.locator("#today-panels a[id]").first
    await link.focus()
    focused = await link.get_attribute("id")
    async with page.expect_response(FIGURES):
        await page.clock.fast_forward(30_000)
    await expect(page.locator(f"#{focused}")).to_be_focused()
    await expect(page.locator("#today-panels")).not_to_have_class(re.compile("stale"))

    async def refuse(route: Route) -> None:
        await route.abort()

    await page.route(FIGURES, refuse)
    await page.clock.run_for(70_000)
    await expect(page.locator("#today-panels")).to_have_class(re.compile("stale"))
    await expect(page.locator("#today-age")).to_contain_text("could not be refreshed")
    await page.unroute(FIGURES)
    async with page.expect_response(FIGURES):
        await page.clock.run_for(30_000)
    await expect(page.locator("#today-age")).to_be_hidden()
    assert troubles == []


async def test_the_account_menu_opens_by_keyboard_and_gives_the_focus_back(chromium: Browser, site: "Site") -> None:
    page, troubles = await staff_page(chromium, site, "viewer")
    account = page.locator(".console-account")
    await account.focus()
    await page.keyboard.press("Enter")
    menu = page.get_by_role("navigation", name="Account")
    await expect(menu.get_by_role("button", name="Log out")).to_be_visible()
    await expect(account).to_have_attribute("aria-expanded", "true")
    await menu.get_by_role("button", name="Dark").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("html")).to_have_class(re.compile("dark"))
    await page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(account).to_be_focused()
    assert troubles == []


async def test_text_is_paused_and_made_live_again_by_keyboard_alone(
    chromium: Browser, site: "Site", tmp_path: Path
) -> None:
    page, troubles = await staff_page(chromium, site, "manager")
    try:
        await page.goto(f"{site.url}/console/tenancy/killswitch/")
        card = page.get_by_role("region", name="Text chat", exact=True)
        await card.get_by_role("button", name="Pause…").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog").get_by_label("Reason")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(card.get_by_role("button", name="Pause…")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.type("Wrong tour dates in replies")
        await page.screenshot(path=tmp_path / "pause.png")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(card.get_by_text("Paused", exact=True)).to_be_visible()
        await expect(page.locator("#switches-reach")).to_contain_text(re.compile(r"reached 1 of 1 process in \d+ ms"))
        await page.screenshot(path=tmp_path / "paused.png")
        await page.goto(f"{site.url}/console/")
        chip = page.get_by_role("list", name="Switched off now")
        await expect(chip).to_contain_text("Wrong tour dates in replies")
        await chip.get_by_role("link").click()
        await card.get_by_role("button", name="Make live again…").click()
        await page.get_by_role("dialog").get_by_label("Reason").fill("The dates are right again")
        await page.get_by_role("dialog").get_by_role("button", name="Make live again").click()
        await expect(page.get_by_role("heading", name="Everything is live")).to_be_visible()
    finally:
        await sync_to_async(services.set_switch)(
            on=False, scope="surface", artist=site.artist.id, surface="text", reason="the test is over", actor=ACTOR
        )
    assert troubles == []


async def test_the_palette_and_the_list_of_keys_open_and_close_by_key(chromium: Browser, site: "Site") -> None:
    page, troubles = await staff_page(chromium, site, "owner")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    await page.keyboard.press("Control+k")
    await expect(page.locator("#search-input-command")).to_be_focused()
    async with page.expect_response(lambda answer: "/console/search/" in answer.url):
        await page.keyboard.type("kill sw")
    await expect(page.locator("#command-results li.active")).to_contain_text("Kill switches")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{site.url}/console/tenancy/killswitch/")
    assert troubles == []


async def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(chromium: Browser, site: "Site") -> None:
    page, _ = await staff_page(chromium, site, "owner", size="phone")
    menu = page.get_by_role("button", name="Menu", exact=True)
    await menu.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Kill switches")).to_be_visible()
    await page.get_by_role("button", name="Close the menu").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Kill switches")).to_be_hidden()
