"""The spellings of chat made full: apostrophes that are left out, short forms, letters held down, run-on sentences."""

import re

from memory.extraction.offline import lexicon as lex

_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_WORD = re.compile(r"[\w'-]+|[^\w'-]+")
_HELD_DOWN = re.compile(r"([a-z])\1{2,}", re.I)
_KIN = rf"(?:{lex.FAMILY}|{lex.CIRCLE}|{lex.PETS})"
# “ill” is an adjective after these, else “I'll”.
_BEFORE_ILL = (
    r"(?<!am )(?<!m )(?<!is )(?<!s )(?<!are )(?<!was )(?<!feel )(?<!ing )(?<!so )(?<!lly )(?<!ery )(?<!been )(?<!got )"
    r"(?<!still )(?<!fell )"
)
_TOGETHER = (
    r"(?:(?:have|had|are|were|share|play|run|live|work|go|went|got|met|both|just|celebrated|started|adopted|bought|"
    r"moved|"
    r"will|do|grew)\b|'ve\b)"
)
# What a word stands for is told by its neighbours.
_BY_PLACE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"{_BEFORE_ILL}\bill (?=\w)", re.I), "I'll "),
    (
        re.compile(
            r"\bid (?=(?:love|like|rather|be|call|have|go|say|hate|die|never|do|kill|give|want|take|get)\b)", re.I
        ),
        "I'd ",
    ),
    (
        re.compile(
            r"(?:(?<=^)|(?<=[.!?,;\n] ))were (?=(?:off|going|moving|getting|flying|having|all|both|not|from|in|on)\b)",
            re.I,
        ),
        "we're ",
    ),
    (
        re.compile(
            r"\bits (?=(?:my|me|an?|the|so|not|just|really|called|\d|on|in|tomorrow|today|tonight|actually|been|like|"
            r"(?-i:[A-Z]))\w*|[^\W\d_]+ from\b)",
            re.I,
        ),
        "it's ",
    ),
    # Two that are named each get a sentence.
    (
        re.compile(
            rf"((?:I|we)(?:'ve| have|'ve got| have got) an? [^,.]*? (?:called|named) [^,.]+?),? and (?=an? (?:\w+ "
            rf")?{_KIN}\b)",
            re.I,
        ),
        r"\1. I have ",
    ),
    (
        re.compile(
            r"\bme (?=(?:driving|mum|mam|mom|dad|nan|gran|mate|sister|brother|missus|wife|husband|dog|cat|kids|"
            r"girlfriend|boyfriend|job|exam|"
            r"test|results)\b)"
        ),
        "my ",
    ),
    (re.compile(r"\bthe (missus|wife|husband|kids|boyfriend|girlfriend)\b(?! of\b)", re.I), r"my \1"),
    (re.compile(r"\bmy missus\b", re.I), "my wife"),
    # One subject: “&” keeps it from being read as two clauses.
    (
        re.compile(rf"\bme and (my (?:\w+ )?{_KIN}(?: (?-i:[A-Z])\w+)?) (?={_TOGETHER})", re.I),
        r"\1 & I ",
    ),
    (re.compile(rf"\b(my (?:\w+ )?{_KIN}(?: (?-i:[A-Z])\w+)?) and I (?={_TOGETHER})", re.I), r"\1 & I "),
    (re.compile(rf"\b((?:my|our) (?:\w+ )?{_KIN})s names?(?: is| are)? ", re.I), r"\1's name is "),
    (re.compile(r"\b(my|her|his|its|their) names (?!are\b)", re.I), r"\1 name is "),
    (re.compile(r"\b(my (?:\w+ )?birthday)s (?=\S)", re.I), r"\1 is "),
    (
        re.compile(rf"\b((?:my|our) (?:\w+ )?{_KIN})s (?=an?\b|the\b|(?:called|named)\b(?!.* and )|from\b)", re.I),
        r"\1 is ",
    ),
    (re.compile(rf"\b((?:my|our) (?:\w+ )?{_KIN})'s (?=an?\b|the\b|from\b)", re.I), r"\1 is "),
)
# “I'm kenji, 17, osaka”: name, age and perhaps place.
_ROLL_CALL = re.compile(
    r"\b(?:I'm|it's me(?: again)?,?|it's|this is|my name is) (?P<name>(?!(?:female|male|old|young|single|tired|"
    r"just|still|like|"
    r"only|nearly|almost|about|over|turning|f|"
    r"m)\b)[^\W\d_]{2,}(?<!ing)(?<!ed))(?: here)?, ?(?P<age>[1-9]\d)(?P<place>(?:, ?|(?= from | in )) ?"
    r"(?:(?:from|in|living in) )?(?!and\b|but\b|from\b|years?\b|yo\b|y/o\b|times\b|my\b|I\b|a\b)[^\W\d_]{3,}"
    r"(?: (?-i:[A-Z])[^\W\d_]+)*)?(?=\s*(?:[.!,\n]|$| (?:and|here|btw)\b))",
    re.I,
)
_RUN_ON = re.compile(r"(?<=\w) (?=(?:she's|he's|they're|I'm|I've|it's my) )", re.I)
# After these a sentence goes on: “I think I'm …”, “when she's …”.
_GOES_ON = frozenset(
    """think know say says said saying like hope feel feels felt swear mean guess bet wish when if that because cause as
    so while since until than though what how where who why sure promise heard glad happy sad sorry whenever once and or
    but is was are thinking believe suppose reckon told tell everyone people they after before maybe imagine pretend
    saying sings sing singing went goes then like all only asked ask you me him her them us""".split()  # noqa: SIM905 -- a list of eighty strings reads badly
)

_SUBJECT = re.compile(
    r"(?:\w+ ){0,2}?(?:I|I'm|I've|I'll|my|our|we|we're|he|she|they|it|it's|you|you're|this|that's|mum|dad)\b", re.I
)


def plain(text: str) -> str:
    """One kind of apostrophe, words in full, a comma where one sentence runs into the next."""
    text = _HELD_DOWN.sub(r"\1", text.translate(_MARKS))
    text = "".join(_spelled(part) for part in _WORD.findall(text))
    for pattern, full in _BY_PLACE:
        text = pattern.sub(full, text)
    text = _ROLL_CALL.sub(_called, text)
    return _RUN_ON.sub(lambda found: _comma(text, found.start()), text)


def _called(found: re.Match[str]) -> str:
    """Each part of the roll call as a sentence."""
    place = re.sub(r"^,? ?(?:(?:from|in|living in) )?", "", found["place"] or "")
    from_there = f". I'm from {place}" if place else ""
    return f"my name is {found['name']}. I'm {found['age']}{from_there}"


def _spelled(word: str) -> str:
    lower = word.casefold()
    if lower.endswith("'s") and lower[:-2] in lex.CONTRACTIONS:
        return lex.CONTRACTIONS[lower[:-2]] + "'s"
    return lex.CONTRACTIONS.get(lower, "I" + word[1:] if word[:2] == "i'" else word)


def _comma(text: str, at: int) -> str:
    """A comma where a whole sentence stands before; “the concert I'm playing” is none."""
    before = re.split(r"[.!?,;:\n]", text[:at])[-1].strip()
    whole = len(before.split()) > 2 and _SUBJECT.match(before) and before.split()[-1].casefold() not in _GOES_ON
    return ", " if whole else " "
