"""The console's page of memory: talk that could not be read, asked for again from the list; the vectors' table."""

from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import Browser, expect

from memory.models import SessionMark
from tenancy.context import tenant
from tests.browser import axe
from tests.browser.staff import member_page, picture
from tests.factories import FanLogin, make_fan
from tests.memory.people import Script, read, tell

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser


def failed(site: "Site") -> FanLogin:
    fan = make_fan(site.artist)
    tell(fan, "home: She lives in Paris")
    read(fan, Script(broken=True))
    other = make_fan(site.artist)
    tell(other, "drink: She likes green tea")
    read(other)
    return fan


def waits(fan: FanLogin) -> bool:
    with tenant(fan.fan.artist_id):
        return SessionMark.objects.filter(fan=fan.fan, failed_at__isnull=False).exists()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
async def test_failed_talk_is_asked_for_again(chromium: Browser, site: "Site", size: str, scheme: str) -> None:
    fan = await sync_to_async(failed)(site)
    page, troubles = await member_page(chromium, site, "manager", size=size, scheme=scheme)
    await page.goto(f"{site.url}/console/memory/sessionmark/")
    row = page.locator("#result_list tr", has_text=str(fan.fan.id))
    await expect(row).to_contain_text("could not be read")
    await expect(page.get_by_role("table").first).to_contain_text("words-1: ")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await axe.violations(page) == []
    await picture(page, f"console-memory-{size}-{scheme}")
    await row.get_by_role("link", name="Read it again").click()
    await page.get_by_role("button", name="Read it again").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The talk is read again")).to_be_visible()
    assert not await sync_to_async(waits)(fan)
    assert troubles == []
