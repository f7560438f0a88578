"""Said without being true of the fan: quotations, lyrics, jokes, hypotheticals, questions, negation, hearsay."""

import re

_QUOTED = re.compile(
    r'"[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|[♪♫🎵🎶][^♪♫🎵🎶\n]*[♪♫🎵🎶]?|(?<!\w)\'[^\'\n]{6,}\'(?!\w)'
)
_TITLE = re.compile(r"\b(?:I|I'm|my|me|we|you|is|are)\b", re.I)
HELD = "\x00"  # stands where a quotation was
_PLAY = re.compile(
    r"/s\b|/j\b|\bjk\b|\bj/k\b|\b(?:just|only|totally) (?:kidding|joking)\b|\bkidding\b|"
    r"\bsaid (?:nobody|no one|no-one) ever\b|"
    r"\bobviously\b|\bas if\b|\byeah right\b|\bnot really\b|^psych\b|\bpsych!|\bApril fools?\b|"
    r"\blike Yoda\b|\bjust LOVE\b|🙃|🙄|\bsarcas\w+|^oh (?:great|joy|good|brilliant|fab|fantastic|perfect|lovely)\b"
    r"(?! news)|\boh (?:sure|right)\b.*\b(?:love|adore)\b|\boh (?:yes|yeah|wow)\b.*\bjust (?:love|adore)\b|"
    r"\b(?:yeah|yes|sure|right) (?:because|bc|"
    r"cause|cos)\b|\bat this point\b|\bbasically an?\b|"
    r"\bmarried to (?:my|the) (?!boyfriend|girlfriend|husband|wife|partner|best friend|childhood|high|love)|"
    r"\bmy (?:enemy|spirit animal|toxic trait|roman empire|villain)\b|\bfor legal reasons\b",
    re.I,
)
_KIDDING = re.compile(r"^\W*(?:lol |haha |nah |ok )*(?:jk|j/k|(?:just |only )?(?:kidding|joking))\b", re.I)
# Said of what went before: it was a joke, a lie, a test.
_FOOLED = re.compile(
    r"\b(?:winding|wound) you up\b|\bhaving you on(?=$|[,.!])|\bpulling your leg\b|\bmessing (?:about |around )?"
    r"with you\b|\b(?:just|only|was|totally) (?:messing(?! around| up| about)|playing with you|teasing|fibbing|"
    r"joking|kidding|testing you|bluffing|pretending|"
    r"trolling|lying(?! (?:in|on|down|there|here|about)\b))|\bI lied\b|\bchecking (?:if |that )?you(?:'re| are)? "
    r"(?:awake|listening|reading|paying|still)|\b(?:I|I've)(?: just| totally| completely)? (?:made|"
    r"invented) (?:it|that|this|"
    r"all that|all of that|the whole thing)(?: all)? ?up\b|^(?:\W|I |haha |lol )*(?:made (?:it|that|all that)(?: all)? "
    r"up|gotcha|got you|had you (?:there|going))\b|\b(?:just|only) wanted to see (?:what you(?:'d|"
    r" would) (?:say|do)|how you(?:'d| would)|if you(?:'d| would) (?:believe|notice|fall|"
    r"reply|answer|react))|"
    r"\byou (?:actually |really )*(?:believed (?:me|that|it)|fell for (?:it|that))|"
    r"\bthat was (?:just )?(?:a joke|a lie|a fib|"
    r"a test|a prank)\b|\bit was (?:just )?(?:a joke|a lie|a prank)\b|\b(?:wasn't|I'm not) (?:being )?serious\b",
    re.I,
)
# … or it holds no longer; what follows may hold.
_OFF = re.compile(
    r"^(?:(?:oh|ok|okay|wait|no|nah|ugh|actually|hang on|hold on|sorry|well|so|lol|haha\w*|hm+|damn|update)\b[,.! ]*)*"
    r"(?:(?:scrap|scratch|forget|ignore|strike|disregard)(?: (?:that|it|all that|what I (?:just )?said|"
    r"everything I said)\b)"
    r"(?! (?:about|you|we|for)\b)|I take (?:that|it|it all) back\b|(?:it's|it is|it|that's|it has|it's all|it all)"
    r"(?: just| been| got| now| all| was)* (?:cancelled|canceled|called off|off(?= now| again|$))|they(?:'ve|"
    r" have)?(?: just)? "
    r"(?:cancelled|canceled|called off) (?:it|that)\b|never ?mind\b(?! (?:about|you|me|the|that)\b)|"
    r"that's not (?:right|true)\b|they(?:'ve| have)?(?: just)? called it off\b)",
    re.I,
)
_DENIED = re.compile(
    r"\b(?:no|nah),? (?:I'm not|I don't|I haven't|I didn't|I can't|we're not|we haven't|we didn't|it's not|it isn't)\b",
    re.I,
)
_LAUGH = re.compile(r"\b(?:lo+l+|lmf?ao+|rofl|(?:ha){2,}h?|haha\w*|hehe\w*)\b|😂|🤣", re.I)
_WILD = re.compile(
    r"\b(?:moon|mars|planet|dragon|unicorn|vampire|wolves|giraffe|batman|superman|king|"
    r"queen|pirate|ghost|alien|wizard|robot|"
    r"mornings|mondays|sofa|pizza|house|garlic|president|prime minister|yacht|mansion|castle|private jet|"
    r"(?:[7-9]\d|[1-9]\d\d+) years|volcano|million|billion|forever|walrus|"
    r"sheriff|immortal|napper|procrastinat\w+)\b",
    re.I,
)
_LYRIC = re.compile(
    r"\bla la\b|\bna na na\b|\bda d[aiue]+\b|\b(?:you|she|he|they|we) sing\b(?! in\b)|^[^/]+ / [^/]+ / |"
    r"\b(?:oh){2,}h*\b|"
    r"\b(?:singing|humming|(?<!your )lyrics?|(?<!your )chorus|verse goes|stuck in "
    r"my head|the (?:line|song|poem|quote|meme|ad|sign|"
    r"shirt|film|movie|character|interview|exercise)\b[^.]*(?:\bsays?\b|\bgoes?\b|\bis\b|"
    r"\bwas\b|:)|sings|as the poem|heard \x00|"
    r"born (?:under a|to run)|walking on sunshine|ninety-nine problems|99 problems|killed "
    r"my father|by the tail|woah|whoa-oh)",
    re.I,
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if I|if we|if my|if only|wish(?! me)|imagine|suppos(?:e|ing)|what if|pretend|let's "
    r"say|lets say|assuming|in (?:my (?:next|another)|another|a (?:past|previous)) life|"
    r"in my dreams?|I dreamt|I dreamed|in a dream|one day I'll|hypothetically|in theory|"
    r"as though|role ?play|in my (?:head|mind|imagination|dreams)|when I(?:'m| am)? (?:grow up|older|rich|famous|old|"
    r"grown)|^say I(?:'m| was| were)|lets pretend|in the (?:book|game|story|film|movie))\b",
    re.I,
)
_UNSURE = re.compile(
    r"\b(?:might|maybe|perhaps|would|could|almost|nearly|probably|hopefully|should|wouldn't|"
    r"couldn't|used to|I'd|we'd|want to|wanted to|kinda wish|hoping to|hope to|dying to|thinking (?:of|about)|"
    r"wanting)\b",
    re.I,
)
_NOT = re.compile(
    r"\b(?:not|never|no longer|nobody|no one|none|neither|nor|hardly|barely|no|nothing|nowhere|cannot)\b|n't\b", re.I
)
_MEANT = re.compile(
    r"\b(?:don't|do not|doesn't|never|can't|cannot|not) (?:really |even |ever )?(?:like|"
    r"enjoy|liked|enjoyed|stand|handle|take|stomach|eat|drink|call|smoke|an? (?:big |huge )?fan|bear|into|deal with|"
    r"do (?=(?:\w+ )?\w+s(?: at all| "
    r"ever)?$))\b|\ban? (?:\w+ )?no(?:-no|-go| no| go)?(?= (?:for|from) me\b)|\b(?:isn't|aren't|"
    r"not) (?:really )?(?:for me|my "
    r"(?:thing|cup of tea|bag|scene))\b|\bnothing beats\b|^you can't beat\b|, (?:never|not) (?:have|will|did|"
    r"once)\b|, not (?!that|really)\w+$",
    re.I,
)
_RATHER = re.compile(
    r"\bI could (?:live|survive) (?:on|off)\b|\bI could (?:eat|drink|watch|listen to) (?=.*\b(?:all day|every day|"
    r"forever|for every meal|every night|on repeat|for hours)\b)|\bI'd rather\b|\bI would rather\b|,? (?:nearly|"
    r"almost) \d{1,2}$",
    re.I,
)
_SPEECH = re.compile(
    r"\b(?:says?|said|told|tells|(?<!it )goes|wrote|writes|quotes?|reads|asked|asks|thinks?|"
    r"thought|claims?|heard|reckons?)\b(?! you\b)|\bis like\b|\bwas like\b",
    re.I,
)
# Questions that end without their mark, as they are typed.
_UNMARKED = re.compile(
    r"^(?:(?:so|and|but|hey|ok|okay|wait|omg|lol) )*(?:(?:do|does|did|is|are|am|was|were|have|has|can|could|will|would|"
    r"should) (?:you|I|we|he|she|they|it|your|my|the|this|that|any\w*)\b(?! (?:yoga|karate))|(?:what|where|when|who|"
    r"why|"
    r"how|which)(?:'s|'re| is| are| r| do| does| did| was| were| can| could| will| would| should| have| has| old| "
    r"many| "
    r"much| long| come)\b|wyd\b|hbu\b|wbu\b|guess\b(?! what\b[,!.: ]+(?:I|we|my|our)\b)|remember (?:when|that|how|"
    r"me)\b)",
    re.I,
)
_HALF = re.compile(r"\b(?:how|that|when|the way|as|if|why|because)(?: \w+)?\s*$", re.I)
_ASKING = re.compile(
    r"(?:^|, )(?:(?:so|and|but|well|hey|ok|wait)[, ]+)?(?:do|does|did|is|are|am|was|"
    r"were|what'?s?|where|when|who|whose|why|how|which|can|could|would|will|should|have "
    r"you|has|don't you|"
    r"right|isn't|aren't|didn't|remember|any|thoughts|guess(?! what\b[,!.: ]+(?:I|we|my|our)\b))\b",
    re.I,
)


