"""The console in a real browser, by keyboard: its own security policy lets everything through that it needs."""

import uuid
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import Browser, Page, expect

from personas.models import PersonaVersion
from tenancy import services
from tenancy.context import tenant
from tests.factories import ACTOR, PASSWORD

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser


async def log_in(page: Page, site: "Site", role: str) -> None:
    """From an empty page to the console, without a mouse."""
    email = f"{role}-{uuid.uuid4().hex[:8]}@people.example"
    await sync_to_async(services.grant_role)(site.artist.id, email, role, actor=ACTOR, password=PASSWORD)
    await page.goto(f"{site.url}/console/")
    await expect(page.get_by_label("E-mail")).to_be_focused()
    await page.keyboard.type(email)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Today")).to_be_visible()


async def test_an_editor_logs_in_by_keyboard_and_has_a_new_line_checked(chromium: Browser, site: "Site") -> None:
    page = await chromium.new_page(viewport={"width": 1280, "height": 900})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Security Policy" in said.text else None)
    await log_in(page, site, "editor")
    await page.goto(f"{site.url}/console/personas/personaversion/add/")
    await page.get_by_label("Note").fill("A new hello.")
    greetings = page.get_by_label("Greetings")
    await greetings.fill("A line from the browser, {name}.\n" + await greetings.input_value())
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("was added successfully")).to_be_visible()
    await page.get_by_role("link", name="Compare", exact=True).first.click()
    await page.get_by_role("button", name="Run the checks").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Running since")).to_be_visible()
    assert await sync_to_async(newest_greeting)(site) == "A line from the browser, {name}."
    assert troubles == []


def newest_greeting(site: "Site") -> str:
    with tenant(site.artist.id):
        newest = PersonaVersion.objects.order_by("-number").first()
    assert newest is not None
    return str(newest.sheet["greetings"][0])


async def test_a_viewer_sees_neither_conversations_nor_switches(chromium: Browser, site: "Site") -> None:
    page = await chromium.new_page()
    await log_in(page, site, "viewer")
    await expect(page.get_by_role("link", name="Versions").first).to_be_visible()
    assert await page.get_by_role("link", name="Conversations").count() == 0
    assert await page.get_by_role("link", name="Kill switches").count() == 0
