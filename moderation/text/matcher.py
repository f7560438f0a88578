"""Finds the rules' phrases in a text that arrives piece by piece, however it is spelled and cut.

A match is the phrase's words, whole and in order, with anything but letters and digits between them; `*` at the
phrase's end also takes longer last words. A word may be spelled as single characters, each parted from the next by 1 to
3 separators; nothing else joins words. In scripts without spaces a word border lies on both sides of every character.

The matcher keeps every *candidate*: a place where a phrase may have begun, with what was read since. A character of
several readings ("1" is a digit, an i or an l) splits a candidate; what no phrase begins with is dropped at once. So a
candidate lives exactly as long as it may still become a phrase, and the earliest one says how much to hold back.
"""

import re
from typing import NamedTuple

from moderation.contracts import RuleSpec
from moderation.text.automaton import Entry, Lexicon
from moderation.text.normalise import (
    DIGIT,
    INVISIBLE,
    LETTER,
    SEPARATOR,
    SHAPE,
    SPECIAL,
    Reading,
    is_tail,
    reading_of,
)

_RUNS = re.compile(f"{SEPARATOR}+|{INVISIBLE}+|{SPECIAL}|[^{SEPARATOR}{INVISIBLE}{SPECIAL}]+")

# Where a candidate stands. WORD: inside a word. SINGLE: after the first letter of a word, which may turn out to be all
# of it. RUN: after a single letter of a word that is spelled out. GAP: between two words. GAP + 1 to 3: that many
# separators after a single letter, and the word may go on.
WORD, SINGLE, RUN, GAP = range(4)
_LONGEST_SOFT_GAP = 3
# A bit beside LETTER, DIGIT, SYMBOL: the last symbol was read from "!", "|" or "+", with which no word ends.
_WEAK = 8
# So many symbols ("@$$") are a word without one real letter; fewer are a price or an exclamation.
_SYMBOLS_ALONE = 3


class Match(NamedTuple):
    """`start` and `end` are offsets in the text as it was fed; the match of a starred phrase may end a word later."""

    start: int
    end: int
    rule: RuleSpec


class Candidate(NamedTuple):
    symbols: str
    start: int
    state: int
    kinds: int


