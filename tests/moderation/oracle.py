"""A second opinion on what a banned phrase is, and a hand that spells phrases so that they slip by.

Written from contract.md and issue 5 alone: nothing of moderation/text is imported, and its tables are not copied.
"""

import random
import re
from collections.abc import Sequence
from functools import lru_cache

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\ufe0f"
# A sample of each way: another case, fullwidth, mathematical, circled, Cyrillic, Greek, leetspeak.
_CYRILLIC = dict(zip("aceopxyis", "асеорхуіѕ", strict=True))
_GREEK = dict(zip("aoikvt", "αοικντ", strict=True))
_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8", "l": "1"}
_DIGITS = "0123456789"
_WEAK = "!"
_EITHER = "@$!"
_SEPARATORS = " .,-_*/\n\t…—😊"


def spellings(letter: str) -> str:
    """Every character that the oracle and the obfuscator take for this ASCII letter, itself first."""
    offset = ord(letter) - ord("a")
    shifted = [chr(base + offset) for base in (ord("A"), 0xFF41, 0xFF21, 0x1D41A, 0x1D4EA, 0x24D0)]
    return letter + "".join(shifted) + _CYRILLIC.get(letter, "") + _GREEK.get(letter, "") + _LEET.get(letter, "")


def _any_of(characters: str) -> str:
    return "[" + re.escape(characters) + "]"


_SEPARATOR = _any_of(_SEPARATORS + _EITHER)
# Neither a separator nor something that may be read as one.
_SOLID = "[^" + re.escape(_SEPARATORS + _EITHER) + "]"


def _word(word: str, *, last: bool, starred: bool) -> str:
    letters = [f"{_any_of(spellings(c))}" if c not in _DIGITS else c for c in word]
    end = "" if starred and last else f"(?!{_SOLID})"
    whole = "".join(letters) + (end if starred and last else f"(?<!{_WEAK}){end}")
    if len(letters) == 1:
        return whole
    spelled = f"{_SEPARATOR}{{1,3}}".join(letters) + f"(?<!{_WEAK})(?!{_SOLID})"
    return f"(?:{whole}|{spelled})"


@lru_cache(maxsize=4096)
def pattern(phrase: str) -> re.Pattern[str]:
    """The contract's sentence about phrases as a regular expression over a text without invisible characters."""
    starred = phrase.endswith("*")
    words = phrase.rstrip("*").split()
    parts = [_word(word, last=n == len(words) - 1, starred=starred) for n, word in enumerate(words)]
    return re.compile(f"(?<!{_SOLID})" + f"{_SEPARATOR}+".join(parts))


def visible(text: str) -> str:
    return re.sub(_any_of(INVISIBLE), "", text)


def _is_meant(found: str, phrase: str) -> bool:
    """455 is a number though it could spell a word; @$$ has no digit and is no number."""
    if not re.search("[a-z]", phrase):
        return True
    letters = re.sub(_any_of(_SEPARATORS), "", found)
    if any(c not in _DIGITS + _EITHER for c in letters):
        return True
    return not any(c in _DIGITS for c in letters) and len(letters) >= 3


def starts_at(text: str, phrases: Sequence[str], offset: int) -> bool:
    """True when a banned phrase begins exactly there (text without invisible characters)."""
    for phrase in phrases:
        found = pattern(phrase).match(text, offset)
        if found and _is_meant(found.group(), phrase):
            return True
    return False


def contains(text: str, phrases: Sequence[str]) -> bool:
    plain = visible(text)
    return any(starts_at(plain, phrases, offset) for offset in range(len(plain)))


def completions(phrases: Sequence[str]) -> list[str]:
    """Every way in which a begun phrase may go on: run together, or spelled out after a space or at once."""
    ends = {""}
    for phrase in phrases:
        bare = phrase.rstrip("*")
        for cut in range(len(bare)):
            rest = bare[cut:]
            apart = " ".join(rest.replace(" ", ""))
            ends |= {rest, " " + rest, apart, " " + apart}
            # Spelled out up to the end of the word, then the other words whole.
            first, space, others = rest.partition(" ")
            ends |= {" ".join(first) + space + others, " " + " ".join(first) + space + others}
    return sorted(ends)


def obfuscate(phrase: str, chance: random.Random) -> str:
    """One of the countless ways to write a phrase: look-alikes, invisible characters, single letters parted."""
    spelled = []
    for word in phrase.rstrip("*").split():
        letters = [_disguise(c, chance) for c in word]
        # A weak letter at the end of a word is punctuation to any reader.
        if letters[-1] in _WEAK:
            letters[-1] = word[-1]
        # Digits alone are a number to any reader, so one letter stays a letter.
        real = next((n for n, c in enumerate(word) if c not in _DIGITS), None)
        if real is not None and all(c in _DIGITS + _EITHER for c in letters):
            letters[real] = word[real]
        parted = len(word) > 1 and chance.random() < 0.3
        joints = [_joint(chance) if parted else _invisible(chance) for _ in letters[:-1]]
        spelled.append("".join(a + b for a, b in zip(letters, [*joints, ""], strict=True)))
    gaps = ["".join(chance.choices(" .,\n", k=chance.randint(1, 4))) for _ in spelled[:-1]]
    return "".join(a + b for a, b in zip(spelled, [*gaps, ""], strict=True))


def _disguise(letter: str, chance: random.Random) -> str:
    if letter in _DIGITS or chance.random() < 0.5:
        return letter
    return chance.choice(spellings(letter))


def _joint(chance: random.Random) -> str:
    return "".join(chance.choices(_SEPARATORS, k=chance.randint(1, 3))) + _invisible(chance)


def _invisible(chance: random.Random) -> str:
    return chance.choice(INVISIBLE) if chance.random() < 0.15 else ""


def split(text: str, chance: random.Random) -> list[str]:
    """The text as tokens of 1 to 9 characters."""
    tokens, at = [], 0
    while at < len(text):
        size = chance.choice((1, 1, 2, 3, 5, 9))
        tokens.append(text[at : at + size])
        at += size
    return tokens
