"""A fan on the page: the conversation, and all that a network can do to it."""

import json

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import OpenTab
from tests.browser.fan_page import DESKTOP, Exchange, FanPage, is_without_holes, unlike_any
from tests.browser.site import Site

pytestmark = pytest.mark.browser
QUESTION = "Tell me about your songs"


@pytest.mark.usefixtures("slow_replies")
async def test_a_fan_writes_and_sees_the_answer_stream_in(fan: FanPage) -> None:
    talk = await fan.say(unlike_any(QUESTION))
    await talk.streams()
    await expect(talk.reply).to_have_attribute("aria-busy", "")
    await fan.picture("streaming-phone")
    text = await talk.is_answered()
    assert text.strip()
    await expect(fan.page.locator("#polite")).to_have_text(f"Aria Vale, AI persona: {text}".replace("\n", " "))
    await expect(fan.box).to_be_focused()


@pytest.mark.usefixtures("slow_replies")
async def test_a_reply_cut_by_the_network_goes_on_where_it_stopped(fan: FanPage) -> None:
    talk = await fan.say(unlike_any(QUESTION))
    await talk.streams()
    await fan.context.set_offline(True)
    await expect(fan.page.get_by_text("You’re offline.")).to_be_visible()
    await fan.picture("offline-mid-reply")
    shown = await talk.words.inner_text()
    await fan.context.set_offline(False)
    text = await talk.is_answered()
    assert text.startswith(shown)
    (resumed,) = [frame["after"] for frame in fan.wire.sent if frame["type"] == "turn.resume"]
    before, after = (fan.wire.of_turn(talk.turn(), socket) for socket in (0, 1))
    # A socket that is being closed may still hear some events; the page does not take them, and asks for them again.
    assert 1 <= resumed <= before[-1]
    assert is_without_holes(before)
    assert is_without_holes([resumed, *after]), "an event was missed or came twice"
    await expect(fan.page.get_by_text("You’re offline.")).to_be_hidden()


@pytest.mark.usefixtures("slow_replies")
async def test_a_reload_in_the_middle_of_a_reply_shows_it_once_and_whole(fan: FanPage) -> None:
    talk = await fan.say(unlike_any(QUESTION))
    await talk.streams()
    await fan.page.reload()
    text = await talk.is_answered()
    await expect(talk.message).to_have_count(1)
    ready = fan.wire.sockets[1][0]
    assert ready["open_turn"]["turn"] == talk.turn()
    tokens = [frame["text"] for frame in fan.wire.sockets[1] if frame["type"] == "turn.token"]
    assert "".join(tokens).strip() == text.strip()


@pytest.mark.usefixtures("slow_replies")
async def test_a_reply_is_stopped_and_keeps_what_was_shown(fan: FanPage) -> None:
    talk = await fan.say(unlike_any(QUESTION))
    await talk.streams()
    await fan.button("Stop this reply").click()
    await talk.is_answered()
    await expect(talk.reply.get_by_text("Stopped")).to_be_visible()
    await expect(fan.box).to_be_focused()
    await fan.page.reload()
    await expect(talk.reply.get_by_text("Stopped")).to_be_visible()


@pytest.mark.usefixtures("slow_replies")
async def test_writing_again_interrupts_the_reply(fan: FanPage) -> None:
    first = await fan.say(unlike_any(QUESTION))
    await first.streams()
    second = await fan.say(unlike_any("Wait, something else"))
    await expect(first.reply.get_by_text("Stopped")).to_be_visible()
    await second.is_answered()


async def test_messages_written_offline_are_sent_in_order_each_after_the_reply_before_it(fan: FanPage) -> None:
    await fan.context.set_offline(True)
    await expect(fan.page.get_by_text("You’re offline.")).to_be_visible()
    first = await fan.say(unlike_any("Hello from the tunnel"))
    second = await fan.say(unlike_any("And hello again"))
    await expect(fan.log.get_by_text("Waiting for a connection")).to_have_count(2)
    await fan.context.set_offline(False)
    await first.is_answered()
    await second.is_answered()
    await expect(first.reply.get_by_text("Stopped")).to_have_count(0)


async def test_a_message_whose_start_was_lost_is_sent_again_and_answered_once(fan: FanPage) -> None:
    text = unlike_any("Hello, did you get this?")
    talk = await fan.say(text)
    await expect(talk.message).to_be_visible()
    await fan.context.set_offline(True)
    await fan.context.set_offline(False)
    await talk.is_answered()
    sent = [frame["client_message_id"] for frame in fan.wire.sent if frame["type"] == "message.send"]
    assert len(set(sent)) == 1
    await fan.page.reload()
    await talk.is_answered()
    await expect(talk.message).to_have_count(1)


