"""The way in: the disclosure first, then sign-up, log-in and out."""

import re

import pytest
from django.conf import settings
from playwright.async_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.fan_page import CHOSEN, DESKTOP, FanPage

pytestmark = pytest.mark.browser


async def test_a_fan_is_told_signs_up_chats_and_comes_back(tab: OpenTab) -> None:
    fan = await tab()
    await fan.open()
    await expect(fan.page.get_by_text("AI persona").first).to_be_visible()
    await fan.tick_all()
    email = await fan.fill_sign_up()
    await fan.picture("signup-phone")
    await fan.button("Start talking").click()
    await fan.is_open()
    await expect(fan.page.get_by_text("Say the first thing")).to_be_visible()
    await (await fan.say("Hello!")).is_answered()
    await fan.log_out()
    await fan.log_in(email, CHOSEN)
    await expect(fan.log.get_by_text("Hello!")).to_be_visible()


async def test_nothing_is_sent_before_the_disclosure_is_ticked(tab: OpenTab) -> None:
    fan = await tab()
    posts: list[str] = []
    fan.page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    await fan.open()
    await fan.fill_sign_up()
    await expect(fan.page.get_by_role("checkbox", name="I understand").first).to_be_visible()
    await fan.button("Start talking").click()
    await expect(fan.page.get_by_text("Tick each box to go on.")).to_be_visible()
    await expect(fan.page.get_by_role("checkbox", name="I understand").first).to_be_focused()
    assert posts == []


async def test_mistakes_are_said_under_their_fields(tab: OpenTab) -> None:
    fan = await tab()
    await fan.open()
    await fan.tick_all()
    await fan.button("Start talking").click()
    await expect(fan.page.get_by_label("Email")).to_be_focused()
    await expect(fan.page.get_by_label("Email")).to_have_accessible_description("Enter your e-mail address.")
    await expect(fan.page.get_by_text("Enter your birth date as day, month and year.")).to_be_visible()
    await fan.picture("signup-mistakes-phone")


async def test_a_child_meets_a_calm_page_and_the_next_date_changes_nothing(tab: OpenTab) -> None:
    fan = await tab()
    for year in (2020, 1990):
        await fan.open()
        await fan.tick_all()
        await fan.fill_sign_up(year=year)
        await fan.button("Start talking").click()
        await expect(fan.page.get_by_role("heading", name="Come back when you’re older")).to_be_focused()
        await fan.page.goto("about:blank")
    await fan.open()
    await expect(fan.button("Start talking")).to_be_visible()
    assert await fan.page.evaluate("localStorage.length") == 0


async def test_a_wrong_password_is_said_and_keeps_the_address(tab: OpenTab, login: tuple[str, str]) -> None:
    fan = await tab()
    await fan.open("login")
    await fan.page.get_by_label("Email").fill(login[0])
    await fan.page.get_by_label("Password").fill("not the password")
    await fan.button("Log in").click()
    await expect(fan.page.locator(".error:not(:empty)")).to_be_visible()
    await expect(fan.page.get_by_label("Email")).to_have_value(login[0])


async def test_staff_with_a_second_step_are_sent_to_the_console(tab: OpenTab) -> None:
    fan = await tab()
    flows = {"status": 401, "data": {"flows": [{"id": "login"}, {"id": "mfa_authenticate", "is_pending": True}]}}
    await fan.context.route("**/auth/login", lambda route: route.fulfill(status=401, json=flows))
    await fan.open("login")
    await fan.page.get_by_label("Email").fill("owner@aria.example")
    await fan.page.get_by_label("Password").fill(CHOSEN)
    await fan.button("Log in").click()
    await expect(fan.page.get_by_text("This is a staff account: log in at the console.")).to_be_visible()


async def ask_for_a_link(fan: FanPage, address: str) -> None:
    await fan.open("forgot")
    await fan.page.get_by_label("Email").fill(address)
    await fan.button("Send the link").click()
    await expect(fan.page.get_by_role("heading", name="Look in your inbox")).to_be_focused()
    await expect(fan.page.get_by_text(f"If {address} has an account")).to_be_visible()


def link_mailed_to(address: str) -> str:
    """The link of the last e-mail to an address, which the product writes into a file where no server sends it."""
    mails = [
        path.read_text() for path in sorted((settings.DATA_DIR / "mail").iterdir(), key=lambda p: p.stat().st_mtime)
    ]
    links = re.findall(r"^http\S+$", [mail for mail in mails if f"To: {address}" in mail][-1], re.MULTILINE)
    assert len(links) == 1
    return str(links[0])


