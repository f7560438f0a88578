"""What it remembers: a fan sees it with her own words, puts it right, has it forgotten, and goes off the record."""

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenTab
from tests.browser.fan_page import DESKTOP, PHONE, FanPage

if TYPE_CHECKING:
    from tests.browser.remembered import Remembered
    from tests.factories import FanLogin

pytestmark = pytest.mark.browser
API = "**/api/v1/artists/*/memories"
EXAM, SISTER, SONG = "Your exam is on Monday.", "Your sister is called Anna.", "You like to sing the bridge."


def exam(member: "FanLogin") -> "Remembered":
    from tests.browser.remembered import remember

    return remember(member, EXAM, "exam is monday and i have not slept properly all week", kind="event")


def three(member: "FanLogin") -> "list[Remembered]":
    from tests.browser.remembered import remember

    return [
        remember(member, SONG, "i always do the bridge", kind="preference", days_ago=30),
        remember(member, SISTER, "my sister anna drove me", kind="relationship", days_ago=1),
        exam(member),
    ]


async def opened(fan: FanPage) -> FanPage:
    """Her memories, by the way that leads there."""
    await fan.button("More").click()
    await fan.page.get_by_role("menuitem", name="What it remembers").click()
    await expect(fan.page).to_have_url(f"{fan.url}/memories")
    await expect(fan.page.get_by_role("switch", name="Off the record")).to_be_enabled()
    return fan


def row(fan: FanPage, text: str) -> Locator:
    return fan.page.locator(".mem", has_text=text)


def facts(fan: FanPage) -> Locator:
    return fan.page.locator(".mem:visible .mem-fact")


def press(where: Locator, name: str) -> Locator:
    return where.get_by_role("button", name=name)


async def kept(member: "FanLogin") -> list[str]:
    from tests.browser.remembered import texts

    return texts(member)


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone-dark", "desktop-light"])
async def test_each_memory_stands_with_her_own_words_and_axe_finds_nothing(
    fan_tab: OpenTab, member: "FanLogin", size: tuple[int, int], scheme: str
) -> None:
    three(member)
    fan = await opened(await fan_tab(size, scheme=scheme, motion="reduce"))
    await expect(facts(fan)).to_have_text([EXAM, SISTER, SONG])
    await expect(row(fan, EXAM)).to_contain_text("“exam is monday and i have not slept properly all week”")
    await expect(row(fan, SISTER).get_by_role("link")).to_contain_text("Yesterday")
    found = {"list": await violations(fan.page)}
    await press(row(fan, SISTER), "Correct").click()
    await press(row(fan, EXAM), "Forget").click()
    await expect(fan.button("Undo")).to_be_focused()
    await fan.picture(f"memories-{size[0]}-{scheme}")
    assert await fan.fits_its_width()
    found["correcting and forgetting"] = await violations(fan.page)
    await fan.button("Undo").click()
    await fan.button("More").click()
    await fan.page.get_by_role("menuitem", name="Forget all").click()
    await fan.picture(f"forget-all-{size[0]}-{scheme}")
    found["forget all"] = await violations(fan.page)
    assert {name: bad for name, bad in found.items() if bad} == {}


async def test_kinds_are_chosen_from_those_that_there_are(fan: FanPage, member: "FanLogin") -> None:
    three(member)
    await opened(fan)
    kinds = fan.page.get_by_role("group", name="Show")
    await expect(kinds.get_by_role("button")).to_have_text(["All 3", "Likes", "People", "Dates"])
    await kinds.get_by_role("button", name="Likes").click()
    await expect(facts(fan)).to_have_text([SONG])
    await press(row(fan, SONG), "Forget").click()
    await expect(facts(fan)).to_have_text([EXAM, SISTER])  # the last of its kind has gone
    await fan.button("Undo").click()
    await expect(kinds.get_by_role("button", name="All 3")).to_have_attribute("aria-pressed", "true")


async def test_a_long_list_comes_page_by_page(fan: FanPage, member: "FanLogin") -> None:
    from tests.browser.remembered import remember

    for n in range(53):
        remember(member, f"You have seen show {n}.", f"that was show {n}")
    await opened(fan)
    await expect(facts(fan)).to_have_count(50)
    await facts(fan).last.scroll_into_view_if_needed()
    await expect(facts(fan)).to_have_count(53)
    await expect(facts(fan).last).to_have_text("You have seen show 0.")


