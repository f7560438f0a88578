"""The persona's question as the context of the fan's short answer: “Is your dog called Pip?” – “Yes”."""

import re

from memory.extraction.offline import lexicon as lex
from memory.extraction.offline import wording

_YES = re.compile(
    r"^(?:(?:well|um+|er+m?|uh|oh|haha|ok(?:ay)?)\b[\s,.!…]*)*(?:yes+|yeah+|yea|yep|yup|yh|ye|ya|aye|mhm+|ofc|"
    r"correct|right(?! now)|exactly|true|spot on|that's right|i do|"
    r"i am|it is|"
    r"he is|she is|indeed|of course|sure|deffo|defo|definitely|totally|100%|absolutely|well remembered|you remembered)"
    r"(?![\w'])[\s!.,:)]*",
    re.I,
)
_NO = re.compile(
    r"^(?:no|nope|nah|not quite|close)[\s!.,:]+(?:actually,? |sorry,? )?(?:(?:it's|its|he's|hes|she's|shes|they're|"
    r"i'm|im)"
    r" )?(?:called |named |in )?(?P<x>[^\W\d_][\w'’-]+)[\s!.]*$",
    re.I,
)
_SHORT = re.compile(r"^[\w'’ .-]{2,40}[!.]*$")
_REFUSED = re.compile(
    r"^(?:no|nope|nah|idk|i|it|not|why|what|guess|none|nothing|nobody|lol|hm+|yes|yeah|"
    r"well|can|do|who|you|the same|secret|dunno|maybe|haha\w*|ok|okay|thanks|thank|sorry|wrong|way|hi|hello|we|they|"
    r"he|she|my|your|that|this|"
    r"hey|never|same|anything|everything|nowhere|somewhere|depends|hard|too|bye|lies|idea|ew|omg)\b",
    re.I,
)
# What stands before and after the answer itself.
_LEAD = re.compile(
    r"^(?:(?:um+|uh|er+m?|oh|haha\w*|lol|so|well|hmm+|easy|deffo|defo|definitely|probably|just call me|call me|you "
    r"can call "
    r"me|my name is|my name's|its me|it's me|its|it's|it is|that's|i'm|im|his name is|her name is|"
    r"(?:we |i )?(?:called|named) (?:him|her|it)|"
    r"(?:we )?(?:went|settled) (?:with|on)|we chose|"
    r"(?:we )?called (?:him|her|it)|got to be|has to be)\b[,:! ]+)+",
    re.I,
)
_TAIL = re.compile(
    r"(?: (?:is fine|is good|works|will do|please|obviously|obvs|btw|tbh|lol|lmao|haha\w*|x+|though|tho|for sure|"
    r"always|100%"
    r"|ofc|atm|at the moment|rn|hbu|wbu)|,.*|[^\w'’ .%-]+.*|!+|\.+)+$",
    re.I,
)
_CONFIRMED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:is|was) (your .+?) (called .+|named .+|in [A-Z].+|on .+|an? .+|[A-Z]\w+)$", re.I), r"\1 is \2"),
    (re.compile(r"^(?:did you (?:say|tell me|mention)|wasn't it that) (?:that )?(your? .+)$", re.I), r"\1"),
    (re.compile(r"^are you (.+)$", re.I), r"you are \1"),
    (
        re.compile(
            r"^do you (?:still )?(?!\w+ any)((?:live|work|study|play|have|like|love|speak|teach|come)\b.+)$", re.I
        ),
        r"you \1",
    ),
    (re.compile(r"^have you got ((?:an?|two|three|your) .+)$", re.I), r"you have \1"),
    (
        re.compile(
            r"^(?:so |wait,? |oh,? |and |hang on,? )?((?:you|your)\b.+?)(?:, (?:right|yes|correct|don't you|aren't "
            r"you|isn't "
            r"it|isn't he|isn't she|no|huh))?$",
            re.I,
        ),
        r"\1",
    ),
)
_ASKED: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\bwhat(?:'s| is) your name|\bwhat (?:do|should|can|may) i call you|\bwho (?:am i (?:talking|speaking)|"
            r"do i have (?:the pleasure|here))",
            re.I,
        ),
        "my name is {}",
    ),
    (
        re.compile(
            r"\bwhat(?:'s| is) (?:your|the) (\w+)'s name|\bwhat(?:'s| is) your (\w+) called|"
            r"\bwhat(?:'s| is) your (\w+)'s called|\bwhat did you (?:name|call) (?:your|the) (\w+)",
            re.I,
        ),
        "my {who} is called {}",
    ),
    (re.compile(r"\bwhat(?:'s| is| did you (?:name|call)) (?:his|her|its|him|it)\b", re.I), "named it {}"),
    (re.compile(r"\bwhat(?:'s| is| are) (?:the|their) names?$", re.I), "named it {}"),
    (
        re.compile(r"\bwhat(?:'s| is) (?:he|she|it|(?:the|your) (?:baby|little one)) (?:called|named)\b", re.I),
        "named it {}",
    ),
    (re.compile(r"\bwhen(?:'s| is) (?:it|that|the big (?:day|night|one))$", re.I), "it's {}"),
    (re.compile(rf"\bwhen(?:'s| is) your ((?:\w+ )?(?:{lex.EVENTS}))$", re.I), "my {who} is {}"),
    (
        re.compile(r"\bwhere (?:do you live|are you living|are you based|do you call home|is home)", re.I),
        "I live in {}",
    ),
    (
        re.compile(
            r"\bwhere (?:in the world )?are you (?:writing|texting|messaging|listening|calling|typing|tuning in|"
            r"joining)(?: \w+){0,2}? from|"
            r"\bwhere (?:in the world )?are you (?:right now|tonight|today|at the moment)?$",
            re.I,
        ),
        "I'm writing from {}",
    ),
    (re.compile(r"\bwhere (?:are you from|do you come from)", re.I), "I'm from {}"),
    (re.compile(r"\bwhen(?:'s| is) your birthday|\bwhen were you born", re.I), "my birthday is on {}"),
    (re.compile(r"\bhow old are you", re.I), "I'm {}"),
    (re.compile(r"\bwhat (?:do you study|are you studying)", re.I), "I study {}"),
    (re.compile(r"(?:\bwhat(?:'s| is) your |^(?:and |your )*)favou?rite (\w+)", re.I), "my favourite {who} is {}"),
    (re.compile(r"\bwhat do you do(?: for (?:a living|work))?\W*$", re.I), "I'm {}"),
    (
        re.compile(
            rf"(?:\b(?:do you have|have you got|got) |^)any (?:{lex.PETS_MANY}|pets|animals|siblings|brothers|"
            rf"sisters|"
            r"brothers or sisters|kids|children)",
            re.I,
        ),
        "I have {}",
    ),
    (
        re.compile(
            r"\b(?:do you|can you) play (?:any instruments?|an instrument|anything)|\bwhat (?:instrument )?do you play",
            re.I,
        ),
        "I play {}",
    ),
)
# What the answer to “what do you do to switch off?” has to be, to be a pastime.
_FREE = re.compile(
    r"\b(?:what do you do (?:when(?:ever)? you|to|for fun|in your (?:spare|free)|on (?:your )?(?:weekends|"
    r"days? off))|how do you "
    r"(?:unwind|relax|switch off|wind down|de-?stress|spend your)|what (?:helps|calms|relaxes) you|what(?:'s|"
    r" is| are) your "
    r"hobb(?:y|ies))",
    re.I,
)
_PASTIME = re.compile(
    rf"(?!(?:noth|anyth|someth|everyth|sleep|cry|scream|eat|work|try|be|star|wait|panic|listen|the|hav|go)\w*\b)"
    rf"(?:[a-z]{{3,}}ing\b(?! (?:at|about|you|your)\b)|(?:{lex.PURSUITS})\b)[\w' -]*",
    re.I,
)
# “Who's Mateo?” – “my twin brother”.
_WHO = re.compile(r"\bwho(?:'s| is) (?P<name>(?-i:[A-Z])[\w'-]+)$", re.I)
_KIN = re.compile(
    rf"^(?:(?:oh|just|only|he's|she's|that's|he is|she is),? )*my (?P<who>(?:[\w-]+ )?(?:{lex.FAMILY}|"
    rf"{lex.CIRCLE}|{lex.PETS}))"
    r"(?=$|[,.!]| (?:who|from|and)\b)",
    re.I,
)
# “And what does the dog make of it?” – “Otto's horrified”.
_ABOUT = re.compile(rf"\b(?:your|the) (?:(?P<pet>{lex.PETS})|(?P<kin>{lex.FAMILY}|{lex.CIRCLE}))\b(?!'s)", re.I)
_FIRST_NAME = re.compile(
    r"^(?P<name>(?-i:[A-Z])[a-z]+)(?:'s| is| has| was| just| still| loves?| hates?| thinks| doesn't)\b", re.I
)
_NO_NAME = re.compile(
    rf"every\w+|any\w+|some\w+|no\w*|that|this|what|it|he|she|there|here|who|they|we|work|school|life|home|mine|today|"
    rf"one|dog|cat|{lex.FAMILY}|{lex.PETS}",
    re.I,
)
# “Cats or dogs?” – “Cats, no contest”.
_CHOICE = re.compile(
    r"^(?:so |and |ok(?:ay)? |right |now )*(?:are you an? |"
    r"do you prefer )?(?P<one>[\w'-]+(?: [\w'-]+)?) or (?P<two>[\w'-]+"
    r"(?: [\w'-]+)?)(?: person)?(?: (?:while|as|with|for|in|to) .+)?$",
    re.I,
)
_NO_CHOICE = re.compile(
    r"yes|no|now|later|today|tomorrow|true|false|left|right|heads|tails|truth|dare|good|bad|this|that|more|less|"
    r"up|down|in|out",
    re.I,
)
_ALWAYS = re.compile(r"(?P<x>[^.!?,]{3,40}), (?:always|every time|any day|please)\b", re.I)
# “I look like an accountant.” – “And are you one?”
_ONE = re.compile(r"^(?:and |so |wait,? )*are you (?:actually |really )?one$", re.I)
_SUCH = re.compile(rf"\ban? (?:{lex.JOBS})\b", re.I)
# Where a short answer goes on with a statement of its own: “Adelaide, but I've been in Vancouver since 2014”.
_MORE = re.compile(r",? (?:and|but|though|so) (?=(?:I|I'?m|I'?ve|my|we|he|she)\b)", re.I)
_PLACED = re.compile(r"^(?:in|near|just|outside|by|close to|on|around)\b", re.I)


