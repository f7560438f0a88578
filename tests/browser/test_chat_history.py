"""A long conversation: read upwards without a jump, only a part of it in the page, and what is new is told."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from playwright.async_api import Route, expect

from conversations.models import Message, Turn
from tenancy import context
from tests.browser.conftest import OpenTab
from tests.browser.fan_page import DESKTOP, PHONE, FanPage, unlike_any
from tests.browser.site import Site
from tests.factories import PASSWORD, FanLogin, make_fan, unique

pytestmark = pytest.mark.browser
MANY = 400  # turns


@pytest_asyncio.fixture(loop_scope="package")
async def account(site: Site) -> str:
    """The e-mail address of a fan with a long past."""
    login = await sync_to_async(make_fan)(site.artist)
    await sync_to_async(_give_past)(login)
    return login.user.email


@pytest_asyncio.fixture(loop_scope="package")
async def reader(tab: OpenTab, account: str) -> FanPage:
    """That fan on a phone."""
    page = await tab(PHONE)
    await page.log_in(account, PASSWORD)
    return page


def _give_past(fan: FanLogin) -> None:
    """Every turn a minute after the one before, the last an hour ago."""
    start = datetime.now(UTC) - timedelta(hours=1, minutes=MANY)
    keys = {"artist_id": fan.fan.artist_id, "fan_id": fan.fan.id}
    turns, messages = [], []
    for number in range(MANY):
        at = start + timedelta(minutes=number)
        turn = Turn(
            **keys,
            client_message_id=unique("past"),
            body_hash=bytes(32),
            transport="json",
            status=Turn.Status.COMPLETED,
            owner="test",
            lease_until=at,
            ended_at=at,
        )
        turns.append(turn)
        said = (("fan", f"question {number}", 0), ("persona", f"answer {number} " + "so it goes " * (number % 17), 2))
        messages += [
            Message(**keys, turn=turn, role=role, text=text, status="complete", created_at=at + timedelta(seconds=late))
            for role, text, late in said
        ]
    with context.tenant(fan.fan.artist_id):
        Turn.objects.bulk_create(turns)
        Message.objects.bulk_create(messages)


SCROLL_TO_THE_TOP = """async () => {
  const scroller = document.querySelector("[data-scroll]");
  const beginning = document.querySelector("[data-beginning]");
  let most = 0;
  while (beginning.hidden || scroller.scrollTop > scroller.clientHeight - scroller.scrollHeight + 1) {
    scroller.scrollBy(0, -300);
    await new Promise(requestAnimationFrame);
    most = Math.max(most, document.querySelectorAll(".msg").length);
  }
  return most;
}"""


async def test_history_comes_as_the_fan_scrolls_and_only_a_part_of_it_stands_in_the_page(reader: FanPage) -> None:
    await expect(reader.log.get_by_text(f"question {MANY - 1}", exact=True)).to_be_visible()
    most = await reader.page.evaluate(SCROLL_TO_THE_TOP)
    await expect(reader.log.get_by_text("question 0", exact=True)).to_be_visible()
    await expect(reader.page.get_by_text("The beginning of your conversation")).to_be_visible()
    assert most < 120, "the whole past stands in the page"
    await reader.page.evaluate("document.querySelector('[data-scroll]').scrollTop = 0")
    await expect(reader.log.get_by_text(f"question {MANY - 1}", exact=True)).to_be_visible()


WHERE = """text => {
  const found = [...document.querySelectorAll(".msg .bubble")].find((node) => node.textContent === text);
  return found ? found.getBoundingClientRect().top : null;
}"""
UP = "document.querySelector('[data-scroll]').scrollBy(0, -700)"


async def test_earlier_messages_move_nothing_that_is_being_read(reader: FanPage) -> None:
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await reader.page.route("**/messages?*cursor*", hold)
    async with reader.page.expect_request("**/messages?*cursor*"):
        await reader.page.reload()
        await reader.is_open()
        await reader.page.evaluate(UP)
    text = f"question {MANY - 5}"
    await expect(reader.log.get_by_text(text, exact=True)).to_have_count(1)
    await expect(reader.page.get_by_text("Loading earlier messages")).to_have_count(1)
    before = await reader.page.evaluate(WHERE, text)
    async with reader.page.expect_response("**/messages?*cursor*"):
        released.set()
    await expect(reader.page.locator("[data-earlier]")).to_be_hidden()
    assert await reader.page.evaluate(WHERE, text) == pytest.approx(before, abs=1)


@pytest.mark.usefixtures("slow_replies")
async def test_a_reply_that_grows_moves_nothing_that_is_being_read_and_is_told_of(reader: FanPage) -> None:
    talk = await reader.say(unlike_any("Hello"))
    await talk.streams()
    await reader.page.evaluate(UP)
    text = f"question {MANY - 4}"
    await expect(reader.log.get_by_text(text, exact=True)).to_have_count(1)
    before = await reader.page.evaluate(WHERE, text)
    newer = reader.button("New reply")
    await expect(newer).to_be_visible()
    reply = reader.page.locator(".msg.persona").last
    await expect(reply).to_have_class(re.compile(r"\bsaid\b"))
    assert await reader.page.evaluate(WHERE, text) == pytest.approx(before, abs=1)
    await reader.picture("new-reply-phone")
    await newer.click()
    await expect(newer).to_be_hidden()
    await expect(reply).to_be_in_viewport()


async def test_earlier_messages_that_do_not_come_are_asked_for_again(reader: FanPage) -> None:
    await reader.page.route("**/messages?*cursor*", lambda route: route.abort())
    await reader.page.reload()
    await reader.is_open()
    await reader.page.evaluate("document.querySelector('[data-scroll]').scrollTop = -1e6")
    again = reader.page.locator("[data-earlier-failed]").get_by_role("button", name="Try again")
    await expect(again).to_be_visible()
    await reader.picture("earlier-failed-phone")
    await reader.page.unroute("**/messages?*cursor*")
    await again.click()
    await expect(again).to_be_hidden()
    await reader.page.evaluate(SCROLL_TO_THE_TOP)
    await expect(reader.log.get_by_text("question 0", exact=True)).to_be_visible()


async def test_home_and_end_go_to_the_ends_of_what_is_loaded(reader: FanPage) -> None:
    await reader.log.focus()
    await reader.page.keyboard.press("Home")
    first = reader.page.locator(".msg").first
    await expect(first).to_be_focused()
    await expect(first).to_be_in_viewport()
    await reader.page.keyboard.press("End")
    last = reader.log.get_by_text(f"answer {MANY - 1}")
    await expect(last).to_be_in_viewport()
    for _ in range(30):
        await reader.page.keyboard.press("ArrowUp")
    await expect(reader.log.get_by_text(f"question {MANY - 15}", exact=True)).to_be_in_viewport()


async def test_what_came_while_the_fan_was_away_stands_under_new(tab: OpenTab, reader: FanPage, account: str) -> None:
    await reader.page.goto("about:blank")
    computer = await tab(DESKTOP)
    await computer.log_in(account, PASSWORD)
    talk = await computer.say(unlike_any("Said on the computer"))
    text = await talk.is_answered()
    await reader.open()
    await reader.is_open()
    divider = reader.page.get_by_role("separator").get_by_text("New", exact=True)
    await expect(divider).to_be_visible()
    after = reader.page.locator(".new + .msg")
    await expect(after).to_contain_text(text[:30])
    await reader.picture("new-divider-phone")
    await (await reader.say(unlike_any("I see"))).is_answered()
    await expect(divider).to_have_count(0)


async def test_two_devices_of_one_fan_show_the_same(tab: OpenTab, reader: FanPage, account: str) -> None:
    computer = await tab(DESKTOP)
    await computer.log_in(account, PASSWORD)
    talk = await computer.say(unlike_any("From the computer"))
    text = await talk.is_answered()
    mirrored = reader.page.locator(".msg.fan", has_text=talk.text)
    await expect(mirrored).to_have_count(1)
    await expect(reader.page.locator(".msg.persona").last).to_contain_text(text[:30])
    back = await reader.say(unlike_any("From the phone"))
    await back.is_answered()
    await expect(computer.page.locator(".msg.fan", has_text=back.text)).to_have_count(1)