async def test_the_time_leads_to_the_message_however_far_back(fan: FanPage, member: "FanLogin") -> None:
    from tests.browser.remembered import talked

    long_ago = exam(member)
    talked(member, 40)
    await opened(fan)
    await row(fan, EXAM).get_by_role("link").click()
    await expect(fan.page).to_have_url(f"{fan.url}#message-{long_ago.message.id}")
    message = fan.page.locator(".msg.fan", has_text="exam is monday")
    await expect(message).to_be_in_viewport()
    await expect(message).to_be_focused()
    await fan.picture("memory-found-in-the-chat")
    await fan.page.go_back()
    await expect(facts(fan)).to_have_text([EXAM])


async def test_a_correction_takes_her_words_and_keeps_them(fan: FanPage, member: "FanLogin") -> None:
    three(member)
    await opened(fan)
    await press(row(fan, SISTER), "Correct").click()
    box = fan.page.get_by_role("textbox", name="Correct this memory")
    await expect(box).to_be_focused()
    await expect(box).to_have_value(SISTER)
    await box.fill("")
    await fan.button("Save").click()
    await expect(fan.page.get_by_text("Say how it is, or choose Forget.")).to_be_visible()
    await box.fill("Your sister is called Ana.")
    await fan.button("Save").click()
    await expect(facts(fan)).to_have_text([EXAM, "Your sister is called Ana.", SONG])
    fixed = row(fan, "Your sister is called Ana.")
    await expect(fixed).to_contain_text("In your own words. Today")
    await expect(press(fixed, "Correct")).to_be_focused()
    assert await kept(member) == [SONG, "Your sister is called Ana.", EXAM]
    await fan.page.reload()
    await expect(row(fan, "Ana")).to_contain_text("In your own words. Today")


async def test_a_correction_that_could_not_be_saved_stays_as_it_was_typed(fan: FanPage, member: "FanLogin") -> None:
    exam(member)
    await opened(fan)
    await press(row(fan, EXAM), "Correct").click()
    box = fan.page.get_by_role("textbox", name="Correct this memory")
    await box.fill("Your exam is on Tuesday.")
    await fan.context.set_offline(True)
    await fan.page.keyboard.press("Enter")
    await expect(fan.page.get_by_text("No connection. Check the network and try again.")).to_be_visible()
    await expect(box).to_have_value("Your exam is on Tuesday.")
    await fan.context.set_offline(False)
    await expect(box).to_have_value("Your exam is on Tuesday.")
    await fan.page.keyboard.press("Escape")
    await expect(facts(fan)).to_have_text([EXAM])
    assert await kept(member) == [EXAM]


async def test_forgetting_waits_six_seconds_for_undo_and_then_deletes(fan: FanPage, member: "FanLogin") -> None:
    three(member)
    await opened(fan)
    await fan.page.clock.install()
    await press(row(fan, EXAM), "Forget").click()
    await expect(facts(fan)).to_have_text([SISTER, SONG])
    await expect(fan.page.get_by_text("Forgotten. It won’t come up again.")).to_be_visible()
    await fan.page.keyboard.press("Enter")  # on Undo
    await expect(facts(fan)).to_have_text([EXAM, SISTER, SONG])
    assert len(await kept(member)) == 3
    await press(row(fan, EXAM), "Forget").click()
    async with fan.page.expect_response(lambda answer: answer.request.method == "DELETE") as answered:
        await fan.page.clock.fast_forward(6000)
    assert (await answered.value).status == 204
    await expect(fan.button("Undo")).to_have_count(0)
    await expect(press(row(fan, SISTER), "Correct")).to_be_focused()
    assert await kept(member) == [SONG, SISTER]


async def test_leaving_the_page_deletes_at_once(fan: FanPage, member: "FanLogin") -> None:
    exam(member)
    await opened(fan)
    await press(row(fan, EXAM), "Forget").click()
    async with fan.page.expect_response(lambda answer: answer.request.method == "DELETE") as answered:
        await fan.page.go_back()
    assert (await answered.value).status == 204
    await fan.is_open()
    assert await kept(member) == []


async def test_a_cut_network_puts_forgetting_off_and_does_not_undo_it(fan: FanPage, member: "FanLogin") -> None:
    three(member)
    await opened(fan)
    await fan.page.clock.install()
    await fan.context.set_offline(True)
    await press(row(fan, EXAM), "Forget").click()
    await fan.page.clock.fast_forward(6000)
    await expect(fan.page.get_by_text("It is forgotten as soon as there is one.")).to_be_visible()
    await expect(facts(fan)).to_have_text([SISTER, SONG])
    assert len(await kept(member)) == 3
    async with fan.page.expect_response(lambda answer: answer.request.method == "DELETE") as answered:
        await fan.context.set_offline(False)
    assert (await answered.value).status == 204
    assert await kept(member) == [SONG, SISTER]


