"""Sentences that lean on what was said just before: “My grandfather. He was an organist”."""

import re

from memory.extraction.offline import lexicon as lex

_BARE_KIN = re.compile(rf"(?P<who>my (?:[\w-]+ )?(?:{lex.FAMILY}|{lex.CIRCLE}))", re.I)
_SHE = re.compile(r"^(?:he|she)(?P<verb>'s| (?:is|was|works|lives|teaches|plays|sings|comes|came)) ", re.I)
_PLACE = re.compile(r"(?P<x>(?-i:[A-Z])[^\W\d_]+(?: (?-i:[A-Z])[^\W\d_]+)?)(?:,.*)?", re.I)
_NO_PLACE = re.compile(
    r"yes|yep|yeah|yup|no|nope|me|exactly|true|right|correct|indeed|absolutely|definitely|totally|of|well|oh|"
    r"haha\w*|lol|"
    r"ok|okay|sure|guilty|proudly|local|that|it|we|you|my|here|always",
    re.I,
)
_BORN = re.compile(r"^born and (?:bred|raised)\b", re.I)
_OCCASION = re.compile(
    rf"\b(?:(?:my|our|an?|her|his) (?P<what>(?:(?!of\b|for\b|and\b|to\b|your\b)[\w'-]+ ){{0,4}}?(?:{lex.EVENTS}))|"
    rf"the (?P<named>(?:(?!of\b|for\b|and\b|to\b|your\b)[\w'-]+ ){{1,3}}?(?:{lex.EVENTS})))\b(?! of\b)",
    re.I,
)
_MINE = re.compile(r"\b(?:I|I'm|I've|I'll|me|my|we|we're|we've|us|our|who's)\b", re.I)
_ON = re.compile(rf"^(?:it's|it is|it'll be|it takes place|it happens|that's) (?={lex.DATED})", re.I)


def completed(sentence: str, before: str, occasion: str) -> str:
    """The sentence with what it leans on put in: from the sentence before, or the occasion that was told of last."""
    who = _BARE_KIN.fullmatch(before)
    she = _SHE.match(sentence)
    if who and she:
        verb = she["verb"].replace("'s", " is")
        return f"{who['who'][0].lower()}{who['who'][1:]}{verb} {sentence[she.end() :]}"
    place = _PLACE.fullmatch(before)
    if place and _BORN.match(sentence) and not _NO_PLACE.fullmatch(place["x"].split()[0]):
        return f"I was born and bred in {place['x']}"
    return _ON.sub(f"my {occasion} is ", sentence) if occasion else sentence


def occasion_in(text: str) -> str:
    """“grade five piano exam” out of “I've got my grade five piano exam coming up”, or ""."""
    found = list(_OCCASION.finditer(text)) if _MINE.search(text) else []
    return (found[-1]["what"] or found[-1]["named"]) if found else ""
