"""What of a reply may leave: nothing that is, or may still become, a part of a banned phrase."""

import structlog

from moderation.contracts import Action, Verdict
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Matcher
from moderation.text.verdicts import FAILED, UNREADABLE, verdict_of

# Characters. A live prefix that long is padding meant to outlast us, not speech; issue 5, section 7.
HOLD_BACK_CAP = 200
CAP_REACHED = Verdict(Action.BLOCK, source="hold_cap")

log = structlog.get_logger(__name__)


class StreamFilter:
    """One reply's filter. After a hit nothing leaves any more and `hit` says why.

    An error inside is a hit too: the filter fails closed.
    """

    __slots__ = ("_held", "_lexicon", "_matcher", "_released", "_seen", "hit")

    def __init__(self, lexicon: Lexicon) -> None:
        self.hit: Verdict | None = None if lexicon.readable else UNREADABLE
        self._lexicon = lexicon
        self._matcher = Matcher(lexicon)
        self._seen: list[str] = []
        self._held = ""
        self._released = 0

    @property
    def held(self) -> int:
        """How many characters are held back just now."""
        return len(self._held)

    def use(self, lexicon: Lexicon) -> None:
        """Other rules from the next `feed` or `finish` on, for what is held back and for what was shown as well.

        The reply so far is read again, so that a phrase which began before its rule did is still stopped; a hit in what
        has left already ends the reply, and the engine retracts it.
        """
        if lexicon is self._lexicon or self.hit is not None:
            return
        self._lexicon = lexicon
        if not lexicon.readable:
            self._stop(UNREADABLE)
            return
        self._matcher = Matcher(lexicon)
        try:
            self._matcher.feed("".join(self._seen))
        except Exception as error:
            self._fail(error)

    def feed(self, text: str) -> str:
        """Takes the next token or tokens; answers what may leave now, possibly nothing, possibly more than `text`."""
        if self.hit is not None:
            return ""
        try:
            self._seen.append(text)
            self._held += text
            self._matcher.feed(text)
            return self._release(self._matcher.hold)
        except Exception as error:
            return self._fail(error)

    def finish(self) -> str:
        """The reply has ended: the rest of it, unless its last word made a phrase."""
        if self.hit is not None:
            return ""
        try:
            self._matcher.finish()
            return self._release(self._matcher.position)
        except Exception as error:
            return self._fail(error)

    def _release(self, hold: int) -> str:
        if self._matcher.matches:
            return self._stop(verdict_of(self._matcher.matches))
        if self._matcher.position - hold >= HOLD_BACK_CAP:
            return self._stop(CAP_REACHED)
        # Rules that changed may hold back text that has left already.
        size = max(hold - self._released, 0)
        leaving, self._held = self._held[:size], self._held[size:]
        self._released += size
        return leaving

    def _stop(self, verdict: Verdict) -> str:
        self.hit = verdict
        self._held = ""
        return ""

    def _fail(self, error: Exception) -> str:
        # The type alone: a message may quote the reply.
        log.error("moderation.filter_failed", error=type(error).__name__)
        return self._stop(FAILED)
