"""A reply on its way to the fan: what is, or may still become, a denial or a claim of place is held back. What only a
whole sentence tells is found when it has ended.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from companion.providers.llm.base import Passage, ScheduleItem
from moderation.contracts import Action, Verdict
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Match, Matcher
from moderation.text.stream_guard import StreamGuard
from personas.honesty import denials, places
from personas.honesty.meaning import Denies, asks_what_she_is, in_question, is_everyday
from personas.honesty.speech import SENTENCE_END, Setting, plain

# The `source` of a verdict of ours, and its category.
SOURCE = "honesty"
# Characters. A sentence that runs on longer after an opening is judged by what is there.
PATIENCE = 200
# A sentence of so many words that stands in a lyric is sung; a shorter one may be said as well.
LYRIC_WORDS = 5
# What stands around a sentence, and who says it in a transcript.
_AROUND = '.!?… "“”'
_SPEAKER = re.compile(r"\s*[\w .'’-]{1,40}:\s+")
# Where a sentence may be over: at its mark, or at the picture that fans of today write in its place.
_PICTURES = "\u2600-\u27bf\U0001f000-\U0001faff"
_MAY_END = re.compile(rf"[.!?…。！？\n\"”’»){_PICTURES}]")
_OVER = re.compile(rf"{SENTENCE_END.pattern}|[{_PICTURES}\ufe0f]+")


@cache
def lexicon() -> Lexicon:
    """Denials and openings in one automaton: one pass over a reply. Takes half a second, once a process."""
    return Lexicon((*denials.lexicon_rules(), *places.lexicon_rules()))


class HonestReply(StreamGuard):
    """One reply's guard. What a phrase means its sentence tells, so from the phrase on the text is held until the
    sentence has ended.
    """

    __slots__ = (
        "_asked",
        "_doubted",
        "_doubts",
        "_ending",
        "_interviews",
        "_lyrics",
        "_matcher",
        "_now",
        "_open",
        "_released",
        "_schedule",
        "_text",
    )
    failure = "honesty.guard_failed"

    def __init__(
        self,
        schedule: Sequence[ScheduleItem],
        now: datetime,
        passages: Sequence[Passage] = (),
        *,
        asked: str | None = None,
    ) -> None:
        """`schedule` and `passages` are what this turn may speak of: a lyric says nothing of her.

        `asked` is what the fan said. Unless it is about what she is, a sentence of an interview that speaks of everyday
        things (“my fingers froze”) is the artist's story; the templates hold for it too. None: no sentence is.
        `now` is aware, in the zone whose day is today.
        """
        super().__init__()
        self._schedule = schedule
        self._now = now
        self._lyrics = [plain(passage.text) for passage in passages if passage.kind == "lyric"]
        self._interviews = [passage.text for passage in passages if passage.kind == "interview"]
        self._asked = asked
        self._matcher = Matcher(lexicon())
        self._open: list[Match] = []
        self._text = ""
        self._released = 0
        self._doubts: list[str] = []
        self._doubted = 0
        self._ending = False

    async def reread(self, denies: Denies, *, cut: bool = False) -> None:
        """Has what ended and may be a denial read for its meaning; a hit is known before another sentence leaves.

        `cut`: nothing more comes, and what has left is read though its sentence has not ended.
        """
        if cut:
            self._note(self._released)
        doubts, self._doubts = self._doubts, []
        try:
            for sentence in doubts:
                if self.hit is None and await denies(sentence):
                    self.hit = _blocked("denial", "meaning")
        except Exception as error:
            self._fail(error)

    def _take(self, text: str) -> str:
        self._text += text
        self._matcher.feed(text)
        may_end = _MAY_END.search(text) is not None
        if may_end or self._ending or len(self._text) - self._doubted > PATIENCE:
            self._doubt()
        self._ending = may_end
        return self._release(ended=False)

    def _end(self) -> str:
        self._matcher.finish()
        self._doubt()
        self._note(len(self._text))
        return self._release(ended=True)

    def _doubt(self) -> None:
        """Notes the sentences that are over; one that runs on is read in pieces."""
        for end in [end.end() for end in _OVER.finditer(self._text, self._doubted)]:
            if end < len(self._text):  # a full stop that nothing follows yet may be a decimal point
                self._note(end)
        while (longest := self._doubted + PATIENCE) < len(self._text):
            space = self._text.rfind(" ", self._doubted, longest)
            self._note(space + 1 if space >= 0 else longest)

    def _note(self, end: int) -> None:
        """Notes what is new up to there, if it is worth a second reading."""
        sentence, self._doubted = self._text[self._doubted : end].strip(), max(end, self._doubted)
        told = plain(sentence)
        if in_question(told) and not (self._is_sung(told) or self._is_told(told)):
            self._doubts.append(sentence)

    def _release(self, *, ended: bool) -> str:
        hold = self._matcher.hold
        if self._open or self._matcher.matches:
            self._open += self._matcher.matches
            self._matcher.matches = []
            if not self._judge(ended=ended):
                return ""
            hold = min([hold, *(match.start for match in self._open)])
        leaving, self._released = self._text[self._released : hold], hold
        return leaving

    def _judge(self, *, ended: bool) -> bool:
        """Decides the openings whose sentence is over; False after a hit."""
        decided = [match for match in self._open if ended or self._is_whole(match)]
        for match in decided:
            if self._may_not_be_said(match):
                self.hit = _blocked("place" if match.rule.category in places.TENSES else "denial", match.rule.id)
                return False
        self._open = [match for match in self._open if match not in decided]
        return True

    def _is_whole(self, match: Match) -> bool:
        return len(self._text) - match.end >= PATIENCE or SENTENCE_END.search(self._text, match.end) is not None

    def _may_not_be_said(self, match: Match) -> bool:
        if self._is_sung(Setting(self._text, match.start, match.end).sentence):
            return False
        if match.rule.category in places.TENSES:
            return places.counted(match, self._text, self._schedule, self._now)
        return denials.counted(match, self._text)

    def _is_sung(self, sentence: str) -> bool:
        """`sentence` is plain."""
        sung = sentence.strip(_AROUND)
        return len(sung.split()) >= LYRIC_WORDS and any(sung in lyric for lyric in self._lyrics)

    def _is_told(self, sentence: str) -> bool:
        """`sentence` is plain. Interviews are taken apart when one is doubted: most replies pay nothing for them."""
        if self._asked is None or not is_everyday(sentence) or asks_what_she_is(self._asked):
            return False
        return sentence.strip(_AROUND) in _sentences(self._interviews)


def _sentences(texts: Sequence[str]) -> frozenset[str]:
    """Every sentence of the texts, plain and without its marks and its speaker."""
    pieces = (piece for text in texts for piece in SENTENCE_END.split(text))
    return frozenset(plain(_SPEAKER.sub("", piece)).strip(_AROUND) for piece in pieces)


def _blocked(what: str, by: str) -> Verdict:
    """The console tells `what` in words (moderation/console/verdicts.py); `by` is a language or "meaning"."""
    return Verdict(Action.BLOCK, rule_ids=(f"{SOURCE}:{what}:{by}",), categories=(SOURCE,), source=SOURCE)