class Matcher:
    """One text's matches. `position` is the number of characters fed so far."""

    __slots__ = (
        "_after_separator",
        "_after_unspaced",
        "_at_border",
        "_lexicon",
        "_live",
        "_reach",
        "matches",
        "position",
    )

    def __init__(self, lexicon: Lexicon) -> None:
        self.matches: list[Match] = []
        self.position = 0
        self._lexicon = lexicon
        self._reach = lexicon.reach
        self._live: list[Candidate] = []
        self._at_border = True
        self._after_separator = True
        self._after_unspaced = False

    @property
    def hold(self) -> int:
        """Nothing at or after this offset may leave yet."""
        return min(candidate.start for candidate in self._live) if self._live else self.position

    def feed(self, text: str) -> None:
        """Reads on. Matches are complete up to words whose end has not been seen."""
        at = base = self.position
        for run in _RUNS.findall(text.translate(SHAPE)):
            kind = run[0]
            if kind == SEPARATOR:
                self._separators(len(run), at)
            elif kind == SPECIAL:
                self._special(reading_of(text[at - base]), at)
            elif kind != INVISIBLE:
                self._letters(run, at)
            at += len(run)
        self.position = at

    def finish(self) -> None:
        """The text ends here, and with it its last word."""
        for candidate in self._live:
            if candidate.state <= RUN:
                self._end_word(candidate, self.position)
        self._live = []

    def _letters(self, run: str, at: int) -> None:
        """Plain letters: the fast path, many at once."""
        single = len(run) == 1
        if self._live:
            if self._after_unspaced:
                self._end_words(at)
            live = [self._extend(candidate, run, LETTER, single, at) for candidate in self._live]
            self._live = [candidate for candidate in live if candidate]
        if self._at_border:
            self._begin(run, LETTER, single, at)
            self._at_border = self._after_separator = self._after_unspaced = False

    def _separators(self, count: int, at: int) -> None:
        if self._live:
            self._live = [after for candidate in self._live for after in self._cross(candidate, count, at)]
        self._at_border = self._after_separator = True
        self._after_unspaced = False

    def _special(self, reading: Reading, at: int) -> None:
        """A character with several readings, several symbols, or a script of its own."""
        if reading.mark:
            live = [self._add_mark(candidate, reading.letters[0], at) for candidate in self._live]
            self._live = [candidate for candidate in live if candidate]
            return
        if reading.unspaced or self._after_unspaced:
            self._end_words(at)
        kinds = reading.kind | (_WEAK if reading.weak else 0)
        before, self._live = self._live, []
        for letters in reading.letters:
            live = [self._extend(candidate, letters, kinds, True, at) for candidate in before]
            self._live += [candidate for candidate in live if candidate]
            if self._at_border or reading.unspaced:
                self._begin(letters, kinds, True, at)
        if reading.separator:
            self._live += [after for candidate in before for after in self._cross(candidate, 1, at)]
        self._at_border = reading.separator or reading.unspaced
        self._after_separator = reading.separator
        self._after_unspaced = reading.unspaced

    def _begin(self, letters: str, kinds: int, single: bool, at: int) -> None:
        reach = self._reach(letters)
        if reach == len(letters):
            state = SINGLE if single and self._after_separator else WORD
            self._live.append(Candidate(letters, at, state, kinds))
        elif reach:
            self._match_prefixes(letters, at, at + len(letters), kinds, reach)

    def _extend(self, candidate: Candidate, letters: str, kinds: int, single: bool, at: int) -> Candidate | None:
        symbols, start, state, before = candidate
        if state == RUN or (state > GAP and not single):
            return None
        longer = symbols + letters
        kinds |= before & ~_WEAK
        reach = self._reach(longer)
        if reach < len(longer):
            if state <= GAP:
                self._match_prefixes(longer, start, at + len(letters), kinds, reach)
            return None
        if state > GAP:
            return Candidate(longer, start, RUN, kinds)
        return Candidate(longer, start, SINGLE if state == GAP and single else WORD, kinds)

    def _add_mark(self, candidate: Candidate, mark: str, at: int) -> Candidate | None:
        """A mark changes the letter before it; between words it changes nothing."""
        symbols, start, state, kinds = candidate
        if state >= GAP:
            return candidate
        longer = symbols + mark
        reach = self._reach(longer)
        if reach == len(longer):
            return Candidate(longer, start, state, kinds)
        self._match_prefixes(longer, start, at + 1, kinds, reach)
        return None

    def _cross(self, candidate: Candidate, count: int, at: int) -> list[Candidate]:
        """What a candidate may be after so many separators."""
        symbols, start, state, kinds = candidate
        if state == GAP:
            return [candidate]
        if state > GAP:
            longer = state + count
            return [Candidate(symbols, start, longer, kinds)] if longer <= GAP + _LONGEST_SOFT_GAP else []
        after = []
        if not kinds & _WEAK:
            self._end_word(candidate, at)
            spaced = symbols + SEPARATOR
            if self._reach(spaced) == len(spaced):
                after.append(Candidate(spaced, start, GAP, kinds))
        if state != WORD and count <= _LONGEST_SOFT_GAP:
            after.append(Candidate(symbols, start, GAP + count, kinds))
        return after

    def _end_words(self, at: int) -> None:
        """A word border without a separator, as between two Han characters."""
        for candidate in self._live:
            if candidate.state <= RUN:
                self._end_word(candidate, at)

    def _end_word(self, candidate: Candidate, at: int) -> None:
        symbols, start, _, kinds = candidate
        if kinds & _WEAK:
            return
        entry = self._lexicon.entry(symbols, None)
        if entry is not None and entry.whole and _counts(entry, kinds, len(symbols)):
            self.matches += [Match(start, at, rule) for rule in entry.whole]
        self._match_prefixes(symbols, start, at, kinds, len(symbols))

    def _match_prefixes(self, symbols: str, start: int, end: int, kinds: int, reach: int) -> None:
        """The starred phrases that end inside the current word; those of the words before were seen at their ends."""
        sizes = self._lexicon.prefix_sizes
        if not sizes or reach < sizes[0]:
            return
        word = symbols.rfind(SEPARATOR) + 1
        for size in sizes:
            if size > reach:
                return
            if size <= word or (size < len(symbols) and is_tail(symbols[size])):
                continue
            entry = self._lexicon.entry(symbols[:size], None)
            if entry is not None and entry.prefix and _counts(entry, kinds, size):
                self.matches += [Match(start, end, rule) for rule in entry.prefix]


def _counts(entry: Entry, kinds: int, size: int) -> bool:
    """A phrase with letters needs one in the text: 455 is a number, @$$ is not."""
    return not entry.has_letter or bool(kinds & LETTER) or (not kinds & DIGIT and size >= _SYMBOLS_ALONE)