async def test_what_was_put_off_is_forgotten_by_the_next_visit_wherever_it_leads(
    fan: FanPage, member: "FanLogin"
) -> None:
    exam(member)
    await opened(fan)
    await _answer(fan, f"{API}/*", 503, "unavailable")
    await press(row(fan, EXAM), "Forget").click()
    async with fan.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        await fan.page.go_back()
    assert await kept(member) == [EXAM]
    await fan.page.unroute(f"{API}/*")
    async with fan.page.expect_response(lambda answer: answer.request.method == "DELETE") as answered:
        await fan.page.reload()
    assert (await answered.value).status == 204
    assert await kept(member) == []


async def test_what_is_refused_comes_back_and_says_why(fan: FanPage, member: "FanLogin") -> None:
    exam(member)
    await opened(fan)
    await fan.page.clock.install()
    await _answer(fan, f"{API}/*", 403, "forbidden")
    await press(row(fan, EXAM), "Forget").click()
    await fan.page.clock.fast_forward(6000)
    await expect(fan.page.get_by_text("That could not be forgotten. This is not open to you.")).to_be_visible()
    await expect(facts(fan)).to_have_text([EXAM])
    assert await kept(member) == [EXAM]


async def test_forgetting_everything_asks_for_the_word(fan: FanPage, member: "FanLogin") -> None:
    three(member)
    await opened(fan)
    await fan.button("More").click()
    await fan.page.get_by_role("menuitem", name="Forget all").click()
    sheet = fan.page.get_by_role("dialog", name="Forget everything?")
    word = sheet.get_by_label("Type FORGET to go on")
    await expect(word).to_be_focused()
    await word.fill("forge")
    await expect(press(sheet, "Forget everything")).to_be_disabled()
    await fan.page.keyboard.press("Enter")
    assert len(await kept(member)) == 3
    await word.fill("forget")
    await fan.page.keyboard.press("Enter")
    await expect(fan.page.get_by_text("Nothing yet. It learns as you talk.")).to_be_visible()
    await expect(fan.page.get_by_text("Everything is forgotten.")).to_be_visible()
    await expect(facts(fan)).to_have_count(0)
    await fan.picture("memories-none")
    assert await kept(member) == []
    await fan.page.reload()
    await expect(fan.page.get_by_text("Nothing yet. It learns as you talk.")).to_be_visible()


async def test_off_the_record_is_kept_and_the_chat_has_a_mark(fan: FanPage, member: "FanLogin") -> None:
    from tests.browser.remembered import allowed

    mark = fan.page.get_by_role("link", name="Off the record: nothing new is remembered")
    await expect(mark).to_be_hidden()
    other = FanPage(await fan.context.new_page(), fan.url)
    await other.open("memories")
    switch = other.page.get_by_role("switch", name="Off the record")
    async with other.page.expect_response(lambda answer: answer.request.method == "PATCH"):
        await switch.check()
    await expect(mark).to_be_visible()  # in the tab that is open already
    await fan.picture("chat-off-the-record")
    await expect(other.page.get_by_text("While you are off the record, it learns nothing new.")).to_be_visible()
    assert allowed(member) == (True, False)
    await mark.click()
    switch = fan.page.get_by_role("switch", name="Off the record")
    await expect(switch).to_be_checked()
    async with fan.page.expect_response(lambda answer: answer.request.method == "PATCH"):
        await switch.uncheck()
    await fan.page.go_back()
    await fan.is_open()
    await expect(mark).to_be_hidden()
    assert allowed(member) == (False, False)


async def test_a_switch_that_could_not_be_saved_goes_back(fan: FanPage, member: "FanLogin") -> None:
    from tests.browser.remembered import allowed

    await opened(fan)
    await _answer(fan, "**/memory-settings", 503, "unavailable")
    switch = fan.page.get_by_role("switch", name="Off the record")
    await switch.click()
    await expect(fan.page.get_by_text("This is not available just now. Try again in a moment.")).to_be_visible()
    await expect(switch).not_to_be_checked()
    assert allowed(member) == (False, False)


