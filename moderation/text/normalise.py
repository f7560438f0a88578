"""From characters to what they are read as: NFKC, case, look-alikes, zero-width characters, leetspeak.

Each character is read by itself, without its neighbours, so a stream needs no look-ahead and offsets stay those of the
text. What neighbours decide (word borders, single letters parted by spaces) is the matcher's matter (matcher.py).

`SHAPE` turns a text into a string of the same length:

    a plain letter          its reading (one character)
    a space, mark, emoji    SEPARATOR
    an invisible character  INVISIBLE
    anything else           SPECIAL: ask `reading_of` (digits, leet symbols, accents, Hangul, Han, kana, Thai …)
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from moderation.text import lookalikes

SEPARATOR = " "
INVISIBLE = "\x00"
SPECIAL = "\x01"

# What a character is, as bits: the matcher adds them up to judge a whole match.
LETTER, DIGIT, SYMBOL = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Reading:
    """How one character may be read. `letters`: the alternatives, each one or more symbols; none for a separator.

    `separator`: it may also stand between words. `mark`: it belongs to the letter before. `unspaced`: its script writes
    no spaces, so a word border lies on either side of it. `weak`: never the last letter of a word.
    """

    letters: tuple[str, ...] = ()
    kind: int = LETTER
    separator: bool = False
    mark: bool = False
    unspaced: bool = False
    weak: bool = False

    @property
    def plain(self) -> bool:
        return (
            len(self.letters) == 1
            and len(self.letters[0]) == 1
            and self.kind == LETTER
            and not (self.separator or self.mark or self.unspaced)
        )


GAP = Reading(separator=True)
NOTHING = Reading()


@lru_cache(maxsize=1 << 16)
def reading_of(character: str) -> Reading:
    """The reading of one code point."""
    if character in lookalikes.DIGITS:
        return Reading(tuple(lookalikes.DIGITS[character]), DIGIT)
    if character in lookalikes.SYMBOLS:
        letters = tuple(lookalikes.SYMBOLS[character])
        return Reading(letters, SYMBOL, separator=True, weak=character in lookalikes.WEAK)
    if character in lookalikes.ENCLOSED:
        return Reading((lookalikes.ENCLOSED[character],), separator=True)
    if _is_invisible(character):
        return NOTHING
    if unicodedata.category(character).startswith("M"):
        return Reading((character,), mark=True)
    return _read_by_parts(character)


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    point = ord(character)
    if category == "Cf" or character in lookalikes.INVISIBLE or category == "Me":
        return True
    if category == "Cn":  # reserved code points that renderers ignore
        return 0xFFF0 <= point <= 0xFFF8 or 0xE0000 <= point <= 0xE0FFF or point == 0x2065
    if lookalikes.within(point, lookalikes.POINTS) or 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF:
        return True
    return lookalikes.within(point, lookalikes.GENERAL_MARKS) and character not in lookalikes.KEPT_MARKS


def _read_by_parts(character: str) -> Reading:
    """Letters, numbers, and compatibility characters that are made of them; everything else is a separator."""
    category = unicodedata.category(character)
    first = "".join(_fold(part) for part in _parts(character))
    if not first:
        return GAP
    second = lookalikes.SECOND.get(character)
    if len(first) == 1 and first in lookalikes.DIGITS:
        return Reading(tuple(lookalikes.DIGITS[first]), DIGIT, separator=category == "No")
    return Reading(
        (first,) if second is None else (first, second),
        kind=LETTER,
        # ™, ², ⓐ: they are letters to the eye, but a word may also end before them.
        separator=category[0] == "S" or category == "No",
        unspaced=lookalikes.within(ord(character), lookalikes.UNSPACED),
    )


def _parts(character: str) -> str:
    return character if character in lookalikes.LETTERS else unicodedata.normalize("NFKD", character)


def _fold(part: str) -> str:
    """One part of a decomposition, as the symbols that phrases and texts are compared by; "" if it is no letter."""
    if part in lookalikes.LETTERS:
        return lookalikes.LETTERS[part]
    if _is_invisible(part):
        return ""
    category = unicodedata.category(part)
    if category == "Nd":
        return str(unicodedata.decimal(part))
    if category[0] not in "LMN":
        return ""
    return "".join(lookalikes.LETTERS.get(small, small) for small in part.casefold())


class _Shape(dict[int, str]):
    """A table for str.translate that fills itself; it holds at most one entry a code point of Unicode."""

    def __missing__(self, point: int) -> str:
        reading = reading_of(chr(point))
        if reading.plain:
            shape = reading.letters[0]
        elif reading.letters:
            shape = SPECIAL
        else:
            shape = SEPARATOR if reading.separator else INVISIBLE
        self[point] = shape
        return shape


SHAPE = _Shape()


def is_tail(symbol: str) -> bool:
    """True for a symbol that completes the letter before it (an accent, a Hangul final): no prefix ends before one."""
    return "\u11a8" <= symbol <= "\u11ff" or (symbol > "\u02ff" and unicodedata.category(symbol)[0] == "M")


def phrase_key(phrase: str) -> str:
    """A rule's phrase as words parted by single spaces, or "" when no letter or digit is in it.

    A symbol is a letter inside a word ("sh!t") and, when it is not weak, at its edges ("$hit", "a$$"); else a gap.
    """
    shapes = phrase.translate(SHAPE)
    if SPECIAL not in shapes and INVISIBLE not in shapes:  # nearly all are
        return " ".join(shapes.split())
    readings = [(c, reading_of(c)) for c in phrase]
    words = [(c, r) for c, r in readings if r.letters or r.separator]
    solid = [bool(r.letters) and r.kind != SYMBOL for _, r in words]
    key: list[str] = []
    for index, (_, reading) in enumerate(words):
        before = bool(key) and key[-1] != SEPARATOR
        if reading.mark and not before:
            continue  # a mark without a letter is nothing, in a text as well
        after = index + 1 < len(words) and solid[index + 1]
        if reading.kind == SYMBOL:
            is_letter = (before and after) if reading.weak else (before or after)
        else:
            is_letter = bool(reading.letters)
        key.append(reading.letters[0] if is_letter else SEPARATOR)
    return " ".join("".join(key).split())