def completed(question: str, answer: str, before: str = "") -> str:
    """The answer, made a full statement where the question was its other half; `before`: the fan's last words."""
    asked = re.findall(r"([^.!?…\n]+)\?", question.replace("’", "'"))
    if not asked:
        return answer
    last = _with_noun(re.sub(r"\b(?:still|actually|really) (?=called|named)", "", asked[-1].strip()), before)
    first, rest = wording.first_sentence(answer.replace("’", "'"))
    told = _corrected(last, first) or _introduced(last, first) or _filled(last, first)
    return (
        _confirmed(last, answer)
        or (told and f"{told}. {rest}".strip())
        or _named_in_passing(last, answer)
        or _preferred(last, answer)
        or answer
    )


def _with_noun(question: str, before: str) -> str:
    """“Are you one?” with what the fan spoke of in its place."""
    found = list(_SUCH.finditer(before)) if _ONE.match(question) else []
    return f"are you {found[-1][0]}" if found else question


def _introduced(question: str, answer: str) -> str:
    who, kin = _WHO.search(question), _KIN.match(answer)
    return f"my {kin['who']} is called {who['name']}" if who and kin else ""


def _named_in_passing(question: str, answer: str) -> str:
    """A pet that was asked about has whatever name begins the answer, a person only a first name."""
    about, named = _ABOUT.search(question), _FIRST_NAME.match(answer.replace("’", "'"))
    if not about or not named or _NO_NAME.fullmatch(named["name"]):
        return ""
    if about["kin"] and not re.fullmatch(lex.GIVEN_NAMES, named["name"], re.I):
        return ""
    return f"my {about['pet'] or about['kin']} is called {named['name']}. {answer}"


