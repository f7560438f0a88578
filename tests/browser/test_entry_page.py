"""The way in: the disclosure first, then sign-up, log-in and out."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.fan_page import CHOSEN, DESKTOP

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
    await fan.button("Log out").click()
    await expect(fan.button("Log in")).to_be_visible()
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
    await fan.open("#login")
    await fan.page.get_by_label("Email").fill(login[0])
    await fan.page.get_by_label("Password").fill("not the password")
    await fan.button("Log in").click()
    await expect(fan.page.locator(".error:not(:empty)")).to_be_visible()
    await expect(fan.page.get_by_label("Email")).to_have_value(login[0])


async def test_a_forgotten_password_is_answered_alike_for_any_address(tab: OpenTab, login: tuple[str, str]) -> None:
    fan = await tab()
    for address in (login[0], "nobody@fans.example"):
        await fan.page.goto("about:blank")
        await fan.open("#login")
        await fan.page.get_by_label("Email").fill(address)
        await fan.button("Forgot your password?").click()
        await expect(fan.page.get_by_role("heading", name="Look in your inbox")).to_be_focused()
        await expect(fan.page.get_by_text(f"If {address} has an account")).to_be_visible()


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
    answer = await fan.page.goto(f"{fan.url}/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "no-cache" in answer.headers["cache-control"]
    html = await answer.text()
    assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", html) == []
