"""What of a reply may leave: nothing that is, or may still become, a part of a banned phrase."""

from moderation.contracts import Action, Verdict
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Matcher
from moderation.text.stream_guard import StreamGuard
from moderation.text.verdicts import UNREADABLE, verdict_of

# Characters. A live prefix that long is padding meant to outlast us, not speech; issue 5, section 7.
HOLD_BACK_CAP = 200
CAP_REACHED = Verdict(Action.BLOCK, source="hold_cap")


class StreamFilter(StreamGuard):
    """One reply's filter by the rules."""

    __slots__ = ("_held", "_lexicon", "_matcher", "_released", "_seen")
    failure = "moderation.filter_failed"

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__(None if lexicon.readable else UNREADABLE)
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
        if lexicon.readable:
            self._guarded(self._read_again)
        else:
            self._stop(UNREADABLE)

    def _take(self, text: str) -> str:
        self._seen.append(text)
        self._held += text
        self._matcher.feed(text)
        return self._release(self._matcher.hold)

    def _end(self) -> str:
        self._matcher.finish()
        return self._release(self._matcher.position)

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

    def _read_again(self) -> str:
        self._matcher = Matcher(self._lexicon)
        self._matcher.feed("".join(self._seen))
        return ""

    def _stop(self, verdict: Verdict) -> str:
        self._held = ""
        return super()._stop(verdict)
