"""On a phone no page of the console is wider than its screen."""

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, expect

from tests.browser.staff import every_page, member_page

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

# What stands out of the page, for whoever has to mend it.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [document.documentElement.scrollWidth, ...[...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility())
    .map((one) => `${one.tagName.toLowerCase()}#${one.id}.${one.className}`.slice(0, 90)).slice(0, 6)]"""


async def test_every_page_fits_a_phone(chromium: Browser, site: "Site") -> None:
    page, troubles = await member_page(chromium, site, "owner", size="phone")
    found: dict[str, list[object]] = {}
    visited = []
    async for path in every_page(page, site):
        visited.append(path)
        wide = await page.evaluate(TOO_WIDE)
        if wide:
            found[path] = wide
    assert {"/console/personas/mood/add/", "/console/personas/scheduleentry/add/"} <= set(visited)
    assert len(visited) > 25
    assert found == {}
    assert troubles == []


async def test_the_head_has_room_for_the_pages_title_beside_what_it_warns_of(chromium: Browser, site: "Site") -> None:
    page, _ = await member_page(chromium, site, "owner", size="phone")
    await page.goto(f"{site.url}/console/tenancy/killswitch/")
    head = page.locator("#header-inner")
    await expect(head.get_by_text("Demo", exact=True)).to_be_visible()
    await expect(head.get_by_text("Demo · offline")).to_be_hidden()
    title = head.get_by_text("Kill switches")
    await expect(title).to_be_visible()
    assert await title.evaluate("node => node.scrollWidth <= node.clientWidth")


async def test_a_timeline_that_is_wider_than_a_phone_opens_at_the_present(chromium: Browser, site: "Site") -> None:
    page, troubles = await member_page(chromium, site, "owner", size="phone")
    await page.goto(f"{site.url}/console/personas/mood/timeline/")
    for scale in ("Week", "Month"):
        await page.get_by_role("link", name=scale, exact=True).click()
        timeline = page.get_by_role("region", name="Timeline")
        assert await timeline.evaluate("part => part.scrollWidth > part.clientWidth")
        await expect(timeline.locator(".timeline-over .now")).to_be_in_viewport()
    assert troubles == []


async def test_the_list_below_the_timeline_is_read_on_a_phone_without_moving_it_sideways(
    chromium: Browser, site: "Site"
) -> None:
    page, troubles = await member_page(chromium, site, "owner", size="phone")
    await page.goto(f"{site.url}/console/personas/mood/timeline/")
    entries = page.get_by_role("region", name="Entries")
    await expect(entries.get_by_role("row").filter(has_text="to ")).not_to_have_count(0)
    assert await entries.evaluate("part => part.scrollWidth <= part.clientWidth")
    await expect(entries.get_by_role("link", name="Edit").first).to_be_visible()
    assert troubles == []
