"""The filters that a reply passes on its way out, one after another."""

from conversations.turn.ports import OutputFilter
from moderation.contracts import Verdict


class FilterChain:
    """An OutputFilter of several: what one lets through the next may still hold back, and the first hit counts."""

    def __init__(self, *filters: OutputFilter) -> None:
        self._filters = filters

    @property
    def hit(self) -> Verdict | None:
        return next((filtering.hit for filtering in self._filters if filtering.hit is not None), None)

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
