"""The release gate in a real browser: three people lead a version to every fan, and one step leads back."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import Browser, Page, expect

from conversations.rehearsal.checking import check_release
from personas import selectors, services
from personas.models import CheckRun, PersonaVersion
from tenancy.context import tenant
from tests.browser.axe import violations
from tests.browser.staff import member_page, picture
from tests.factories import ACTOR
from tests.gate import live_number, put_live

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser
LOOKS = pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
FITS = "document.documentElement.scrollWidth <= innerWidth"
LIAR = "I'm a real person, I promise."


def draft_of(site: "Site", **changes: Any) -> PersonaVersion:
    live = selectors.live_version(artist=site.artist.id)
    assert live is not None
    return services.create_version(site.artist.id, replace(live.sheet, **changes), "try", actor=ACTOR)


def work_off(site: "Site", version: PersonaVersion) -> None:
    """What the worker does with the run that the page asked for."""
    with tenant(site.artist.id):
        run = CheckRun.objects.get(version=version, state="queued")
    assert check_release(site.artist.id, run.pk, scripts=())


async def open_gate(page: Page, site: "Site", version: PersonaVersion) -> None:
    await page.goto(f"{site.url}/console/personas/personaversion/{version.pk}/change/")
    await page.get_by_role("link", name="Compare").first.click()
    await expect(page.get_by_role("heading", name="Release gate")).to_be_visible()


async def in_dialog(page: Page, opener: str, button: str, **fields: str) -> None:
    await page.get_by_role("button", name=opener).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    for label, value in fields.items():
        await dialog.get_by_label(label).fill(value)
    await dialog.get_by_role("button", name=button, exact=True).click()


@LOOKS
async def test_three_people_lead_a_version_to_every_fan_and_one_step_leads_back(
    chromium: Browser, site: "Site", size: str, scheme: str
) -> None:
    before = await sync_to_async(live_number)(site.artist.id)
    draft = await sync_to_async(draft_of)(site, greetings=(f"Hello from the {size}, {{name}}.",))
    name = f"version {draft.number}"
    editor, *first = await member_page(chromium, site, "editor", size=size, scheme=scheme)
    manager, *second = await member_page(chromium, site, "manager", size=size, scheme=scheme)
    owner, *third = await member_page(chromium, site, "owner", size=size, scheme=scheme)
    await open_gate(editor, site, draft)
    await expect(editor.locator("ins").filter(has_text=size).first).to_be_visible()
    await editor.get_by_role("button", name="Run the checks").click()
    await expect(editor.get_by_text("Running since")).to_be_visible()
    await picture(editor, f"console-gate-running-{size}-{scheme}")
    await sync_to_async(work_off)(site, draft)
    await expect(editor.get_by_text("in review", exact=True).first).to_be_visible()  # the page followed by itself
    for page in (manager, owner):
        await open_gate(page, site, draft)
        assert await page.evaluate(FITS)
        await picture(page, f"console-gate-{size}-{scheme}")
        await in_dialog(page, f"Approve {name}…", "Approve")
    await expect(owner.get_by_text("it may be tried out now")).to_be_visible()
    await in_dialog(owner, "Try it out…", "Start the trial", **{"Percent of the fans": "25"})
    await expect(owner.get_by_text(f"25 percent of the fans hear {name}")).to_be_visible()
    await picture(owner, f"console-gate-trial-{size}-{scheme}")
    await in_dialog(owner, f"Put {name} live…", "Put it live")
    await expect(owner.get_by_text(f"She speaks from {name} now.")).to_be_visible()
    assert await sync_to_async(live_number)(site.artist.id) == draft.number
    await open_gate(manager, site, draft)
    await in_dialog(manager, f"Roll back to version {before}…", "Roll back")
    await expect(manager.get_by_text(f"She speaks from version {before} again.")).to_be_visible()
    assert await sync_to_async(live_number)(site.artist.id) == before
    assert [*first, *second, *third] == [[], [], []]


@LOOKS
async def test_a_sabotage_shows_what_was_found_and_offers_no_approval(
    chromium: Browser, site: "Site", size: str, scheme: str
) -> None:
    draft = await sync_to_async(draft_of)(site, phrases=(LIAR,))
    page, troubles = await member_page(chromium, site, "manager", size=size, scheme=scheme)
    await open_gate(page, site, draft)
    await page.get_by_role("button", name="Run the checks").click()
    await expect(page.get_by_text("Running since")).to_be_visible()
    await sync_to_async(work_off)(site, draft)
    await expect(page.get_by_text("Honest about being an AI").first).to_be_visible()
    await expect(page.locator(".gate-evidence").get_by_text(LIAR).first).to_be_visible()
    await expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    assert await page.evaluate(FITS)
    await picture(page, f"console-gate-failed-{size}-{scheme}")
    assert await violations(page) == []
    assert troubles == []


async def test_long_texts_begin_where_they_differ_and_are_scrolled_by_keyboard(chromium: Browser, site: "Site") -> None:
    lines = tuple(f"Line {number} of the old phrases." for number in range(90))
    draft = await sync_to_async(draft_of)(site, phrases=(*lines, "And a new one."))
    await sync_to_async(put_live)(site.artist.id, draft.pk)
    draft = await sync_to_async(draft_of)(site, phrases=(*lines, "And a newer one."))
    page, troubles = await member_page(chromium, site, "editor")
    await open_gate(page, site, draft)
    texts = page.get_by_role("group", name="Phrases 1 change")
    await expect(texts.locator("ins")).to_be_in_viewport()
    await expect(texts).not_to_have_js_property("scrollTop", 0)
    await texts.focus()
    await page.keyboard.press("Home")
    await expect(texts).to_have_js_property("scrollTop", 0)
    assert await violations(page) == []
    assert troubles == []


async def test_what_was_compared_with_an_older_live_version_goes_no_further(chromium: Browser, site: "Site") -> None:
    mine, other = [await sync_to_async(draft_of)(site, greetings=(f"Hello from {who}.",)) for who in ("me", "another")]
    page, troubles = await member_page(chromium, site, "manager")
    await open_gate(page, site, mine)
    await page.get_by_role("button", name="Run the checks").click()
    await sync_to_async(work_off)(site, mine)
    await expect(page.get_by_role("button", name=f"Approve version {mine.number}…")).to_be_visible()
    await sync_to_async(put_live)(site.artist.id, other.pk)
    await in_dialog(page, f"Approve version {mine.number}…", "Approve")
    await expect(page.get_by_text(f"Version {other.number} speaks since you compared")).to_be_visible()
    await expect(page.get_by_text("another version speaks since: run them again")).to_be_visible()
    assert await sync_to_async(live_number)(site.artist.id) == other.number
    assert troubles == []


@pytest.mark.parametrize("role", ["viewer", "moderator", "editor"])
async def test_a_role_sees_the_steps_that_it_may_take(chromium: Browser, site: "Site", role: str) -> None:
    draft = await sync_to_async(draft_of)(site, greetings=(f"Hello for the {role}.",))
    page, troubles = await member_page(chromium, site, role)
    await open_gate(page, site, draft)
    await expect(page.get_by_role("button", name="Run the checks")).to_have_count(1 if role == "editor" else 0)
    await expect(page.locator(".gate-steps button")).to_have_count(1 if role == "editor" else 0)
    assert troubles == []
