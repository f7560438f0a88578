"""Other forms of a question's words: “Which pets did she buy?” is answered by a line with “bought” and “cat”.

Postgres stems what is regular; these are the verbs that are not, people by their other names, and kinds of things
by their members.
"""

import re

from memory.calendar import DAYS, MONTHS

_WORD = re.compile(r"[a-z]+")
_ASKS_WHEN = re.compile(r"(?:when|how long|since when|what (?:date|day|month|year|time))\b")
_TELLS_WHEN = (
    *DAYS,
    *MONTHS,
    *("yesterday", "today", "tomorrow", "last", "next", "ago", "week", "weekend", "month", "year"),
)
# Forms of one verb whose stems differ.
_VERBS = """
    go went gone|buy bought|get got|make made|take took taken|give gave given|see saw seen|teach taught
    write wrote written|run ran|win won|sing sang sung|swim swam|feel felt|meet met|lose lost|break broke broken
    hear heard|begin began begun|find found|leave left|sell sold|tell told|think thought|bring brought
    choose chose chosen|come came|become became|speak spoke spoken|drive drove driven|ride rode ridden
    fly flew flown|grow grew grown|know knew known|throw threw|draw drew drawn|eat ate eaten|fall fell fallen
    forget forgot forgotten|keep kept|sleep slept|spend spent|send sent|build built|catch caught|fight fought
    hold held|pay paid|say said|sit sat|stand stood|steal stole|wake woke|wear wore|lead led|light lit|shake shook
    shoot shot|understand understood|lend lent|hide hid"""
# Other names for the same.
_NAMES = """
    mother mum mom mama|father dad papa|grandmother grandma gran nana|grandfather grandpa grandad|child kid
    children kids|boyfriend girlfriend partner|husband wife partner spouse|apartment flat|movie film
    holiday vacation trip|doctor physician|job work career occupation profession|university college uni|bike bicycle
    photo picture photograph|begin start|buy purchase|marry married wedding engaged|wedding married marry
    die died death passed|birthday turned|ill sick hospital|team club|town city|travel trip flew|hike hiking trail
    child baby son daughter|propose engaged"""
# Kinds of things, asked for by the kind and answered by a member.
_KINDS = {
    "pet pets animal animals": "dog puppy cat kitten rabbit hamster horse parrot fish turtle bird",
    "instrument instruments": "guitar piano violin cello drum flute clarinet trumpet saxophone ukulele tuba",
    "sport sports": "football soccer basketball tennis baseball hockey swimming running volleyball golf",
    "hobby hobbies activity activities": "painting hiking dancing reading cooking running yoga pottery photography",
    "dish dishes food foods meal meals": "cook recipe pizza pasta cake soup salad bread curry",
    "family relatives": "mother mum mom father dad sister brother aunt uncle cousin son daughter grandma grandpa",
    "vehicle": "car van truck motorbike",
    "language languages": "spanish french german italian",
    "colour color colours colors": "red blue green yellow orange purple black white pink grey",
    "art": "painting drawing sculpture",
}


def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for group in re.split(r"[|\n]", f"{_VERBS}|{_NAMES}"):
        for word in group.split():
            table.setdefault(word, set()).update(group.split())
    for kinds, members in _KINDS.items():
        for kind in kinds.split():
            table.setdefault(kind, set()).update(members.split())
    return {word: frozenset(forms - {word}) for word, forms in table.items()}


_FORMS = _table()


def with_forms(text: str) -> str:
    """The text, followed by the other forms of its words; a question after a time also by what tells one."""
    lowered = text.lower()
    added = {form for word in _WORD.findall(lowered) for form in _FORMS.get(word, ())}
    if _ASKS_WHEN.match(lowered):
        added.update(_TELLS_WHEN)
    return " ".join((text, *sorted(added)))