async def test_the_words_of_what_is_corrected_go_from_beside_it_too(fan: FanPage, member: "FanLogin") -> None:
    from tests.browser.remembered import remember

    dog = remember(member, "Your dog is called Biscuit.", "my birthday is on 9 March and my dog is called Biscuit")
    remember(member, "Your birthday is on 9 March.", dog.message.text, message=dog.message)
    await opened(fan)
    await press(row(fan, "Your dog"), "Correct").click()
    await fan.page.get_by_role("textbox", name="Correct this memory").fill("My dog is called Waffle.")
    await fan.button("Save").click()
    for _ in ("at once", "read anew"):
        await expect(row(fan, "Your birthday is on 9 March.").get_by_text("Your words are not kept.")).to_be_visible()
        await expect(fan.page.get_by_text("Biscuit")).to_have_count(0)
        await fan.page.reload()


async def test_sensitive_things_are_kept_by_consent_and_deleted_without_it(fan: FanPage, member: "FanLogin") -> None:
    from tests.browser.remembered import allowed, categorise

    exam(member)
    await opened(fan)
    switch = fan.page.get_by_role("switch", name="Sensitive things too")
    async with fan.page.expect_response(lambda answer: answer.request.method == "PATCH"):
        await switch.check()
    assert allowed(member) == (False, True)
    categorise(three(member)[0], "health", member)
    await fan.page.reload()
    await expect(facts(fan)).to_have_count(4)
    await switch.click()
    sheet = fan.page.get_by_role("dialog", name="Stop keeping sensitive things?")
    await press(sheet, "Cancel").click()
    await expect(switch).to_be_checked()
    await switch.click()
    await press(sheet, "Stop and delete").click()
    await expect(facts(fan)).to_have_count(3)
    await expect(switch).not_to_be_checked()
    assert allowed(member) == (False, False)
    assert SONG not in await kept(member)


async def test_a_list_that_did_not_come_says_so_and_comes_with_the_network(fan: FanPage, member: "FanLogin") -> None:
    exam(member)
    await fan.page.route(f"{API}?*", lambda route: route.abort())
    await opened(fan)
    await expect(fan.page.get_by_text("No connection. Check the network and try again.")).to_be_visible()
    await fan.picture("memories-offline")
    assert await violations(fan.page) == []
    await fan.page.unroute(f"{API}?*")
    await fan.button("Try again").click()
    await expect(facts(fan)).to_have_text([EXAM])


async def test_while_it_loads_there_is_something_to_see(fan: FanPage, member: "FanLogin") -> None:
    exam(member)
    waiting: list[Route] = []
    await fan.page.route(f"{API}?*", lambda route: waiting.append(route))
    await opened(fan)
    await expect(fan.page.get_by_text("Loading what it remembers")).to_be_attached()
    await expect(fan.page.locator(".memories .bone").first).to_be_visible()
    await waiting[0].continue_()
    await expect(facts(fan)).to_have_text([EXAM])
    await expect(fan.page.locator(".memories .bone").first).to_be_hidden()


async def test_it_is_reached_from_the_artist_and_the_settings(fan: FanPage) -> None:
    for name in ("artist", "settings"):
        await fan.open(name)
        await fan.page.get_by_role("link", name="What it remembers").click()
        await expect(fan.page.get_by_role("heading", name="What it remembers", level=1)).to_be_focused()


async def test_all_of_it_works_by_keyboard(fan_tab: OpenTab, member: "FanLogin") -> None:
    exam(member)
    fan = await fan_tab(DESKTOP)
    await fan.open("memories")
    await expect(facts(fan)).to_have_text([EXAM])
    keys = fan.page.keyboard
    await press(row(fan, EXAM), "Correct").focus()
    await keys.press("Enter")
    await expect(fan.page.get_by_role("textbox", name="Correct this memory")).to_be_focused()
    await keys.press("Escape")
    await expect(press(row(fan, EXAM), "Correct")).to_be_focused()
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(fan.button("Undo")).to_be_focused()
    await keys.press("Enter")
    await expect(press(row(fan, EXAM), "Correct")).to_be_focused()


async def _answer(fan: FanPage, path: str, status: int, code: str) -> None:
    """Every change under the path is refused; what is only read is the real server's."""

    async def refuse(route: Route) -> Any:
        if route.request.method == "GET":
            return await route.continue_()
        body = f'{{"status": {status}, "code": "{code}", "title": "No", "detail": ""}}'
        return await route.fulfill(status=status, content_type="application/problem+json", body=body)

    await fan.page.route(path, refuse)
