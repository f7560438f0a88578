"""Moderation by simple rules: the first word of a fan's text says what becomes of it; one phrase may not leave."""

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

from conversations.turn.contracts import FanProfile
from conversations.turn.ports import OutputFilter
from moderation.contracts import Action, CrisisNotice, HelpLink, Verdict

if TYPE_CHECKING:
    from tests.simulation.wire import Wire

BANNED = "forbidden fruit"


class HoldingFilter:
    """Holds back what may still become the phrase."""

    def __init__(self, action: Action) -> None:
        self.hit: Verdict | None = None
        self._action = action
        self._held = ""

    def feed(self, text: str) -> str:
        text = self._held + text
        if BANNED in text:
            self.hit, self._held = Verdict(self._action), ""
            return ""
        ends = (size for size in range(min(len(BANNED) - 1, len(text)), 0, -1) if BANNED.startswith(text[-size:]))
        cut = len(text) - next(ends, 0)
        self._held = text[cut:]
        return text[:cut]

    def finish(self) -> str:
        held, self._held = self._held, ""
        return held


class FirstWordModerator:
    def __init__(self, wire: "Wire", action_on_output: Action) -> None:
        self._wire = wire
        self._action_on_output = action_on_output

    def check_rules(self, _artist: UUID, text: str) -> Verdict:
        word = text.split()[0]
        return Verdict(Action(word)) if word in tuple(Action) else Verdict(Action.ALLOW)

    async def check_input(self, artist: UUID, text: str) -> Verdict:
        await asyncio.sleep(0.002)
        await self._wire.strike("moderator.check_input")
        return self.check_rules(artist, text)

    def output_filter(self, _artist: UUID) -> OutputFilter:
        return HoldingFilter(self._action_on_output)

    def crisis_notice(self, _place: FanProfile) -> CrisisNotice:
        return CrisisNotice("Help", "You are not alone.", (HelpLink("Call", "tel:112"),))
