"""The words of a line that carry its meaning, alike in whatever form they stand. No Django."""

import re
import unicodedata

from memory.calendar import DAYS, MONTHS

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
NAME = re.compile(r"[^\W_][\w'’-]*")
SUFFIXES = ("ingly", "edly", "ing", "ies", "ed", "es", "ly", "s")
SHORTEST_STEM = 3
EMPTY = frozenset(
    """a about after again all also am an and any are aren't as at be been before being but by called can can't could
    did didn't do does doesn't don't dont down for from fan get got had has have having he her here hers him his how i
    i'd i'll i'm i've if im in into is isn't it it's its ive just know like made make me more most much my name named
    no not now of off on one or our out over own really said say says she so some soon than that that's the their them
    then there these they this those to told too up us user very want was we well went were what when where which who
    will with would yes you you'd you'll you're you've your""".split()  # noqa: SIM905 -- a list of two hundred strings reads badly
)


# With a capital, but nobody's name.
CALENDAR = frozenset((*DAYS, *MONTHS, "christmas", "easter"))


def normalised(text: str) -> str:
    """Lower case, no punctuation, single spaces: two that are equal say the same."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).lower().replace("’", "'")))


def content_words(text: str) -> frozenset[str]:
    """The stems of the words that are not empty."""
    words = (word.removesuffix("'s") for word in normalised(text).split())
    return frozenset(_stem(word) for word in words if word not in EMPTY and (len(word) > 1 or word.isdigit()))


def names(text: str) -> frozenset[str]:
    """Stems of proper names: words with a capital that do not open a sentence."""
    found: set[str] = set()
    for match in NAME.finditer(text):
        before = text[: match.start()].rstrip()
        if match[0][0].isupper() and before and before[-1] not in '.!?:\n"“':
            found |= content_words(match[0])
    return frozenset(found) - frozenset(_stem(word) for word in CALENDAR)


def _stem(word: str) -> str:
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            stem = word[: -len(suffix)]
            return stem + "y" if suffix == "ies" else stem.rstrip("e")
    return word.rstrip("e") if len(word) > SHORTEST_STEM else word
