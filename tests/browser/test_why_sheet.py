"""Why it said that: from the line under a reply or its menu, with what the fan had said, to correct and to forget."""

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenTab
from tests.browser.fan_page import DESKTOP, PHONE, FanPage

if TYPE_CHECKING:
    from tests.browser.remembered import Remembered
    from tests.factories import FanLogin

pytestmark = pytest.mark.browser
LOOKS = [(PHONE, "dark"), (DESKTOP, "light")]
NAMES = ["phone-dark", "desktop-light"]
SAID = "exam is monday and i have not slept properly all week"
REPLY = "Eight hours and an exam, and you still came to tell me."
PASSAGE = {
    "id": "1",
    "title": "Interview, spring tour",
    "text": "Eight hours before an exam, always.",
}


def exam_and_bridge(member: "FanLogin") -> "tuple[Remembered, Remembered]":
    from tests.browser.remembered import remember

    bridge = remember(member, "You like to sing the bridge.", "i always do the bridge", days_ago=30)
    return remember(member, "Your exam is on Monday.", SAID), bridge


def spoken_of(member: "FanLogin") -> "Remembered":
    """A reply that speaks of her exam, with another memory, a passage and a mood in its prompt."""
    from tests.browser.remembered import reply_of

    exam, bridge = exam_and_bridge(member)
    mood = ["soft", "A bit nostalgic."]
    reply_of(member, "i came home late", REPLY, exam, bridge, passages=[PASSAGE], mood=mood)
    return exam


def reply(fan: FanPage) -> Locator:
    return fan.page.locator(".msg.persona", has_text=REPLY)


def line(fan: FanPage) -> Locator:
    return reply(fan).get_by_role("button", name="Remembered from")


def sheet(fan: FanPage) -> Locator:
    return fan.page.get_by_role("dialog", name="Why it said that")


async def opened(fan: FanPage) -> Locator:
    await line(fan).click()
    await expect(sheet(fan).get_by_text("You told it").first).to_be_visible()
    return sheet(fan)


def remembered(member: "FanLogin") -> list[str]:
    from tests.browser.remembered import texts

    return texts(member)


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=NAMES)
async def test_the_sheet_tells_what_she_said_what_the_team_wrote_and_the_mood(
    fan_tab: OpenTab, member: "FanLogin", size: tuple[int, int], scheme: str
) -> None:
    spoken_of(member)
    fan = await fan_tab(size, scheme=scheme, motion="reduce")
    await expect(line(fan)).to_be_visible()
    await fan.picture(f"remembered-from-{size[0]}-{scheme}")
    assert await violations(fan.page) == []
    why = await opened(fan)
    steps = why.get_by_role("list").first.get_by_role("listitem")
    await expect(steps).to_have_count(3)
    await expect(steps.nth(0)).to_contain_text(f"“{SAID}”")
    await expect(steps.nth(1)).to_contain_text("Aria Vale once said“Eight hours before an exam, always.”")
    await expect(steps.nth(1)).to_contain_text("Interview, spring tour. From Aria Vale’s team.")
    await expect(steps.nth(2)).to_contain_text("Today’s moodsoft A bit nostalgic.")
    await fan.picture(f"why-{size[0]}-{scheme}")
    await why.get_by_text("It also had this in mind").click()
    await expect(why.get_by_text("“i always do the bridge”")).to_be_visible()
    assert await violations(fan.page) == []
    assert await fan.fits_its_width()


async def test_every_reply_can_be_asked_for_its_reason(fan: FanPage, member: "FanLogin") -> None:
    talk = await fan.say("Hello there")
    await talk.is_answered()
    await expect(talk.reply.get_by_role("button", name="Remembered from")).to_have_count(0)
    await talk.words.click(button="right")
    await fan.page.get_by_role("menuitem", name="Why this reply?").click()
    await expect(sheet(fan).get_by_text("Today’s mood")).to_be_visible()  # the artist's, of today
    await expect(sheet(fan).get_by_text("You told it")).to_have_count(0)
    await sheet(fan).get_by_role("button", name="Done").click()
    await expect(sheet(fan)).to_have_count(0)
    await expect(talk.reply).to_be_focused()


async def test_a_reply_that_had_nothing_says_so(fan: FanPage, member: "FanLogin") -> None:
    from tests.browser.remembered import reply_of

    reply_of(member, "hi", REPLY)
    await fan.page.reload()
    await reply(fan).locator(".bubble").click(button="right")
    await fan.page.get_by_role("menuitem", name="Why this reply?").click()
    await expect(sheet(fan).get_by_text("Nothing from before.")).to_be_visible()
    await fan.picture("why-nothing")


