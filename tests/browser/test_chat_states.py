"""Each state of the chat that is not plain talking, as a fan meets it."""

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import OpenTab
from tests.browser.fan_page import DESKTOP, FanPage, unlike_any
from tests.browser.refusals import close_sockets, refuse_sends, refusing

pytestmark = pytest.mark.browser


async def test_before_the_first_word_the_page_invites_it(fan: FanPage) -> None:
    await expect(fan.page.get_by_text("Say the first thing")).to_be_visible()
    await fan.picture("empty-phone")
    await (await fan.say(unlike_any("Hello"))).is_answered()
    await expect(fan.page.get_by_text("Say the first thing")).to_be_hidden()


async def test_while_the_past_loads_its_outline_stands_there_and_a_failure_can_be_tried_again(fan: FanPage) -> None:
    talk = await fan.say(unlike_any("Hello"))
    await talk.is_answered()
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)
        if len(held) > 1:  # the socket is there and asks once more
            await route.abort()

    await fan.page.route("**/messages?*", hold)
    async with fan.page.expect_request("**/messages?*"):
        await fan.page.reload()
    await expect(fan.page.locator("[data-loading]")).to_be_visible()
    await fan.picture("loading-phone")
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "idle")
    await held[0].abort()
    await fan.page.wait_for_load_state("networkidle")  # nothing of the page's own comes between us and the button
    failed = fan.page.get_by_text("What was said before could not be loaded.")
    await expect(failed).to_be_visible()
    await expect(fan.page.get_by_text("Say the first thing")).to_be_hidden()
    await fan.page.unroute("**/messages?*")
    again = fan.page.locator("[data-history-failed]").get_by_role("button", name="Try again", include_hidden=True)
    await again.dispatch_event("click")  # the page's own next try may hide it at any moment
    await expect(talk.message).to_be_visible()
    await expect(failed).to_be_hidden()


async def test_an_empty_quota_says_what_comes_back_when_and_keeps_the_message(fan: FanPage) -> None:
    quota = {"name": "texts", "used": 20, "limit": 20, "resets_at": "2026-12-01T00:00:00Z"}
    await refuse_sends(fan, {"code": "quota_exhausted", "detail": "All 20 texts are used.", "quota": quota})
    talk = await fan.say(unlike_any("One more"))
    sheet = fan.page.get_by_role("dialog", name="That’s all for now")
    await expect(sheet).to_contain_text("All 20 texts are used.")
    await expect(sheet).to_contain_text("Tuesday 1 December")
    await expect(sheet).to_contain_text("0 of 20 left")
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "still")
    await fan.picture("quota-phone")
    await sheet.get_by_role("button", name="Keep reading").click()
    await expect(sheet).to_have_count(0)
    await expect(talk.message.get_by_text("Nothing is left of your messages for now")).to_be_visible()
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "idle")


async def test_a_refused_message_can_be_deleted(fan: FanPage) -> None:
    await refuse_sends(fan, {"code": "rate_limited", "detail": "Slow down."})
    talk = await fan.say(unlike_any("Too fast"))
    await expect(talk.message.get_by_text("That was a lot at once.")).to_be_visible()
    await talk.message.get_by_role("button", name="Delete").click()
    await expect(talk.message).to_have_count(0)
    await fan.page.reload()
    await fan.is_open()
    await expect(talk.message).to_have_count(0)


async def test_a_notice_that_falls_due_stands_before_the_next_word(fan: FanPage) -> None:
    origin, slug = fan.url.split("/a/")
    answer = await fan.page.request.get(f"{origin}/api/v1/disclosures?country=DE&artist={slug}")
    first = (await answer.json())["items"][0]
    await refuse_sends(fan, {"code": "acknowledgement_required", "detail": "", "required": [first["id"]]})
    talk = await fan.say(unlike_any("Hello"))
    due = fan.page.locator("[data-due]")
    await expect(due.get_by_text(first["title"])).to_be_visible()
    await expect(fan.box).to_be_disabled()
    await fan.picture("notice-due-phone")
    await due.get_by_role("button", name="Got it").click()
    await expect(talk.message.get_by_text("Read the notice first")).to_be_visible()  # refused again, as above


@pytest.mark.parametrize(
    ("code", "reason", "words"),
    [
        (4403, "sanctioned", "You can appeal: reply to the e-mail that you were sent."),
        (4404, "", "is not here any more."),
        (4403, "paused", "is paused for now."),
    ],
)
async def test_a_closed_door_says_why_and_what_was_said_stays(fan: FanPage, code: int, reason: str, words: str) -> None:
    talk = await fan.say(unlike_any("Hello"))
    await talk.is_answered()
    await close_sockets(fan, code, reason)
    await expect(fan.page.get_by_role("main").get_by_text(words)).to_be_visible()
    await expect(fan.box).to_be_disabled()
    await expect(talk.message).to_be_visible()
    await fan.picture(f"closed-{reason or code}")


