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


# What was read, from which offset on, where it stands, the kinds of its symbols. A bare tuple: one is made for each
# word of a reply, and a named one costs ten times as much.
Candidate = tuple[str, int, int, int]


class Matcher:
    """One text's matches. `position` is the number of characters fed so far."""

    __slots__ = (
        "_after_separator",
        "_after_unspaced",
        "_at_border",
        "_entry",
        "_live",
        "_prefix_sizes",
        "_reach",
        "_shortest_prefix",
        "_weak_at",
        "matches",
        "position",
    )

    def __init__(self, lexicon: Lexicon) -> None:
        self.matches: list[Match] = []
        self.position = 0
        self._reach = lexicon.reach
        self._entry = lexicon.entry
        self._prefix_sizes = lexicon.prefix_sizes
        self._shortest_prefix = lexicon.shortest_prefix
        self._live: list[Candidate] = []
        self._at_border = True
        self._after_separator = True
        self._after_unspaced = False
        self._weak_at = -2

    @property
    def hold(self) -> int:
        """Nothing at or after this offset may leave yet."""
        return min([start for _, start, _, _ in self._live]) if self._live else self.position

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
            if candidate[2] <= RUN:
                self._end_word(candidate, self.position)
        self._live = []

    def _letters(self, run: str, at: int) -> None:
        """Plain letters: the fast path, many at once."""
        single = len(run) == 1
        if self._live:
            if self._after_unspaced:
                self._end_words(at)
            before, self._live = self._live, []
            self._extend(before, run, LETTER, single, at)
        if self._at_border:
            self._begin(run, LETTER, single, at)
            self._at_border = self._after_separator = self._after_unspaced = False

    def _separators(self, count: int, at: int) -> None:
        if self._live:
            before, self._live = self._live, []
            self._cross(before, count, at)
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
        # "!!!!" is a shout, not letters spelled out one by one; and a flood of it must not cost a flood of candidates.
        single = not (reading.weak and self._weak_at == at - 1)
        kinds = reading.kind
        if reading.weak:
            kinds |= _WEAK
            self._weak_at = at
        before, self._live = self._live, []
        for letters in reading.letters:
            self._extend(before, letters, kinds, single, at)
            if self._at_border or reading.unspaced:
                self._begin(letters, kinds, single, at)
        if reading.separator:
            self._cross(before, 1, at)
        self._at_border = reading.separator or reading.unspaced
        self._after_separator = reading.separator
        self._after_unspaced = reading.unspaced

    def _begin(self, letters: str, kinds: int, single: bool, at: int) -> None:
        reach = self._reach(letters)
        if reach == len(letters):
            state = SINGLE if single and self._after_separator else WORD
            self._live.append((letters, at, state, kinds))
        elif reach >= self._shortest_prefix:
            self._match_prefixes(letters, at, at + len(letters), kinds, reach)

    def _extend(self, before: list[Candidate], letters: str, kinds: int, single: bool, at: int) -> None:
        """Keeps the candidates that one more letter, or several, leave alive."""
        for symbols, start, state, earlier in before:
            if state == RUN or (state > GAP and not single):
                continue
            longer = symbols + letters
            reach = self._reach(longer)
            if reach == len(longer):
                after = RUN if state > GAP else SINGLE if state == GAP and single else WORD
                self._live.append((longer, start, after, kinds | (earlier & ~_WEAK)))
            elif state <= GAP and reach >= self._shortest_prefix:
                self._match_prefixes(longer, start, at + len(letters), kinds | (earlier & ~_WEAK), reach)

    def _add_mark(self, candidate: Candidate, mark: str, at: int) -> Candidate | None:
        """A mark changes the letter before it; between words it changes nothing."""
        symbols, start, state, kinds = candidate
        if state >= GAP:
            return candidate
        longer = symbols + mark
        reach = self._reach(longer)
        if reach == len(longer):
            return (longer, start, state, kinds)
        if reach >= self._shortest_prefix:
            self._match_prefixes(longer, start, at + 1, kinds, reach)
        return None

    def _cross(self, before: list[Candidate], count: int, at: int) -> None:
        """Keeps what candidates may be after so many separators."""
        for candidate in before:
            symbols, start, state, kinds = candidate
            if state == GAP:
                self._live.append(candidate)
                continue
            if state <= RUN and not kinds & _WEAK:
                self._end_word(candidate, at)
                spaced = symbols + SEPARATOR
                if self._reach(spaced) == len(spaced):
                    self._live.append((spaced, start, GAP, kinds))
            if state != WORD:
                apart = max(state, GAP) + count
                if apart <= GAP + _LONGEST_SOFT_GAP:
                    self._live.append((symbols, start, apart, kinds))

    def _end_words(self, at: int) -> None:
        """A word border without a separator, as between two Han characters."""
        for candidate in self._live:
            if candidate[2] <= RUN:
                self._end_word(candidate, at)

    def _end_word(self, candidate: Candidate, at: int) -> None:
        symbols, start, _, kinds = candidate
        if kinds & _WEAK:
            return
        entry = self._entry(symbols, None)
        if entry is not None and entry.whole and _counts(entry, kinds, len(symbols)):
            self.matches += [Match(start, at, rule) for rule in entry.whole]
        if len(symbols) >= self._shortest_prefix:
            self._match_prefixes(symbols, start, at, kinds, len(symbols))

    def _match_prefixes(self, symbols: str, start: int, end: int, kinds: int, reach: int) -> None:
        """The starred phrases that end inside the current word; those of the words before were seen at their ends."""
        word = symbols.rfind(SEPARATOR) + 1
        for size in self._prefix_sizes:
            if size > reach:
                return
            if size <= word or (size < len(symbols) and is_tail(symbols[size])):
                continue
            entry = self._entry(symbols[:size], None)
            if entry is not None and entry.prefix and _counts(entry, kinds, size):
                self.matches += [Match(start, end, rule) for rule in entry.prefix]


def _counts(entry: Entry, kinds: int, size: int) -> bool:
    """A phrase with letters needs one in the text: 455 is a number, @$$ is not."""
    return not entry.has_letter or bool(kinds & LETTER) or (not kinds & DIGIT and size >= _SYMBOLS_ALONE)
