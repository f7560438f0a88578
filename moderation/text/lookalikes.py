"""Which characters are read as which Latin letters. Written by hand; NFKC already covers fullwidth, mathematical,
circled and superscript letters, so these are the pairs from other scripts and from the keyboard.

Both the rules' phrases and the text pass through the same table, so a Russian or Greek phrase still matches itself.
"""

# Cyrillic, Armenian, Cherokee, Lisu, small capitals, IPA. Lower and upper case are listed where both resemble.
_PAIRS = (
    ("авекмнорстухіјѕһԁԛԝӏүѵґ", "abekmhopctyxijshdqwlyvr"),
    ("АВЕКМНОРСТУХІЈЅҺԀԚԜӀҮѴ", "abekmhopctyxijshdqwlyv"),
    ("օսհոցկյք", "ouhngljp"),
    ("ᎪᏴᏟᎠᎬᎶᎻᎫᏦᏞᎷᏢᏚᎢᏙᎳᏃ", "abcdeghjklmpstvwz"),
    ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "bpdtgkjczfmnlsrvhwxyaeiou"),
    ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz"),
    ("ɑɡɩɭɱɲʋıȷƖƽɓɗɖɛƙƭƈ", "agilmnvijlsbddektc"),
    # Greek, lower case as it looks; its capitals fold to these and carry a second reading below.
    ("αβγεζηικμνορτυχωϲϳ", "abyeznikmvoptuxwcj"),
)
LETTERS: dict[str, str] = {
    **{mark: letter for marks, letters in _PAIRS for mark, letter in zip(marks, letters, strict=True)},
    # One letter of Arabic and Persian typed on two keyboards; Turkish dotted capital I.
    "ي": "ی",
    "ى": "ی",
    "ك": "ک",
    "İ": "i",
}

# Greek capitals that look like another Latin letter than their small form does.
SECOND: dict[str, str] = {"Η": "h", "Ν": "n", "Υ": "y", "μ": "u", "µ": "u"}

# Leetspeak. The first reading of a digit is the digit itself, so that "1488" stays a phrase of its own.
DIGITS: dict[str, str] = {
    "0": "0o",
    "1": "1il",
    "2": "2z",
    "3": "3e",
    "4": "4a",
    "5": "5s",
    "6": "6gb",
    "7": "7t",
    "8": "8b",
    "9": "9g",
}
# Symbols that are a letter or a mark. WEAK ones are never the last letter of a word: "Ana!" is a name with a mark.
SYMBOLS: dict[str, str] = {"@": "a", "$": "s", "€": "e", "!": "il", "|": "il", "+": "t"}
WEAK = frozenset("!|+")

# Negative circled and squared letters, and the letters that flags are made of: no decomposition in NFKC.
ENCLOSED: dict[str, str] = {
    chr(first + index): chr(ord("a") + index) for first in (0x1F150, 0x1F170, 0x1F1E6) for index in range(26)
}

# Invisible, though Unicode calls them letters, marks or symbols; category Cf is invisible anyway.
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u180b\u180c\u180d\u180f")

# Marks that make another letter in someone's alphabet: kept, so that Spanish "año" is not "ano". All other marks of the
# general blocks (strokes, enclosing signs, letters piled with dots) are decoration and dropped.
KEPT_MARKS = frozenset(
    "\u0300\u0301\u0302\u0303\u0304\u0306\u0308\u0309\u030a\u030b\u030c\u031b\u0323\u0326\u0327\u0328"
)
GENERAL_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE2F),
)
# Vowel points that Arabic and Hebrew may write or leave out, and the Arabic stretching sign.
POINTS = ((0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x0652), (0x0670, 0x0670), (0x06D6, 0x06ED))

# Scripts that put no space between words: there a phrase counts at any place.
UNSPACED = (
    (0x0E00, 0x0FFF),  # Thai, Lao, Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19FF),
    (0x1A20, 0x1AAF),
    (0x1B00, 0x1B7F),
    (0x3005, 0x3007),
    (0x3040, 0x312F),  # kana, Bopomofo
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),  # Han
    (0xA980, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0x20000, 0x3FFFF),
)


def within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= point <= last for first, last in ranges)