async def test_a_reply_that_failed_is_asked_for_anew(fan: FanPage, site: Site) -> None:
    site.upstream.play("cut")
    talk = await fan.say(unlike_any("Hello"))
    await expect(talk.message.get_by_text("No answer")).to_be_visible()
    await talk.message.get_by_role("button", name="Try again").click()
    await expect(talk.message).to_have_count(2)
    again = fan.page.locator(".msg.persona").last
    await expect(again).to_contain_text("The loud songs came first")
    ids = [frame["client_message_id"] for frame in fan.wire.sent if frame["type"] == "message.send"]
    assert len(set(ids)) == 2


async def test_a_model_that_is_away_is_said_quietly_under_the_answer(fan: FanPage, site: Site) -> None:
    site.upstream.play("500")
    talk = await fan.say(unlike_any("Hello"))
    await talk.is_answered()
    await expect(talk.reply.get_by_text("Short answers for now")).to_be_visible()


@pytest.mark.usefixtures("slow_replies")
async def test_everything_can_be_done_by_keyboard(tab: OpenTab, login: tuple[str, str]) -> None:
    fan = await tab(DESKTOP)
    await fan.open("login")
    keys = fan.page.keyboard
    await keys.press("Tab")
    await expect(fan.page.get_by_label("Email")).to_be_focused()
    await keys.type(login[0])
    await keys.press("Tab")
    await keys.type(login[1])
    await keys.press("Enter")
    await fan.is_open()
    text = unlike_any(QUESTION)
    await keys.type(text)
    await keys.press("Enter")
    talk = Exchange(fan, text)
    await talk.streams()
    await keys.press("Escape")
    await expect(talk.reply.get_by_text("Stopped")).to_be_visible()
    await keys.press("Shift+Tab")  # into the log
    await keys.press("ArrowUp")
    await expect(talk.reply).to_be_focused()
    await keys.press("ArrowUp")
    await expect(talk.message).to_be_focused()
    await fan.picture("keyboard-desktop")


async def test_a_fan_in_danger_meets_help_and_not_the_persona(fan: FanPage) -> None:
    talk = await fan.say(unlike_any("I want to kill myself"))
    card = fan.page.get_by_role("region", name="Help")
    await expect(card).to_be_visible()
    await expect(card.get_by_role("heading")).to_be_focused()
    links = [await link.get_attribute("href") for link in await card.get_by_role("link").all()]
    assert links
    assert all(href and href.startswith(("tel:", "sms:", "https://")) for href in links)
    await expect(fan.page.locator("#urgent")).not_to_be_empty()
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "still")
    await expect(fan.page.get_by_role("main").get_by_text("Paused for a moment")).to_be_visible()
    await expect(talk.reply).to_have_count(0)
    await fan.picture("crisis-phone")
    await fan.page.reload()
    await expect(card).to_be_visible()
    await card.get_by_role("button", name="I’m safe, back to the chat").click()
    await expect(card).to_be_hidden()
    await expect(fan.box).to_be_focused()


async def test_a_paused_persona_can_still_be_read(fan: FanPage) -> None:
    talk = await fan.say(unlike_any("Hello"))
    await talk.is_answered()
    problem = {"status": 503, "code": "paused", "title": "Paused", "detail": "", "retry_after_s": 60}

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    await fan.page.route("**/realtime/tickets", refuse)
    await fan.page.reload()
    await expect(fan.page.get_by_role("main").get_by_text("is paused for now")).to_be_visible()
    await expect(talk.message).to_be_visible()
    await expect(fan.box).to_be_disabled()
    await fan.picture("paused-phone")


async def test_logging_out_in_one_tab_leaves_the_other_too(fan: FanPage) -> None:
    other = FanPage(await fan.context.new_page(), fan.url)
    await other.open()
    await other.is_open()
    await fan.button("More").click()
    await fan.page.get_by_role("menuitem", name="Log out").click()
    await expect(fan.button("Log in")).to_be_visible()
    await expect(other.page.get_by_text("You logged out in another tab.")).to_be_visible()
    await fan.page.reload()
    await expect(fan.button("Log in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(320, 640), (390, 844), (1280, 800)])
async def test_the_chat_fits_every_screen(fan_tab: OpenTab, size: tuple[int, int], scheme: str) -> None:
    fan = await fan_tab(size, scheme=scheme, motion="reduce")
    talk = await fan.say(unlike_any("Hello there"))
    await talk.is_answered()
    await fan.picture(f"chat-{size[0]}-{scheme}")
    assert await fan.fits_its_width()
    assert await _targets_under_44_px(fan) == []


async def _targets_under_44_px(fan: FanPage) -> list[str]:
    found = await fan.page.evaluate(
        """[...document.querySelectorAll("#app button, #app a, #app textarea, #app .field input")]
           .filter((node) => node.checkVisibility())
           .map((node) => [node.textContent.trim() || node.ariaLabel, node.getBoundingClientRect()])
           .filter(([, box]) => box.height < 44 || box.width < 44)
           .map(([name]) => name)"""
    )
    return [str(name) for name in found]