async def test_what_is_corrected_in_the_sheet_stays_so(fan: FanPage, member: "FanLogin") -> None:
    spoken_of(member)
    await fan.page.reload()
    why = await opened(fan)
    await why.get_by_role("button", name="Correct").first.click()
    box = why.get_by_role("textbox", name="Correct this memory")
    await expect(box).to_have_value("Your exam is on Monday.")
    await fan.page.keyboard.press("Escape")  # leaves the box, not the sheet
    await expect(box).to_have_count(0)
    await why.get_by_role("button", name="Correct").first.click()
    await box.fill("Your exam is on Tuesday.")
    await why.get_by_role("button", name="Save").click()
    await expect(why.get_by_text("In your own words. Today")).to_be_visible()
    assert "Your exam is on Tuesday." in remembered(member)
    await why.get_by_role("button", name="Done").click()
    await expect(line(fan)).to_have_count(0)  # it did not know this when it said that


async def test_words_that_go_with_a_corrected_memory_go_from_beside_another(fan: FanPage, member: "FanLogin") -> None:
    """The sheet shows the newest message of each memory; an older one of the first told the second too."""
    from tests.browser.remembered import also_told_by, reply_of

    exam, bridge = exam_and_bridge(member)
    also_told_by(member, exam, bridge)
    reply_of(member, "i came home late", REPLY, exam, bridge, drawn=2)
    await fan.page.reload()
    why = await opened(fan)
    await expect(why.get_by_text("“i always do the bridge”")).to_be_visible()
    await why.get_by_role("button", name="Correct").first.click()
    await why.get_by_role("textbox", name="Correct this memory").fill("Your exam is on Tuesday.")
    await why.get_by_role("button", name="Save").click()
    await expect(why.get_by_text("Your words are not kept.")).to_be_visible()
    await expect(why.get_by_text("“i always do the bridge”")).to_have_count(0)


async def test_forgetting_in_the_sheet_can_be_undone_until_it_closes(fan: FanPage, member: "FanLogin") -> None:
    spoken_of(member)
    await fan.page.reload()
    why = await opened(fan)
    await why.get_by_role("button", name="Forget").first.click()
    await expect(why.get_by_role("button", name="Undo")).to_be_focused()
    await fan.page.keyboard.press("Enter")
    await expect(why.get_by_text(f"“{SAID}”")).to_be_visible()
    assert len(remembered(member)) == 2
    await why.get_by_role("button", name="Forget").first.click()
    await fan.picture("why-forgotten")
    async with fan.page.expect_response(lambda answer: answer.request.method == "DELETE") as answered:
        await why.get_by_role("button", name="Done").click()
    assert (await answered.value).status == 204
    await expect(line(fan)).to_have_count(0)
    assert remembered(member) == ["You like to sing the bridge."]


async def test_the_time_in_the_sheet_shows_the_message(fan: FanPage, member: "FanLogin") -> None:
    from tests.browser.remembered import talked

    exam, _ = exam_and_bridge(member)
    talked(member, 30)
    from tests.browser.remembered import reply_of

    reply_of(member, "i came home late", REPLY, exam)
    await fan.page.reload()
    why = await opened(fan)
    await why.get_by_role("link", name="in chat").first.click()
    await expect(sheet(fan)).to_have_count(0)
    message = fan.page.locator(".msg.fan", has_text=SAID)
    await expect(message).to_be_in_viewport()
    await expect(message).to_be_focused()


async def test_a_sheet_that_could_not_be_read_can_be_asked_again(fan: FanPage, member: "FanLogin") -> None:
    spoken_of(member)
    await fan.page.reload()
    await fan.page.route("**/why", lambda route: route.abort())
    await line(fan).click()
    await expect(sheet(fan).get_by_text("No connection. Check the network and try again.")).to_be_visible()
    assert await violations(fan.page) == []
    await fan.page.unroute("**/why")
    await sheet(fan).get_by_role("button", name="Try again").click()
    await expect(sheet(fan).get_by_text("You told it").first).to_be_visible()


async def test_report_this_leads_on_to_the_report(fan: FanPage, member: "FanLogin") -> None:
    spoken_of(member)
    await fan.page.reload()
    why = await opened(fan)
    await why.get_by_role("button", name="Report this").click()
    await expect(fan.page.get_by_role("dialog", name="Report this reply")).to_be_visible()
