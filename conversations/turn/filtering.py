"""The filters that a reply passes on its way out, one after another."""

from conversations.turn.ports import OutputFilter
from moderation.contracts import Verdict
from personas.honesty import Denies, HonestReply


class FilterChain:
    """Moderation's filter, then honesty's: what one lets through the next may hold back, and the first hit counts."""

    def __init__(self, moderation: OutputFilter, honest: HonestReply) -> None:
        self._filters: tuple[OutputFilter, ...] = (moderation, honest)
        self._honest = honest

    @property
    def hit(self) -> Verdict | None:
        return next((filtering.hit for filtering in self._filters if filtering.hit is not None), None)

    async def release(self, text: str, *, last: bool, denies: Denies) -> str:
        """What may leave now of what was written; after a hit nothing."""
        free = self.feed(text) if text else ""
        if last and self.hit is None:
            free += self.finish()
        await self._honest.reread(denies)
        return free if self.hit is None else ""

    def feed(self, text: str) -> str:
        for filtering in self._filters:
            if not text:
                break
            text = filtering.feed(text)
        return text

    def finish(self) -> str:
        left = ""
        for filtering in self._filters:
            left = (filtering.feed(left) if left else "") + filtering.finish()
        return left
