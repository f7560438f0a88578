"""Sentences, clauses, and a clause turned round: the fan's “my dog” is the persona's “your dog”."""

import re

from memory.extraction.offline import lexicon as lex

_END = re.compile(r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)[.!?…]+(?=\s|$)|\n+|;\s")
_STARTS = (
    r"I|my|we|our|she|he|they|it|you|her|his|their|the|that|this|there|what|who|do|don't|"
    r"can|not|and|but|so|because|nobody|everyone|please|yes|no|which|though"
)
_SPLIT = re.compile(
    rf",? (?:and|but|so|because|though|although|since|then|plus|cause) (?=(?:then |now "
    rf"|yes |also )?(?:I|I'm|I've|I'll|my|we|we're|our|she|he|they|it's|it|you|her|his|"
    rf"their|the)\b)|"
    rf"[,:] *(?=(?:{_STARTS})\b)| [-–—] | \(|\) ?",
    re.I,
)
_FILLER = re.compile(

r"^(?:(?:well|so|oh|ok|okay|yeah|yes|yep|yup|and|but|also|then|anyways?|btw|by the "
r"way|honestly|actually|tbh|ha(?:ha)*|hey|hi|hello|"

r"hiya|omg|fun fact|guess what|um+|uh|hm+|you know|you see|please|to be honest|personally|"
r"currently|right now|at the moment|these days|"

r"sadly|unfortunately|luckily|lol|aw+|no|nah|sure|thanks|because|that|now|plus|great "
r"news|good news|big news|news|morning|evening|"

r"I mean|I guess|I think|today was good|good question|speaking of which|like|cool|"
r"nice|wow|ugh|sorry|one thing|just so you know|ngl|fr|istg|idk|yh|ikr|wait|update|oops|erm|soz|yay|guys|tho|"
r"the thing is|lowkey|no way|yess+|aw+|heya|yo|sup|"

r"remember|today|tonight|lately|recently|since you ask|of course|in fact|for me|"
r"as for me|next time(?= my)) *[,:.!-]* +)+", re.I,
)  # fmt: skip
_WISH = re.compile(
    r",? (?:wish me luck|(?:I )?(?:can't|cannot) wait|so excited|kill me|send help|help me|pray for me|yay+|omg)\b.*",
    re.I,
)
_ITS_MY = re.compile(r"^it's (?=my\b)", re.I)
# “Just adopted a puppy”: who did is left unsaid. The first that matches says how it is filled in.
_UNSAID = (
    (
        re.compile(rf"^got (?=(?:my|an?|the) (?:\w+ )?(?:{lex.EVENTS}) (?:on|in|at|this|next|tomorrow|today)\b)", re.I),
        "I've got ",
    ),
    (re.compile(r"^(?=(?:born(?: and raised)?|raised) (?:in|near|on)\b)", re.I), "I was "),
    (re.compile(r"^(?=been (?:playing|learning|doing|studying|working|living|teaching)\b)", re.I), "I've "),
    (
        re.compile(
            r"^(?=(?:seeing|turning|moving|starting|flying|going to|doing|studying|learning|getting|having|"
            r"volunteering|"
            r"training|working at|working as|living in) )",
            re.I,
        ),
        "I'm ",
    ),
    (
        re.compile(
            r"^(?=(?:just |finally )?(?:got|adopted|passed|failed|finished|started|quit|moved (?:in)?to|bought|"
            r"signed|graduated|"
            r"broke|turned) )",
            re.I,
        ),
        "I ",
    ),
)
# “mum's a midwife”: whose is plain.
_KIN = re.compile(
    r"^(?=(?:mum|mam|mom|dad|nan|nana|gran|granny|grandma|grandad|grandpa|sister|bestie)(?:'s| is| was| works?| "
    r"lives?| has|"
    r" teaches| drives| plays| runs| used)\b)",
    re.I,
)
_WORD = re.compile(r"[\w'-]+|[^\w'-]+")
_TURNED = {
    "i": "you", "i'm": "you're", "i've": "you've", "i'll": "you'll", "i'd": "you'd", "my": "your",
    "mine": "yours", "me": "you",
    "myself": "yourself", "we": "you", "we're": "you're", "we've": "you've", "we'll": "you'll",
    "our": "your", "us": "you",
    "your": "my", "yours": "mine", "yourself": "myself",
}  # fmt: skip
_SUBJECT_BEFORE = {"when", "that", "how", "if", "because", "what", "where", "until", "before", "after", "while"}
_SMALL = frozenset(
    """a an the my your our i you me we us is am are was were be been being of for to in on at with and or it its that
    this have has had got really very so just i'm you're it's do does did not don't when some all every""".split()  # noqa: SIM905 -- a list of sixty strings reads badly
)


def sentences(text: str) -> list[tuple[str, bool]]:
    """Each sentence and whether it asks."""
    found, start = [], 0
    for end in _END.finditer(text):
        found.append((text[start : end.start()].strip(), "?" in end[0]))
        start = end.end()
    found.append((text[start:].strip(), False))
    return [(sentence, asks) for sentence, asks in found if sentence]


def clauses(sentence: str) -> list[str]:
    """The parts of a sentence that have a subject of their own."""
    return [part.strip(" ,:-–—") for part in _SPLIT.split(sentence) if part and part.strip(" ,:-–—")]


def without_filler(clause: str) -> str:
    bare = _FILLER.sub("", clause + " ").strip()
    bare = _KIN.sub("my ", _WISH.sub("", _ITS_MY.sub("", bare)))
    start = next(((found, said) for pattern, said in _UNSAID if (found := pattern.match(bare))), None)
    if start is None:
        return bare
    rest = bare[start[0].end() :]
    return start[1] + rest[0].lower() + rest[1:]


def turned(clause: str) -> str:
    """“I saw you in Leeds” → “you saw me in Leeds”."""
    words = re.sub(r"\bI am\b", "I'm", re.sub(r"\bI was\b", "I were", clause)).strip(" ,.!")
    parts = _WORD.findall(words)
    told = "".join(_turn(part, "".join(parts[:at]).split()) for at, part in enumerate(parts))
    return re.sub(r"\s+", " ", told).strip()


def _turn(word: str, before: list[str]) -> str:
    lower = word.casefold()
    if lower in ("you", "you're", "you've", "you'll"):
        starts = not before or before[-1].casefold() in _SUBJECT_BEFORE
        return "I" + lower[3:].replace("'re", "'m") if starts or lower != "you" else "me"
    return _TURNED.get(lower, word)


def slug(text: str, most: int = 4) -> str:
    """The words that tell one subject from another."""
    words = [word for word in re.findall(r"[\w-]+(?:'[a-z]+)?", text.casefold()) if word not in _SMALL]
    return " ".join(words[:most])
