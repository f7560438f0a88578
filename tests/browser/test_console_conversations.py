"""Staff in a real browser: a reply is found and explained, the log is searched, the second step opens the console."""

import base64
import hashlib
import hmac
import struct
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import Browser, Page, expect

from tenancy import services
from tests.console.teams import append_audit
from tests.factories import ACTOR, PASSWORD, make_exchange, make_fan

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser
TOOK = {"moderate": 0.2, "admit": 81, "recall": 63, "generate": 391, "filter": 1, "settle": 2, "first_token": 191}
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


async def staff_page(
    chromium: Browser, site: "Site", role: str, *, size: str = "desktop", scheme: str = "light"
) -> tuple[Page, list[str]]:
    """A page behind the log-in, and what the browser complained of."""
    width, height = SIZES[size]
    browsing = await chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await browsing.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Security Policy" in said.text else None)
    email = f"{role}-{uuid.uuid4().hex[:8]}@people.example"
    await sync_to_async(services.grant_role)(site.artist.id, email, role, actor=ACTOR, password=PASSWORD)
    await page.goto(f"{site.url}/console/")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{site.url}/console/")
    return page, troubles


async def narrow_enough(page: Page) -> bool:
    """Whether the page's content needs no scrolling sideways."""
    return bool(
        await page.evaluate("(main => main.scrollWidth <= main.clientWidth)(document.querySelector('#content'))")
    )


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
async def test_a_manager_finds_a_turn_and_sees_why_it_was_answered_so(
    chromium: Browser, site: "Site", tmp_path: Path, size: str, scheme: str
) -> None:
    fan = await sync_to_async(make_fan)(site.artist)
    passage = {"id": "1", "title": "An interview", "text": "I write in the kitchen."}
    await sync_to_async(make_exchange)(fan, "Where do you write?", "In the kitchen.", took=TOOK, passages=[passage])
    page, troubles = await staff_page(chromium, site, "manager", size=size, scheme=scheme)
    await page.goto(f"{site.url}/console/conversations/turn/?q={fan.user.email}")
    await page.get_by_role("link", name="Open at this turn").click()
    await expect(page.get_by_text("Where do you write?")).to_have_count(0)
    await expect(page.get_by_label("Case number or reason")).to_be_focused()
    await page.keyboard.type("Case 4819")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Where do you write?")).to_be_visible()
    await expect(page.get_by_role("heading", name="Explain this reply")).to_be_visible()
    stages = page.get_by_role("region", name="Stages of the turn")
    await expect(stages.get_by_role("row", name="generate")).to_contain_text("391 ms")
    assert size == "phone" or await stages.evaluate("part => part.scrollWidth <= part.clientWidth")
    await page.get_by_text("An interview").click()
    await expect(page.get_by_text("I write in the kitchen.")).to_be_visible()
    assert await narrow_enough(page)
    await page.screenshot(path=tmp_path / f"conversation-{size}-{scheme}.png", full_page=True)
    await page.get_by_role("button", name="Close access").click()
    await page.goto(f"{site.url}/console/conversations/turn/fan/{fan.fan.pk}/")
    await expect(page.get_by_text("Where do you write?")).to_have_count(0)
    assert troubles == []


async def test_a_viewer_opens_a_row_of_the_log_and_keeps_its_filter(chromium: Browser, site: "Site") -> None:
    await sync_to_async(append_audit)()
    page, troubles = await staff_page(chromium, site, "viewer")
    await page.goto(f"{site.url}/console/kernel/auditentry/?kind=mood")
    await page.locator("#result_list tbody tr").first.locator(".material-symbols-outlined").first.click()
    await expect(page.locator(".audit-entry").first).to_be_visible()
    assert await page.get_by_role("button", name="Export CSV").count() == 0
    await page.get_by_text("Save this filter").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Moods")
    await page.keyboard.press("Enter")
    chips = page.get_by_role("navigation", name="Saved filters")
    await expect(chips.get_by_role("link", name="Moods")).to_have_attribute("aria-current", "page")
    await chips.get_by_role("link", name="All").click()
    await expect(chips.get_by_role("link", name="All")).to_have_attribute("aria-current", "page")
    assert troubles == []


def code_of(secret: str) -> str:
    """RFC 6238's code of now."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


async def test_an_editor_sets_two_step_log_in_up_and_comes_in_with_a_recovery_code(
    chromium: Browser, site: "Site", tmp_path: Path
) -> None:
    page, troubles = await staff_page(chromium, site, "editor", size="phone")
    email = await _email(page)
    await page.goto(f"{site.url}/console/two-step/")
    await page.screenshot(path=tmp_path / "two-step-phone.png", full_page=True)
    secret = (await page.locator("#totp-secret").inner_text()).replace(" ", "")
    await page.get_by_label("Enter the six digits").fill(code_of(secret))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    codes = await page.locator(".access-codes code").all_inner_texts()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download").click()
    kept = await sync_to_async(Path.read_text)(await (await download.value).path())
    assert kept.split() == codes
    assert await narrow_enough(page)
    again = await (await chromium.new_context()).new_page()
    await again.goto(f"{site.url}/console/")
    await again.get_by_label("E-mail").fill(email)
    await again.get_by_label("Password").fill(PASSWORD)
    await again.keyboard.press("Enter")
    await expect(again.get_by_label("Code from your authenticator app")).to_be_focused()
    await again.keyboard.type(codes[0])
    await again.keyboard.press("Enter")
    await expect(again).to_have_url(f"{site.url}/console/")
    await expect(again.get_by_role("link", name="Versions").first).to_be_visible()
    assert troubles == []


async def _email(page: Page) -> str:
    """Of whoever is logged in, out of the menu that a phone hides."""
    return str(await page.evaluate("document.body.textContent.match(/editor-\\w+@people.example/)[0]"))
