"""Sentences, clauses, and a clause turned round: the fan's “my dog” is the persona's “your dog”."""

import re

from memory.extraction.offline import lexicon as lex

_END = re.compile(r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)[.!?…]+(?=\s|$)|\n+|;\s")
_STARTS = (
    r"I|my|we|our|she|he|they|it|you|her|his|their|the|that|this|there|what|who|do|don't|"
    r"can|not|and|but|so|because|nobody|everyone|please|yes|no|which|though"
)
_EMOJI = r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B50\uFE0F\u200D]+"
_RELATIVES = (
    r"mum|mam|mom|mummy|mommy|mama|dad|daddy|papa|amma|appa|nan|nana|nani|gran|granny|grandma|grandad|grandpa|"
    r"sister|brother|bestie|husband|wife"
)
# What is hung on to a statement without adding to it, or begins another: “…, found that out the hard way last winter”.
_ASIDE = (
    r"(?:found|learn(?:ed|t)) (?:that|this|it|out)|ha(?:ve|s) been since|always ha(?:ve|s)|best decision|"
    r"never looked back|"
    r"believe it or not|would you believe|no joke|true story|properly|purely|apparently|long story|"
    r"(?:writing|texting|messaging|listening|tuning in|calling)(?: to you| in| this)?(?: all the way)? from"
)
# “once it's healed, I'll send …”: the promise hangs on it.
_CONDITION = re.compile(
    r"^((?:and |but |so )?(?:when|once|as soon as|the moment|next time|after|if ever)\b[^,]{3,60}), (?=I(?:'ll|"
    r" will)\b)",
    re.I,
)
_SPLIT = re.compile(
    rf",? (?:and|but|so|because|though|although|since|then|plus|cause) (?=(?:then |now "
    rf"|yes |also )?(?:I|I'm|I've|I'll|my|we|we're|our|she|he|they|it's|it|you|her|his|"
    rf"their|the|nobody|no one|everyone|everybody|people|somebody|(?:{_RELATIVES})(?= \w+s\b|'s))\b)|"
    rf" *{_EMOJI} *(?=(?:{_STARTS})\b)|, (?=(?:called|named|we called|we named) (?:him|her|it|them)\b)|"
    rf",? (?:lo+l|lma+o+|haha\w*|omg|tbh|ngl|btw|xx+)[ ,]+(?=(?:{_STARTS})\b)|"
    # Run on without a stop: “send good vibes please I have a job interview tomorrow”.
    r"\b(?:please|trust me|fyi|fr|istg|smh|abeg|lah|babes?|queen|bestie|aria) (?=(?:I|I'm|I've|my|we|we've)\b)|"
    rf"[,:] *(?=(?:{_STARTS})\b)| [-–—]+ | \(|\) ?|, (?=(?:{_ASIDE})\b)",
    re.I,
)
# What she goes on to say of herself without saying “I” again: “I'm 14 and live in Leeds”.
_ALSO = (
    r"live|lived|work|worked|study|studied|teach|taught|play|played|sing|speak|collect|paint|draw|write|run|love|like|"
    r"hate|enjoy|prefer|have|got|adopted|bought|moved|shifted|relocated|passed|failed|graduated|started|start|quit|"
    r"finished|married|turned|grew up|came from|come from|can't stand|don't eat|don't drink|don't like"
)
_GOES_ON = re.compile(rf",? (?:and|but|then|&) (?:(?:now|then|also|just|recently|still) )*(?=(?:{_ALSO})\b)", re.I)
_DOES_ALSO = re.compile(
    rf",(?: and)? (?:(?:now|then|also|just|still) )*(?=(?:{_ALSO}|living in|working (?:at|as|in)|studying|doing my|"
    rf"reading (?=\w+ at\b))\b)|"
    r",? and (?:(?:now|also) )*(?=(?:living in|working (?:at|as|in)|studying|doing (?:my|an?))\b)",
    re.I,
)
_HERSELF = re.compile(r"(?:I|we)(?:'m|'ve|'re)?\b|(?:am|born|raised|been|just|finally|myself)\b", re.I)
_OF_HER = re.compile(rf"(?:{_ALSO})\b|\w+ing\b|(?:born|raised|been|dropped)\b", re.I)
_AT_END = re.compile(rf"(?:\s*{_EMOJI})+\s*$")
_FILLER = re.compile(

r"^(?:(?:well|so|oh|ok|okay|yeah|yes|yep|yup|and|but|also|then|anyways?|btw|by the "
r"way|honestly|actually|tbh|ha(?:ha)*|hey|hi|hello|"

r"hiya|dear|y'all|omg|fun fact|(?:so |proper |absolutely |totally |really )?(?:gutted|chuffed|buzzing|devastated|"
r"heartbroken|exhausted|"
r"knackered|stressed|delighted|thrilled|over the moon)|guess what|um+|uh|hm+|you know|you see|please|to be honest|"
r"personally|"
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
_ITS_MY = re.compile(r"^(?:it's|there's|there is|originally,?) (?=(?:my|I'm|I)\b)", re.I)
# “After my divorce I moved back to Galway”: where she is does not hang on when.
_AFTER = re.compile(
    r"^(?:after|since|following) (?:my|our|the) (?:(?!on\b|in\b|at\b|next\b|"
    r"this\b)[\w-]+ ){0,2}?[\w-]+,? (?=(?:I|we)\b)",
    re.I,
)
# “me and Hannah are getting married”: it is she who is.
_COUPLE = re.compile(
    r"^(?:me and (?P<x>[^\W\d_]+)|(?P<y>[^\W\d_]+) and (?:I|me)) (?:are|'re) "
    r"(?P<how>getting (?:married|engaged))\b",
    re.I,
)
# “they moved my exam to Monday”, “my exam got moved to Monday”: it is then.
_WHAT = rf"(?P<what>(?:my|our) (?:[\w-]+ ){{0,3}}?(?:{lex.EVENTS}))"
_PUT = r"(?:moved|rescheduled|changed|pushed|brought|postponed|delayed|put)"
_MOVED = re.compile(
    rf"^(?:(?:they|they've|the [\w-]+|my [\w-]+|school|work|uni)(?: have| has|'ve|'s)? (?:just |now |"
    rf"only )*{_PUT} )?{_WHAT}"
    rf"(?:(?<=\w)(?:'s| is| was| has| have| got)(?: now| just)*(?: been)? {_PUT})?(?: back| forward| up| off| out)? "
    rf"(?:to|until|till|for) (?={lex.DATED})",
    re.I,
)
# “Just adopted a puppy”: who did is left unsaid. The first that matches says how it is filled in.
_UNSAID = (
    (
        re.compile(rf"^got (?=(?:my|an?|the) (?:\w+ )?(?:{lex.EVENTS}) (?:on|in|at|this|next|tomorrow|today)\b)", re.I),
        "I've got ",
    ),
    (re.compile(r"^(?=(?:born(?: and raised)?|raised) (?:in|near|on)\b)", re.I), "I was "),
    (
        re.compile(r"^(?=been (?:(?:an? )?[\w-]+(?: \w+)?(?:$| (?:since|for|all my)\b)|\w+ing\b|with my\b))", re.I),
        "I've ",
    ),
    (re.compile(r"^(?=am (?:from|an?|in|\d+|studying|working|living|doing|learning)\b)", re.I), "I "),
    (re.compile(r"^(?=(?:promise|swear) I\b)", re.I), "I "),
    (re.compile(r"^as (?=an? (?:\w+ )?\w+,? (?:I|my)\b)", re.I), "I'm "),
    (re.compile(rf"^(?=(?:proud |single |busy )?(?:{lex.PARENTS}) (?:of|to) )", re.I), "I'm a "),
    # “Missing you”, “thinking of you” are no plans.
    (
        re.compile(
            r"^(?=(?!(?:miss|think|lov|hop|wish|want|need|wonder|noth|anyth|someth|everyth|morn|even|listen|cry|scream|"
            r"throw|be|try|wait|send|say|tell|ask|talk|look|imagin|suppos|assum|accord|dur|spr|feel|happen|k|r|th|str|"
            r"br|bor|amaz|excit|interest|annoy|freak|fuck|liv(?= for)|kidd|jok)ing\b)[a-z]+ing\b)",
            re.I,
        ),
        "I'm ",
    ),
    (
        re.compile(
            r"^(?=(?:just |finally |recently )*(?:got|adopted|passed|failed|finished|started|quit|moved|shifted|"
            r"relocated|bought|signed|graduated|broke|turned|dropped out|retired|grew up|went to|ran (?:my|"
            r"the|an?)|handed in|submitted|"
            r"got into|booked|lost my|aced|won|met my|live in|work (?:as|at|in|for)|study|play|collect|"
            r"(?:start|finish|leave|fly) (?=.*(?:\b(?:in|on|next|this|tomorrow)\b)))\b)",
            re.I,
        ),
        "I ",
    ),
)
# “mum's a midwife”: whose is plain.
_KIN = re.compile(
    rf"^(?=(?:{_RELATIVES})(?:'s| is| was| got| has| used| and I| \w+s)\b)",
    re.I,
)
# A quotation is one, and so is “I.D.”.
_WORD = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|(?:\w\.){2,}|[\w'-]+|[^\w'“\"«-]+|.")
_WERE = re.compile(r"\b(I) was(n't)?\b", re.I)
_TURNED = {
    "i": "you", "i'm": "you're", "i've": "you've", "i'll": "you'll", "i'd": "you'd", "my": "your",
    "mine": "yours", "me": "you",
    "myself": "yourself", "we": "you", "we're": "you're", "we've": "you've", "we'll": "you'll",
    "our": "your", "ours": "yours", "us": "you",
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


def first_sentence(text: str) -> tuple[str, str]:
    """The first sentence without its stop, and what comes after it."""
    end = _END.search(text)
    return (text[: end.start()].strip(), text[end.end() :].strip()) if end else (text.strip(), "")


def clauses(sentence: str) -> list[str]:
    """The parts of a sentence that have a subject of their own."""
    whole = _CONDITION.sub(r"\1 ", sentence)
    parts = (_AT_END.sub("", part).strip(" ,:-–—") for part in _SPLIT.split(whole) if part)
    return [clause for part in parts if part for clause in _each_statement(part)]


def _each_statement(part: str) -> list[str]:
    """A part that goes on about the same person without naming her again, taken apart."""
    first, *others = _DOES_ALSO.split(part) if _is_hers(part) else [part]
    if _is_hers(first):
        first, *more = _GOES_ON.split(first)
        others = [*more, *others]
    return [first, *(_with_subject(other) for other in others)]


def _is_hers(part: str) -> bool:
    bare = _FILLER.sub("", part + " ")
    return bool(_HERSELF.match(bare) or _OF_HER.match(bare))


def _with_subject(part: str) -> str:
    return ("I'm " if re.match(r"\w+ing\b", part) else "I ") + part


def _each_to_the_other(found: re.Match[str]) -> str:
    return f"I'm {found['how']} to {found['x'] or found['y']}"


def without_filler(clause: str) -> str:
    bare = _FILLER.sub("", clause + " ").strip()
    bare = _AFTER.sub("", _KIN.sub("my ", _WISH.sub("", _ITS_MY.sub("", bare))))
    bare = _COUPLE.sub(_each_to_the_other, bare)
    bare = _MOVED.sub(r"\g<what> is ", bare)
    start = next(((found, said) for pattern, said in _UNSAID if (found := pattern.match(bare))), None)
    if start is None:
        return bare
    rest = bare[start[0].end() :]
    return start[1] + rest[0].lower() + rest[1:]


def turned(clause: str) -> str:
    """“I saw you in Leeds” → “you saw me in Leeds”. Names stay: the US, “My Way”."""
    clause = _WERE.sub(r"\1 were\2", clause.replace(" & I ", " and I "))
    words = re.sub(r"\bi am\b", "i are", re.sub(r"\bI am\b", "I'm", clause)).strip(" ,.!")
    parts = _WORD.findall(words)
    told = "".join(_turn(part, "".join(parts[:at]).split()) for at, part in enumerate(parts))
    return re.sub(r"\s+", " ", told).strip()


def _turn(word: str, before: list[str]) -> str:
    lower = word.casefold()
    if lower in ("you", "you're", "you've", "you'll"):
        starts = not before or before[-1].casefold() in _SUBJECT_BEFORE
        return "I" + lower[3:].replace("'re", "'m") if starts or lower != "you" else "me"
    is_name = bool(before) and (word == "US" or (word.istitle() and word[0] != "I"))
    return word if is_name else _TURNED.get(lower, word)


def slug(text: str, most: int = 4) -> str:
    """The words that tell one subject from another."""
    words = [word for word in re.findall(r"[\w-]+(?:'[a-z]+)?", text.casefold()) if word not in _SMALL]
    return " ".join(words[:most])
