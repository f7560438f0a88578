"""The corpus in a real browser: a file goes in on a phone, its chunks stand there, and a question finds them."""

from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import Browser, FilePayload, expect

from tests.browser.axe import violations
from tests.browser.staff import member_page, picture
from tests.corpus.made import pdf
from tests.corpus.shelf import work
from tests.factories import unique

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
async def test_a_file_goes_in_and_a_question_finds_it(chromium: Browser, site: "Site", size: str, scheme: str) -> None:
    page, troubles = await member_page(chromium, site, "editor", size=size, scheme=scheme)
    title = unique("Radio")
    await page.goto(f"{site.url}/console/personas/document/")
    await page.get_by_role("link", name="Upload a file").click()
    await page.get_by_label("Title").fill(title)
    content = pdf([f"{title}: the quagga sang on the ferry."])
    chosen = page.locator("input[type=file]")
    await chosen.set_input_files(FilePayload(name="talk.txt", mimeType="text/plain", buffer=content))
    await page.get_by_role("button", name="Upload", exact=True).click()
    await expect(page.get_by_text("its content is that of a .pdf")).to_be_visible()
    assert await violations(page) == []
    await chosen.set_input_files(FilePayload(name="talk.pdf", mimeType="application/pdf", buffer=content))
    await page.get_by_role("button", name="Upload", exact=True).click()
    await expect(page.get_by_text("is uploaded, and is read now")).to_be_visible()
    await sync_to_async(work)(site.artist)
    await page.reload()
    await expect(page.get_by_text("the quagga sang on the ferry")).to_be_visible()
    assert await violations(page) == []
    await page.goto(f"{site.url}/console/corpus/ask/")
    await expect(page.get_by_label("A fan's message")).to_be_focused()
    await page.keyboard.type("What did the quagga sing?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("in the prompt").first).to_be_visible()
    await expect(page.get_by_text("the quagga sang on the ferry").first).to_be_visible()
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await picture(page, f"corpus-ask-{size}-{scheme}")
    assert troubles == []
