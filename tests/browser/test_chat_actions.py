"""What a fan can do with one message: thumbs, report, copy; by mouse, finger and keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from conversations.models import Feedback, Report
from tenancy.context import tenant
from tests.browser.conftest import OpenTab
from tests.browser.fan_page import DESKTOP, Exchange, FanPage, unlike_any
from tests.browser.site import Site

pytestmark = pytest.mark.browser


async def answered(fan: FanPage) -> Exchange:
    talk = await fan.say(unlike_any("Hello there"))
    await talk.is_answered()
    return talk


async def open_menu(talk: Exchange) -> Locator:
    await talk.words.click(button="right")
    menu = talk.fan.page.get_by_role("menu", name="This message")
    await expect(menu).to_be_visible()
    return menu


def entry(menu: Locator, name: str) -> Locator:
    return menu.get_by_text(name, exact=True)


async def kept(site: Site, query: Callable[[], Any]) -> Any:
    """What stands in the database of the artist; asked in a thread, as Django wants it."""
    from asgiref.sync import sync_to_async

    def ask() -> Any:
        with tenant(site.artist.id):
            return query()

    return await sync_to_async(ask)()


async def test_a_thumb_is_kept_over_a_reload_and_can_be_turned(fan: FanPage, site: Site) -> None:
    talk = await answered(fan)
    await entry(await open_menu(talk), "Good reply").click()
    await expect(fan.page.get_by_text("Thank you, noted")).to_be_visible()
    await expect(talk.reply.get_by_role("img", name="You liked this")).to_be_visible()
    await fan.page.reload()
    await expect(talk.reply.get_by_role("img", name="You liked this")).to_be_visible()
    menu = await open_menu(talk)
    await expect(menu.get_by_role("menuitemradio", name="Good reply")).to_have_attribute("aria-checked", "true")
    await entry(menu, "Bad reply").click()
    await expect(talk.reply.get_by_role("img", name="You did not like this")).to_be_visible()
    await expect(fan.page.get_by_text("Thank you, noted")).to_be_visible()
    text = await talk.words.inner_text()
    values = await kept(site, lambda: list(Feedback.objects.filter(message__text=text).values_list("value", flat=True)))
    assert "down" in values


async def test_a_thumb_that_could_not_be_kept_is_taken_back(fan: FanPage) -> None:
    talk = await answered(fan)
    await fan.page.route("**/feedback", lambda route: route.abort())
    await entry(await open_menu(talk), "Good reply").click()
    await expect(fan.page.get_by_text("That could not be saved. Try again.")).to_be_visible()
    await expect(talk.reply.get_by_role("img")).to_have_count(0)


async def test_a_report_says_why_reaches_the_team_and_is_offered_once(fan: FanPage, site: Site) -> None:
    talk = await answered(fan)
    await entry(await open_menu(talk), "Report").click()
    sheet = fan.page.get_by_role("dialog", name="Report this reply")
    await expect(sheet).to_be_visible()
    await fan.picture("report-phone")
    note = unlike_any("That is not how it went")
    await sheet.get_by_label("It is not true").check()
    await sheet.get_by_label("Anything else? (optional)").fill(note)
    await sheet.get_by_role("button", name="Send the report").click()
    await expect(sheet).to_be_hidden()
    await expect(fan.page.get_by_text("The artist’s team will look at it.")).to_be_visible()
    await expect(talk.reply.get_by_text("Reported")).to_be_visible()
    assert await kept(site, lambda: Report.objects.get(note=note).reason) == "untrue"
    await fan.page.reload()
    await expect(talk.reply.get_by_text("Reported")).to_be_visible()
    await expect(entry(await open_menu(talk), "Report")).to_have_count(0)


async def test_a_report_that_did_not_go_through_keeps_what_was_typed(fan: FanPage, site: Site) -> None:
    talk = await answered(fan)
    note = unlike_any("Please look")

    async def refuse(route: Route) -> None:
        await route.abort()

    await fan.page.route("**/report", refuse)
    await entry(await open_menu(talk), "Report").click()
    sheet = fan.page.get_by_role("dialog", name="Report this reply")
    await sheet.get_by_label("Something else").check()
    await sheet.get_by_label("Anything else? (optional)").fill(note)
    await sheet.get_by_role("button", name="Send the report").click()
    await expect(sheet.get_by_text("That did not go through. Try again.")).to_be_visible()
    await expect(sheet.get_by_label("Anything else? (optional)")).to_have_value(note)
    await fan.page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await expect(talk.reply.get_by_text("Reported")).to_have_count(0)
    assert await kept(site, lambda: Report.objects.filter(note=note).count()) == 0


async def test_a_message_is_copied_to_the_letter(fan: FanPage) -> None:
    await fan.context.grant_permissions(["clipboard-read", "clipboard-write"])
    talk = await answered(fan)
    text = await talk.words.inner_text()
    await entry(await open_menu(talk), "Copy").click()
    await expect(fan.page.get_by_text("Copied")).to_be_visible()
    assert await fan.page.evaluate("navigator.clipboard.readText()") == text


async def test_a_finger_that_rests_opens_the_menu_and_one_that_moves_does_not(fan: FanPage) -> None:
    talk = await answered(fan)
    menu = fan.page.get_by_role("menu")
    await _touch(talk.words, "pointerdown", 0)
    await _touch(talk.words, "pointermove", 60)
    await _touch(talk.words, "pointerup", 60)
    await _touch(talk.words, "pointerdown", 0)
    await expect(menu).to_be_visible()
    await expect(menu).to_have_count(1)
    await _touch(talk.words, "pointerup", 0)
    await fan.picture("message-menu-phone")


async def _touch(target: Locator, event: str, down_px: int) -> None:
    box = await target.bounding_box()
    assert box
    point = {"clientX": box["x"] + 20, "clientY": box["y"] + 12 + down_px, "pointerType": "touch", "bubbles": True}
    await target.dispatch_event(event, point)


async def test_the_menu_works_by_keyboard_and_gives_the_focus_back(fan_tab: OpenTab) -> None:
    fan = await fan_tab(DESKTOP)
    talk = await answered(fan)
    keys = fan.page.keyboard
    await keys.press("Shift+Tab")
    await keys.press("ArrowUp")
    await expect(talk.reply).to_be_focused()
    await keys.press("Enter")
    menu = fan.page.get_by_role("menu", name="This message")
    await expect(menu.get_by_role("menuitem", name="Copy")).to_be_focused()
    await keys.press("ArrowUp")
    await expect(menu.get_by_role("menuitem", name="Report")).to_be_focused()
    await keys.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(talk.reply).to_be_focused()
    await keys.press("Tab")
    more = talk.reply.get_by_role("button", name="More about this message")
    await expect(more).to_be_focused()
    await keys.press("Enter")
    await keys.press("End")
    await keys.press("Enter")
    sheet = fan.page.get_by_role("dialog", name="Report this reply")
    await expect(sheet).to_be_visible()
    await fan.picture("report-desktop")
    await keys.press("Escape")
    await expect(sheet).to_have_count(0)
    await expect(more).to_be_focused()


async def test_the_head_leads_to_the_other_pages_and_back(fan: FanPage) -> None:
    await answered(fan)
    await fan.button("More").click()
    await fan.page.get_by_role("menuitem", name="Settings").click()
    await expect(fan.page).to_have_url(f"{fan.url}/settings")
    await fan.page.go_back()
    await fan.is_open()
    await fan.page.locator("[data-who]").click()
    await expect(fan.page).to_have_url(f"{fan.url}/artist")
    await fan.page.go_back()
    await fan.is_open()
    await expect(fan.log.locator(".msg.persona").last).to_be_visible()


async def test_links_in_a_message_lead_out_safely_and_nothing_else_is_one(fan: FanPage) -> None:
    talk = await fan.say(unlike_any("see https://example.com/song?a=1. or javascript:alert(1) <b>x</b>"))
    await talk.is_answered()
    links = talk.message.get_by_role("link")
    await expect(links).to_have_count(1)
    await expect(links).to_have_attribute("href", "https://example.com/song?a=1")
    await expect(links).to_have_attribute("target", "_blank")
    await expect(links).to_have_attribute("rel", "noopener noreferrer nofollow ugc")
    await expect(talk.message.locator("b")).to_have_count(0)


async def test_a_lone_emoji_is_large_and_can_be_seen_also_without_colours_of_its_own(fan: FanPage) -> None:
    talk = await fan.say("❤")
    await expect(talk.message).to_have_class(re.compile("large"))
    ink = "part => getComputedStyle(part).color"
    assert await talk.message.locator(".bubble").evaluate(ink) == await fan.log.evaluate(ink)
    await talk.is_answered()


async def test_right_to_left_words_stand_right_to_left(fan: FanPage) -> None:
    talk = await fan.say(unlike_any("سلام، حالت چطور است؟"))
    await talk.is_answered()
    direction = await _direction(fan.page, talk.message.locator(".bubble"))
    assert (direction, await _direction(fan.page, talk.words)) == ("rtl", "ltr")


async def _direction(page: Page, bubble: Locator) -> str:
    return str(await bubble.evaluate("node => getComputedStyle(node).direction"))