async def test_a_chat_that_is_open_too_often_is_connected_again_by_hand(fan: FanPage) -> None:
    await close_sockets(fan, 4429)
    await expect(fan.page.get_by_text("This chat is open in too many places.")).to_be_visible()
    await expect(fan.button("Connect again")).to_be_visible()
    await expect(fan.box).to_be_enabled()


async def test_a_suspended_artist_can_still_be_read(fan: FanPage) -> None:
    talk = await fan.say(unlike_any("Hello"))
    await talk.is_answered()
    await fan.page.route("**/realtime/tickets", refusing(503, "paused"))
    await fan.page.reload()
    await expect(fan.page.get_by_role("main").get_by_text("is paused for now.")).to_be_visible()
    await expect(talk.message).to_be_visible()


async def test_a_draft_outlives_a_reload_and_another_page(fan: FanPage) -> None:
    await fan.box.fill("half a thought")
    await fan.page.reload()
    await expect(fan.box).to_have_value("half a thought")
    await fan.page.locator("[data-who]").click()
    await fan.page.go_back()
    await expect(fan.box).to_have_value("half a thought")
    await fan.button("Send").click()
    await fan.page.reload()
    await fan.is_open()
    await expect(fan.box).to_have_value("")


async def test_a_text_that_is_too_long_says_by_how_much_and_is_not_sent(fan: FanPage) -> None:
    await fan.box.fill("a" * 3999)
    await expect(fan.page.get_by_text("1 character left")).to_be_visible()
    await fan.box.fill("😀" * 4002)
    await expect(fan.page.get_by_text("Too long by 2 characters")).to_be_visible()
    await expect(fan.box).to_have_attribute("aria-invalid", "true")
    await expect(fan.button("Send")).to_be_disabled()
    await fan.picture("too-long-phone")
    await fan.page.keyboard.press("Enter")
    assert [frame for frame in fan.wire.sent if frame["type"] == "message.send"] == []


@pytest.mark.usefixtures("slow_replies")
async def test_a_hidden_page_counts_what_comes_in_its_title(fan: FanPage) -> None:
    talk = await fan.say(unlike_any("Hello"))
    await talk.streams()
    await _hide(fan, hidden=True)
    await expect(fan.page).to_have_title("(1) Aria Vale, AI persona")
    await expect(fan.page.get_by_role("separator").get_by_text("New", exact=True)).to_be_visible()
    await _hide(fan, hidden=False)
    await expect(fan.page).to_have_title("Aria Vale, AI persona")


@pytest.mark.usefixtures("slow_replies")
async def test_a_reply_that_ends_elsewhere_is_told_without_its_words(tab: OpenTab, login: tuple[str, str]) -> None:
    fan = await tab(DESKTOP)
    await fan.context.add_init_script(
        """window.Notification = class { static permission = "granted";
          constructor(title, options) { document.body.dataset.told = `${title}: ${options.body}`; }
          addEventListener() {} };
        Object.defineProperty(navigator, "serviceWorker", { value: undefined });
        localStorage.setItem("companion.notify", "on");"""
    )
    await fan.log_in(*login)
    talk = await fan.say(unlike_any("Hello"))
    await talk.streams()
    await _hide(fan, hidden=True)
    told = "Aria Vale, AI persona: Your reply is ready."
    await expect(fan.page.locator("body")).to_have_attribute("data-told", told)


async def _hide(fan: FanPage, *, hidden: bool) -> None:
    await fan.page.evaluate(
        """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


async def test_a_login_outlives_a_refresh_whose_answer_the_network_lost(fan: FanPage) -> None:
    answers: list[int] = []

    async def lose_the_first(route: Route) -> None:
        answer = await route.fetch()  # the server has rotated the token
        answers.append(answer.status)
        await (route.abort() if len(answers) == 1 else route.fulfill(response=answer))

    await fan.box.fill("half a thought")
    await fan.page.evaluate("sessionStorage.clear()")  # as in a new tab: it has to ask for a token
    await fan.page.route("**/tokens/refresh", lose_the_first)
    await fan.page.reload()
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "idle")
    assert answers == [200, 200]
    await expect(fan.box).to_have_value("half a thought")
    await (await fan.say(unlike_any("Still here"))).is_answered()