def _preferred(question: str, answer: str) -> str:
    choice = _CHOICE.match(question)
    if not choice or any(_NO_CHOICE.fullmatch(choice[one]) for one in ("one", "two")):
        return ""
    first, rest = wording.first_sentence(answer)
    bare = _TAIL.sub("", _LEAD.sub("", first)).strip()
    if bare.casefold() in (choice["one"].casefold(), choice["two"].casefold()):
        return f"I prefer {bare.lower() if choice['two'].islower() else bare}. {rest}".strip()
    return _ALWAYS.sub(r"I prefer \g<x>", answer) if re.match(r"neither\b", answer, re.I) else ""


def _confirmed(question: str, answer: str) -> str:
    yes = _YES.match(answer)
    if not yes or re.match(r"(?:but|if|no|not|right|as if)\b", answer[yes.end() :], re.I):
        return ""
    statement = _statement(question)
    return _as_fan(statement) + ". " + answer[yes.end() :] if statement else ""


def _corrected(question: str, answer: str) -> str:
    """“Is your dog called Pip?” – “No, Rex”: the statement with the last word put right."""
    no = _NO.match(answer)
    statement = _statement(question)
    if (
        not no
        or not statement
        or _REFUSED.match(no["x"])
        or not re.search(r"\b(?:called|named|name is|in) \S+$", statement)
    ):
        return ""
    return _as_fan(re.sub(r"\S+$", no["x"], statement))


def _statement(question: str) -> str:
    for pattern, statement in _CONFIRMED:
        if pattern.match(question):
            return pattern.sub(statement, question)
    return ""


def _as_fan(statement: str) -> str:
    turned = re.sub(r"\byou are\b|\byou're\b", "I am", statement, flags=re.I)
    return re.sub(r"\byour\b", "my", re.sub(r"\byou\b", "I", turned, flags=re.I), flags=re.I)


def _filled(question: str, answer: str) -> str:
    yes = _YES.match(answer)
    head, *more = _MORE.split(answer[yes.end() :] if yes else answer, maxsplit=1)
    bare = _TAIL.sub("", _LEAD.sub("", head.strip())).strip()
    if not _SHORT.match(bare) or _REFUSED.match(bare) or len(bare.split()) > 5:
        return ""
    told = _told(question, re.sub(r"^(?:The|An?|In|At|On)\b", lambda found: found[0].lower(), bare))
    return ". ".join([told, *more]) if told else ""


def _told(question: str, bare: str) -> str:
    for pattern, statement in _ASKED:
        found = pattern.search(question)
        if found:
            who = next((group for group in found.groups() if group), "")
            if statement == "I live in {}" and _PLACED.match(bare):
                statement = "I live {}"
            told = bare.title() if statement == "I'm writing from {}" and bare.islower() else bare
            return statement.replace("{who}", who).replace("{}", told)
    return f"my hobby is {bare.lower()}" if _FREE.search(question) and _PASTIME.fullmatch(bare) else ""
