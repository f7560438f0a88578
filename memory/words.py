"""The words of a line that carry its meaning, alike in whatever form they stand. No Django."""

import re
import unicodedata
from functools import lru_cache

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
# Other words for the same, by their stems: what people call those whom they live with.
ALIKE = {
    "puppy": "dog", "pup": "dog", "doggo": "dog", "kitten": "cat", "kitty": "cat", "bunny": "rabbit", "mum": "mother",
    "mom": "mother", "mam": "mother", "mummy": "mother", "mommy": "mother", "dad": "father", "daddy": "father",
    "bf": "boyfriend", "gf": "girlfriend", "hubby": "husband", "nan": "grandmother", "gran": "grandmother",
    "grandma": "grandmother", "granny": "grandmother", "nana": "grandmother", "grandad": "grandfather",
    "grandpa": "grandfather", "bro": "brother", "sis": "sister", "bday": "birthday", "flight": "fly",
    "surgery": "operation", "operat": "operation", "breakup": "brok", "nurs": "nurse", "marri": "wedd",
    "married": "wedd", "marry": "wedd", "fianc": "wedd", "engag": "wedd", "bakery": "bak", "baker": "bak",
    "missu": "wif", "wifey": "wif", "besti": "friend", "bff": "friend", "opa": "grandfather", "oma": "grandmother",
    "abuelo": "grandfather", "abuela": "grandmother", "fiddl": "violin",
}  # fmt: skip
CALENDAR = frozenset((*DAYS, *MONTHS, "christmas", "easter"))


def normalised(text: str) -> str:
    """Lower case, no punctuation, single spaces: two that are equal say the same."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).lower().replace("’", "'")))


def content_words(text: str) -> frozenset[str]:
    """The stems of the words that are not empty."""
    return frozenset(filter(None, map(_content, normalised(text).split())))


def telling_words(text: str) -> frozenset[str]:
    """Of these one alone may tell what a line is about."""
    return content_words(text) - _COMMON


def names(text: str) -> frozenset[str]:
    """Stems of proper names: words with a capital that do not open a sentence."""
    found: set[str] = set()
    for match in NAME.finditer(text):
        before = text[: match.start()].rstrip()
        if match[0][0].isupper() and before and before[-1] not in '.!?:\n"“':
            found |= content_words(match[0])
    return frozenset(found) - _CALENDAR


# Carry meaning, but stand in lines about anything.
COMMON = """live move work play learn go come every year old day favourite love like hate break broke time new home
    today tonight tomorrow promise practise scared school small big town night week month morning back start
    take see call feel thing people always never last next seven two three one first best good bad need want
    help talk find look lose miss"""


@lru_cache(maxsize=20_000)
def _content(word: str) -> str:
    """What it adds to a line's meaning: its stem, or that of another word for the same; nothing where it is empty."""
    word = word.removesuffix("'s")
    if word in EMPTY or not (len(word) > 1 or word.isdigit()):
        return ""
    stem = _stem(word)
    return ALIKE.get(stem, stem)


def _stem(word: str) -> str:
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            stem = word[: -len(suffix)]
            return stem + "y" if suffix == "ies" else stem.rstrip("e")
    return word.rstrip("e") if len(word) > SHORTEST_STEM else word


_CALENDAR = frozenset(map(_stem, CALENDAR))
_COMMON = content_words(f"{COMMON} {' '.join(CALENDAR)}")
