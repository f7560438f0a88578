"""The fan's page as a test drives it: what a person can see and press."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.async_api import BrowserContext, Locator, Page, StorageState, WebSocket, expect

ARTEFACTS = Path(__file__).parents[2] / "artefacts" / "browser"
PHONE = (390, 844)
DESKTOP = (1280, 800)
CHOSEN = "lantern-orbit-47"
KEPT = "companion.refresh"


@dataclass
class Wire:
    """What went over the page's sockets: the turn events of each, in order, and what the page sent."""

    sockets: list[list[dict[str, Any]]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    def listen(self, socket: WebSocket) -> None:
        heard: list[dict[str, Any]] = []
        self.sockets.append(heard)
        socket.on("framereceived", lambda payload: heard.append(json.loads(payload)))
        socket.on("framesent", lambda payload: self.sent.append(json.loads(payload)))

    def of_turn(self, turn: str, socket: int) -> list[int]:
        return [frame["seq"] for frame in self.sockets[socket] if frame.get("turn") == turn]


class FanPage:
    """One tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.wire = Wire()
        self.troubles: list[str] = []
        page.on("websocket", self.wire.listen)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda line: self._note(line.text))

    def _note(self, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self.troubles.append(text)

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def open(self, route: str = "") -> None:
        """The app at one of its artist's addresses: login, forgot, artist, settings; without one, its first page."""
        await self.page.goto(f"{self.url}/{route}" if route else self.url)

    async def log_in(self, email: str, password: str) -> None:
        await self.open("login")
        await self.page.get_by_label("Email").fill(email)
        await self.page.get_by_label("Password").fill(password)
        await self.button("Log in").click()
        await self.is_open()

    async def log_out(self) -> None:
        await self.button("More").click()
        await self.page.get_by_role("menuitem", name="Log out").click()
        await expect(self.button("Log in")).to_be_visible()

    async def fill_sign_up(self, *, year: int = 2001) -> str:
        """Everything but the ticks; gives the e-mail address. The password is CHOSEN."""
        email = f"fan-{uuid4().hex[:12]}@example.com"
        await self.page.get_by_label("Email").fill(email)
        await self.page.get_by_label("Password").fill(CHOSEN)
        for label, value in (("Day", "14"), ("Month", "3"), ("Year", str(year))):
            await self.page.get_by_label(label, exact=True).fill(value)
        return email

    async def tick_all(self) -> None:
        boxes = self.page.get_by_role("checkbox", name="I understand")
        await expect(boxes.first).to_be_visible()
        for tick in await boxes.all():
            await tick.check()

    async def sign_up(self) -> str:
        await self.open()
        await self.tick_all()
        email = await self.fill_sign_up()
        await self.button("Start talking").click()
        await self.is_open()
        return email

    async def is_open(self) -> None:
        """The chat is there, connected, and waits for words."""
        await expect(self.box).to_be_focused()
        await expect(self.page.locator("[data-line]")).to_have_attribute("data-state", "idle")

    async def say(self, text: str) -> "Exchange":
        await self.box.fill(text)
        await self.button("Send").click()
        return Exchange(self, text)

    async def picture(self, name: str) -> None:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=ARTEFACTS / f"{name}.png")

    async def fits_its_width(self) -> bool:
        return bool(await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


class Exchange:
    """One message of the fan, found by its words, and what stands under it."""

    def __init__(self, fan: FanPage, text: str) -> None:
        self.fan = fan
        self.text = text
        self.message = fan.page.locator(".msg.fan", has_text=text)
        self.reply = self.message.locator("xpath=following-sibling::*[1][contains(@class, 'persona')]")
        self.words = self.reply.locator(".bubble")

    async def streams(self) -> None:
        """The reply is on its way, with words to be seen and more to come."""
        await expect(self.reply).to_have_class(_word("streaming"))

    async def is_answered(self) -> str:
        """The reply is whole; gives its text."""
        await expect(self.reply).to_have_class(_word("said"))
        return await self.words.inner_text()

    def turn(self) -> str:
        """The turn's id, once it has started."""
        for socket in self.fan.wire.sockets:
            for frame in socket:
                if frame["type"] == "turn.started" and frame["fan_message"]["text"] == self.text:
                    return str(frame["turn"])
        raise AssertionError("the turn has not started")


def remembered(site: str, refresh_token: str) -> StorageState:
    """What a device keeps of a log-in (static/fan/js/auth.js)."""
    return {"cookies": [], "origins": [{"origin": site, "localStorage": [{"name": KEPT, "value": refresh_token}]}]}


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{name}\b")


def is_without_holes(seqs: Sequence[int]) -> bool:
    return list(seqs) == list(range(seqs[0], seqs[0] + len(seqs)))


def unlike_any(words: str) -> str:
    """The words with a mark of their own, so that a test finds its message among a fan's others."""
    return f"{words} ({uuid4().hex[:8]})"