async def test_a_forgotten_password_is_answered_alike_for_any_address(tab: OpenTab, login: tuple[str, str]) -> None:
    fan = await tab()
    for address in (login[0], "nobody@fans.example"):
        await ask_for_a_link(fan, address)
    await fan.button("Back to log in").click()
    await expect(fan.page).to_have_url(f"{fan.url}/login")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_new_password_by_mail_leads_back_to_the_artist(
    tab: OpenTab, login: tuple[str, str], scheme: str
) -> None:
    fan = await tab(scheme=scheme)
    await fan.open("login")
    await fan.page.get_by_role("link", name="Forgot your password?").click()
    await expect(fan.page.get_by_role("heading", name="Forgot your password?")).to_be_focused()
    await expect(fan.page).to_have_title("Forgot your password?")
    await ask_for_a_link(fan, login[0])
    await fan.page.goto(link_mailed_to(login[0]))
    await fan.page.get_by_label("New password").fill("12345678")
    await fan.button("Save").click()
    await expect(fan.page.get_by_label("New password")).to_be_focused()
    await fan.picture(f"reset-{scheme}")
    await fan.page.get_by_label("New password").fill(CHOSEN)
    await fan.button("Save").click()
    await fan.page.get_by_role("link", name="Log in").click()
    await expect(fan.page).to_have_url(f"{fan.url}/login")
    await fan.log_in(login[0], CHOSEN)


async def test_back_and_forward_move_between_the_screens(tab: OpenTab, login: tuple[str, str]) -> None:
    fan = await tab()
    await fan.open()
    await fan.page.get_by_role("link", name="Log in").click()
    await expect(fan.page.get_by_role("heading", name="Welcome back")).to_be_focused()
    await fan.page.go_back()
    await expect(fan.page.get_by_role("heading", name="Talk with Aria Vale")).to_be_focused()
    await expect(fan.page).to_have_title("Talk with Aria Vale, AI persona")
    await fan.page.go_forward()
    await expect(fan.button("Log in")).to_be_visible()
    await fan.log_in(*login)
    for route, heading in (("artist", "Aria Vale"), ("settings", "Settings")):
        await fan.page.goto(f"{fan.url}/{route}")
        await expect(fan.page.get_by_role("heading", name=heading, level=1).first).to_be_visible()
    await fan.page.go_back()
    await expect(fan.page).to_have_url(f"{fan.url}/artist")
    await fan.page.go_back()
    await fan.is_open()


async def test_a_fan_who_comes_back_sees_the_chat_before_any_script(fan: FanPage) -> None:
    await fan.page.context.route("**/*.js", lambda route: route.abort())
    await fan.page.reload()
    await expect(fan.box).to_be_visible()
    await expect(fan.button("Start talking")).to_have_count(0)


async def test_logging_out_in_one_tab_ends_the_other(fan: FanPage) -> None:
    other = FanPage(await fan.context.new_page(), fan.url)
    await other.open()
    await other.is_open()
    await fan.log_out()
    await expect(other.page.get_by_text("You logged out in another tab.")).to_be_visible()
    await expect(other.page).to_have_url(f"{fan.url}/login")
    assert await fan.page.evaluate("document.cookie") == ""
    assert await fan.page.evaluate("localStorage.length + sessionStorage.length") == 0


async def test_an_address_without_an_artist_is_a_calm_page(tab: OpenTab) -> None:
    fan = await tab()
    answer = await fan.page.goto(f"{fan.url}-nobody")
    assert answer is not None
    assert answer.status == 404
    await expect(fan.page.get_by_role("heading", name="Nobody is here")).to_be_visible()
    await fan.picture("nobody")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_sign_up_fits_a_phone_and_a_desktop(tab: OpenTab, scheme: str) -> None:
    for size in ((320, 640), (390, 844), DESKTOP):
        fan = await tab(size, scheme=scheme)
        await fan.open()
        await expect(fan.page.get_by_role("checkbox", name="I understand").first).to_be_visible()
        await fan.picture(f"signup-{size[0]}-{scheme}")
        assert await fan.fits_its_width()


async def test_the_page_allows_nothing_but_its_own_files(tab: OpenTab) -> None:
    fan = await tab()
    answer = await fan.page.goto(fan.url)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "no-cache" in answer.headers["cache-control"]
    html = await answer.text()
    assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", html) == []
