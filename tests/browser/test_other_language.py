"""The whole app in Spanish: a fan signs up and walks through every screen, and meets no English of ours."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from companion.local.catalogs import LOCALE, read_catalog, sources, texts
from tests.browser.conftest import OpenTab
from tests.browser.fan_page import CHOSEN, FanPage

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

LANGUAGE = "es"
EMAIL = "lucia@fans.example"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
TAG = re.compile(r"<[^>]+>")
SEEN = """() => {
  const shown = (node) => node.checkVisibility({ visibilityProperty: true });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [document.title];
  while (walker.nextNode()) if (shown(walker.currentNode.parentElement)) texts.push(walker.currentNode.data);
  for (const node of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
    for (const name of shown(node) ? ["aria-label", "placeholder", "title", "alt"] : [])
      texts.push(node.getAttribute(name));
  return texts.filter(Boolean).map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""


async def test_a_fan_signs_up_in_spanish_and_meets_no_english_of_ours(tab: OpenTab, site: "Site") -> None:
    fan = await tab()
    cookie = {"name": "language", "value": LANGUAGE, "url": site.url}
    await fan.context.add_cookies([cookie])  # type: ignore[list-item]  # a mapping of just these
    english: dict[str, list[str]] = {}
    for name in ("login", "forgot"):
        await fan.open(name)
        english[name] = await _english_on(fan)
    await fan.open()
    assert await fan.page.locator("html").get_attribute("lang") == LANGUAGE
    english["welcome"] = await _english_on(fan)
    await fan.page.locator("form [type=submit]").click()
    await expect(fan.page.locator("[aria-invalid=true]").first).to_be_focused()
    english["welcome, refused"] = await _english_on(fan)
    await _sign_up(fan)
    english["chat, empty"] = await _english_on(fan)
    english |= await _in_the_chat(fan)
    for name in ("artist", "settings"):
        await fan.open(name)
        await expect(fan.page.locator("h1")).to_be_visible()
        await fan.page.wait_for_load_state("networkidle")
        english[name] = await _english_on(fan)
    english |= await _of_her_memory(fan, site)
    assert {name: found for name, found in english.items() if found} == {}


async def _sign_up(fan: FanPage) -> None:
    for tick in await fan.page.locator("[data-disclosure]").all():
        await tick.check()
    fields = {"email": EMAIL, "password": CHOSEN, "day": "14", "month": "3", "year": "2001"}
    for name, value in fields.items():
        await fan.page.locator(f"#app [name={name}]").fill(value)
    await fan.page.locator("form [type=submit]").click()
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "idle")


async def _in_the_chat(fan: FanPage) -> dict[str, list[str]]:
    english = {}
    await fan.page.locator("form textarea").fill("¿Cuál es la canción tranquila?")
    await fan.page.keyboard.press("Enter")
    reply = fan.page.locator(".msg.persona.said").last
    await expect(reply).to_be_visible()
    english["chat"] = await _english_on(fan)
    await reply.click(button="right")
    await expect(fan.page.get_by_role("menu")).to_be_visible()
    english["a message's menu"] = await _english_on(fan)
    await fan.page.get_by_role("menuitem").last.click()
    await expect(fan.page.get_by_role("dialog")).to_be_visible()
    english["the sheet of a report"] = await _english_on(fan)
    await fan.page.keyboard.press("Escape")
    await fan.context.set_offline(True)
    await expect(fan.page.locator("[data-line]")).to_have_attribute("data-state", "offline")
    english["chat, offline"] = await _english_on(fan)
    await fan.context.set_offline(False)
    return english


async def _of_her_memory(fan: FanPage, site: "Site") -> dict[str, list[str]]:
    """What it remembers, with nothing and with something; why it said that; the chat off the record."""
    from tests.browser.remembered import fan_of, remember, reply_of

    english = {}
    await fan.open("memories")
    await expect(fan.page.locator("[data-empty]")).to_be_visible()
    await fan.page.locator("[data-setting=paused]").check()
    english["memories, none"] = await _english_on(fan)
    her = fan_of(EMAIL, site.artist)
    exam = remember(her, "Tu examen es el lunes.", "el examen es el lunes", kind="event")
    song = remember(her, "Te gusta cantar.", "me gusta cantar", kind="preference")
    passage = {"id": "1", "title": "Entrevista", "text": "Duerme antes del examen: es lo primero."}
    reply_of(her, "hola", "Duerme antes del examen.", exam, song, passages=[passage], mood=["suave", "Sin prisa."])
    await fan.page.reload()
    rows = fan.page.locator(".mem")
    await expect(rows).to_have_count(2)
    await rows.last.get_by_role("button").first.click()
    await fan.page.locator("[data-more]").click()
    english["memories"] = await _english_on(fan)
    await fan.page.get_by_role("menuitem").click()
    english["forget all"] = await _english_on(fan)
    await fan.page.keyboard.press("Escape")
    await rows.first.get_by_role("button").last.click()
    english["memories, forgotten"] = await _english_on(fan)
    await fan.page.locator("[data-undo] button").click()
    await fan.open()
    await expect(fan.page.locator("[data-off-record]")).to_be_visible()
    await fan.page.locator(".recalled").click()
    await expect(fan.page.locator(".trace").first).to_be_visible()
    english["why"] = await _english_on(fan)
    await fan.picture("why-spanish")
    return english


async def _english_on(fan: FanPage) -> list[str]:
    seen = await fan.page.evaluate(SEEN)
    patterns = list(_english())
    return [text for text in seen if any(pattern.fullmatch(text) for pattern in patterns)]


def _english() -> Iterator[re.Pattern[str]]:
    """Each text of the catalog that is not the same in the language, a pattern where it has placeholders."""
    for message in read_catalog(LOCALE / LANGUAGE / "LC_MESSAGES" / "django.po"):
        for source, text in zip(sources(message), texts(message), strict=False):
            for part in TAG.split(source) if source != text else ():
                literal = PLACEHOLDER.split(part.strip())
                if any(re.search(r"[A-Za-z]{4}", piece) for piece in literal):
                    yield re.compile(".+".join(re.escape(piece) for piece in literal))
