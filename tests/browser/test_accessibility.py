"""axe finds nothing on any screen of the fan app or page of the console; Lighthouse's scores are 95 or more."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import Browser, async_playwright, expect

from bench.lighthouse import look_at
from companion.local.processes import free_port
from tests.browser.axe import violations, violations_in_both_schemes
from tests.browser.conftest import ARGUMENTS, OpenTab
from tests.browser.fan_page import DESKTOP, PHONE, FanPage, unlike_any
from tests.browser.refusals import close_sockets, refuse_sends
from tests.browser.site import refresh_token_for
from tests.browser.staff import every_page, member_page
from tests.factories import make_user

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

LOOKS = [(PHONE, "dark"), (DESKTOP, "light")]
NAMES = ["phone-dark", "desktop-light"]
LEAST = 95
Findings = dict[str, list[str]]


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=NAMES)
async def test_axe_finds_nothing_before_the_log_in(tab: OpenTab, size: tuple[int, int], scheme: str) -> None:
    fan = await tab(size, scheme=scheme)
    found: Findings = {}
    for name, path in {"welcome": "", "login": "/login", "forgot": "/forgot", "nobody": "-nobody"}.items():
        await fan.page.goto(fan.url + path)
        await expect(fan.page.get_by_role("heading", level=1)).to_be_visible()
        found[name] = await violations(fan.page)
    await fan.open()
    await fan.page.locator("form [type=submit]").click()
    await expect(fan.page.locator("[aria-invalid=true]").first).to_be_focused()
    found["refused sign-up"] = await violations(fan.page)
    assert _bad(found) == {}


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=NAMES)
async def test_axe_finds_nothing_in_the_fans_rooms(fan_tab: OpenTab, size: tuple[int, int], scheme: str) -> None:
    fan = await fan_tab(size, scheme=scheme)
    found = {"chat, empty": await violations(fan.page)}
    said = await fan.say("Which song is the quiet one?")
    await said.is_answered()
    found["chat"] = await violations(fan.page)
    for name, opened in ROOMS.items():
        await opened(fan)
        found[name] = await violations(fan.page)
        await fan.page.keyboard.press("Escape")
    await fan.context.set_offline(True)
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "offline")
    found["chat, offline"] = await violations(fan.page)
    await fan.context.set_offline(False)
    for name in ("artist", "settings", "memories"):
        await fan.open(name)
        await expect(fan.page.get_by_role("heading", level=1)).to_be_visible()
        found[name] = await violations(fan.page)
    assert _bad(found) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_when_something_is_wrong(fan: FanPage, scheme: str) -> None:
    await fan.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    quota = {"name": "texts", "used": 20, "limit": 20, "resets_at": "2026-12-01T00:00:00Z"}
    found: Findings = {}
    problems: list[dict[str, Any]] = [{"code": "rate_limited"}, {"code": "quota_exhausted", "quota": quota}]
    for problem in problems:
        await refuse_sends(fan, {"detail": "Not now.", **problem})
        talk = await fan.say(unlike_any("One more"))
        await expect(talk.message.get_by_role("button", name="Delete")).to_be_attached()
        found[problem["code"]] = await violations(fan.page)
    await close_sockets(fan, 4403, "paused")
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "still")
    found["suspended"] = await violations(fan.page)
    assert _bad(found) == {}


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=NAMES)
async def test_axe_finds_nothing_where_who_has_an_account_joins(
    tab: OpenTab, size: tuple[int, int], scheme: str
) -> None:
    fan = await tab(size, scheme=scheme, refresh_token=refresh_token_for(make_user()))
    await fan.open()
    await expect(fan.page.get_by_role("checkbox").first).to_be_visible()
    assert _bad({"join": await violations(fan.page)}) == {}


async def _message_menu(fan: FanPage) -> None:
    await fan.page.locator(".msg.persona").last.click(button="right")
    await expect(fan.page.get_by_role("menu")).to_be_visible()


async def _report_sheet(fan: FanPage) -> None:
    await _message_menu(fan)
    await fan.page.get_by_role("menuitem", name="Report").click()
    await expect(fan.page.get_by_role("dialog")).to_be_visible()


ROOMS: dict[str, Callable[[FanPage], Awaitable[None]]] = {
    "a message's menu": _message_menu,
    "the sheet of a report": _report_sheet,
}


async def test_axe_finds_nothing_in_the_console(chromium: Browser, site: "Site") -> None:
    """Every page of the sidebar, the lists of moods and dates, and from each list its form to add and its first row."""
    browsing = await chromium.new_context()
    page = await browsing.new_page()
    await page.goto(f"{site.url}/console/login/")
    found = {"log-in": await violations_in_both_schemes(page)}
    page, _ = await member_page(chromium, site, "owner")
    async for path in every_page(page, site):
        found[path] = await violations_in_both_schemes(page)
    assert {"/console/personas/mood/add/", "/console/personas/scheduleentry/add/"} <= set(found)
    assert _bad(found) == {}


async def test_lighthouse_gives_95_or_more(site: "Site", login: tuple[str, str], tmp_path: Path) -> None:
    port = free_port()
    async with async_playwright() as playwright:
        browsing = await playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=shutil.which("chromium"), args=[*ARGUMENTS, f"--remote-debugging-port={port}"]
        )
        scores = {"welcome": await _scores(site, "", port)}
        fan = FanPage(browsing.pages[0], f"{site.url}/a/{site.artist.slug}")
        await fan.log_in(*login)
        await (await fan.say("Which song is the quiet one?")).is_answered()
        await fan.page.goto("about:blank")  # Lighthouse's tab is the only one that works
        for name, path in {"chat": "", "artist": "/artist", "settings": "/settings", "memories": "/memories"}.items():
            scores[name] = await _scores(site, path, port)
        await browsing.close()
    assert {name: few for name, few in scores.items() if few} == {}


async def _scores(site: "Site", path: str, port: int) -> list[str]:
    """What keeps a score below the least, or nothing when each is high enough."""
    url = f"{site.url}/a/{site.artist.slug}{path}"
    report = await asyncio.to_thread(look_at, url, port=port, categories=("accessibility", "best-practices"))
    assert set(report.scores) == {"accessibility", "best-practices"}
    return [f"{report.scores}", *report.short] if min(report.scores.values()) < LEAST else []


def _bad(found: Findings) -> Findings:
    return {name: list_ for name, list_ in found.items() if list_}