def hold_quotations(text: str) -> str:
    """Quotations become HELD; a short quoted name or title loses only its marks."""
    return _QUOTED.sub(_held, text)


def _held(found: re.Match[str]) -> str:
    inside = found[0][1:-1]
    is_title = found[0][0] not in "♪♫" and len(inside.split()) <= 4 and not _TITLE.search(inside)
    return inside if is_title else HELD


def is_play(sentence: str) -> bool:
    """A joke, irony, song or verse, a quotation, or a condition that the whole sentence hangs on."""
    if HELD in sentence or _PLAY.search(sentence) or _LYRIC.search(sentence) or _HYPOTHETICAL.search(sentence):
        return True
    return bool(_FOOLED.search(sentence) or (_LAUGH.search(sentence) and _WILD.search(sentence)))


def asks_unmarked(sentence: str) -> bool:
    """“did i tell u where i live”: a question by its words alone."""
    return bool(_UNMARKED.match(sentence))


def takes_back(sentence: str) -> bool:
    """“Just kidding” by itself, or before anything else, takes back what went before."""
    return unsays(sentence) or bool(_PLAY.search(sentence) and len(sentence.split()) <= 4)


def unsays(sentence: str) -> bool:
    """“I was winding you up”, “scrap that”, “Not.”: takes back even what an earlier message said."""
    is_not = sentence.casefold().strip(" !") == "not"
    return is_not or any(pattern.search(sentence) for pattern in (_KIDDING, _FOOLED, _OFF))


def laughs_off(sentence: str) -> bool:
    """“Haha no I'm not”, of what nobody asked: the same."""
    return bool(_DENIED.search(sentence) and _LAUGH.search(sentence))


def before_question(sentence: str) -> str:
    """What is stated ahead of a question: “my exam is Friday, are you nervous too?”. "" when all of it asks."""
    asks = [found.start() for found in _ASKING.finditer(sentence)]
    return sentence[: asks[-1]] if asks and asks[-1] > 0 and 0 not in asks else ""


def before_hearsay(clause: str) -> tuple[str, bool]:
    """The clause up to reported speech, and whether there is any. Half a clause (“I love how you”) is none."""
    found = _SPEECH.search(clause)
    if not found:
        return clause, False
    own = clause[: found.start()]
    return ("" if _HALF.search(own) else own), True


def holds(clause: str) -> bool:
    """Stated as a fact: neither denied nor merely possible."""
    if _UNSURE.search(_RATHER.sub("", clause)):
        return False
    return not _NOT.search(_MEANT.sub("", clause))
