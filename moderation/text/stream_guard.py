"""What the guards of a reply on its way out have in common: they hold back, stop for good, and fail closed."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

import structlog

from moderation.contracts import Verdict
from moderation.text.verdicts import FAILED

log = structlog.get_logger(__name__)


class StreamGuard(ABC):
    """One reply's guard. After a hit nothing leaves any more and `hit` says why; an error inside is a hit too.

    A kind of guard says in `_take` and `_end` what may leave, and in `failure` how its errors are called in the log.
    """

    __slots__ = ("hit",)
    failure: ClassVar[str]

    def __init__(self, hit: Verdict | None = None) -> None:
        self.hit = hit

    def feed(self, text: str) -> str:
        """Takes the next token or tokens; answers what may leave now, possibly nothing, possibly more than `text`."""
        return self._guarded(lambda: self._take(text))

    def finish(self) -> str:
        """The reply has ended: the rest of it, unless its end is what may not leave."""
        return self._guarded(self._end)

    @abstractmethod
    def _take(self, text: str) -> str:
        """`feed`, before any hit."""

    @abstractmethod
    def _end(self) -> str:
        """`finish`, before any hit."""

    def _guarded(self, step: Callable[[], str]) -> str:
        if self.hit is not None:
            return ""
        try:
            return step()
        except Exception as error:
            return self._fail(error)

    def _fail(self, error: Exception) -> str:
        # The type alone: a message may quote the reply.
        log.error(self.failure, error=type(error).__name__)
        return self._stop(FAILED)

    def _stop(self, verdict: Verdict) -> str:
        self.hit = verdict
        return ""
