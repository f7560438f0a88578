"""The persona's question as the context of the fan's short answer: “Is your dog called Pip?” – “Yes”."""

import re

from memory.extraction.offline import lexicon as lex

_YES = re.compile(
    r"^(?:yes+|yeah+|yea|yep|yup|yh|ye|ya|aye|mhm+|ofc|correct|right(?! now)|exactly|true|spot on|that's right|i do|"
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
            r"\bwhat(?:'s| is) your name|\bwhat (?:do|should|can|may) i call you|\bwho am i (?:talking|speaking)", re.I
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
    (re.compile(r"\bwhat(?:'s| is) your favou?rite (\w+)", re.I), "my favourite {who} is {}"),
    (re.compile(r"\bwhat do you do(?: for (?:a living|work))?\W*$", re.I), "I'm {}"),
    (
        re.compile(
            rf"\b(?:do you have|have you got|got|got any) any (?:{lex.PETS_MANY}|pets|animals|siblings|brothers|"
            rf"sisters|"
            r"brothers or sisters|kids|children)",
            re.I,
        ),
        "I have {}",
    ),
    (re.compile(r"\b(?:do you|can you) play any instruments?|\bwhat (?:instrument )?do you play", re.I), "I play {}"),
)
_PLACED = re.compile(r"^(?:in|near|just|outside|by|close to|on|around)\b", re.I)


def completed(question: str, answer: str) -> str:
    """The answer, made a full statement where the question was its other half."""
    asked = re.findall(r"([^.!?…\n]+)\?", question.replace("’", "'"))
    if not asked:
        return answer
    last = re.sub(r"\b(?:still|actually|really) (?=called|named)", "", asked[-1].strip())
    return _confirmed(last, answer) or _corrected(last, answer) or _filled(last, answer) or answer


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
    bare = _TAIL.sub("", _LEAD.sub("", answer[yes.end() :].strip() if yes else answer.strip())).strip()
    if not _SHORT.match(bare) or _REFUSED.match(bare) or len(bare.split()) > 5:
        return ""
    for pattern, statement in _ASKED:
        found = pattern.search(question)
        if found:
            who = next((group for group in found.groups() if group), "")
            if statement == "I live in {}" and _PLACED.match(bare):
                statement = "I live {}"
            told = bare.title() if statement == "I'm writing from {}" and bare.islower() else bare
            return statement.replace("{who}", who).replace("{}", told)
    return ""
