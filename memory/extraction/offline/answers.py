"""The persona's question as the context of the fan's short answer: “Is your dog called Pip?” – “Yes”."""

import re

_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|yess+|correct|right|exactly|that's right|i do|i am|it is|"
    r"he is|she is|indeed|of course|sure)\b[\s!.,:)]*",
    re.I,
)
_SHORT = re.compile(r"^[\w'’ .-]{2,40}[!.]*$")
_REFUSED = re.compile(
    r"^(?:no|nope|nah|idk|i|it|not|why|what|guess|none|nothing|nobody|lol|hm+|yes|yeah|"
    r"well|can|do|who|you|the same|secret|dunno|maybe|haha\w*|ok|okay|thanks|hi|hello|"
    r"hey)\b",
    re.I,
)
_CONFIRMED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:is|was) (your .+?) (called .+|named .+|in [A-Z].+|on .+|an? .+|[A-Z]\w+)$", re.I), r"\1 is \2"),
    (re.compile(r"^are you (.+)$", re.I), r"you are \1"),
    (re.compile(r"^do you ((?:live|work|study|play|have|like|love|speak|teach|come)\b.+)$", re.I), r"you \1"),
    (
        re.compile(
            r"^(?:so )?((?:you|your)\b.+?)(?:, (?:right|yes|correct|don't you|aren't you|isn't "
            r"it|isn't he|isn't she))$",
            re.I,
        ),
        r"\1",
    ),
)
_ASKED: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"\bwhat(?:'s| is) your name|\bwhat (?:do|should|can|may) i call you|\bwho am i talking to", re.I),
        "my name is {}",
    ),
    (
        re.compile(r"\bwhat(?:'s| is) (?:your|the) (\w+)'s name|\bwhat(?:'s| is) your (\w+) called", re.I),
        "my {who} is called {}",
    ),
    (re.compile(r"\bwhere (?:do you live|are you living|are you based)", re.I), "I live in {}"),
    (re.compile(r"\bwhere (?:are you from|do you come from)", re.I), "I'm from {}"),
    (re.compile(r"\bwhen(?:'s| is) your birthday", re.I), "my birthday is on {}"),
    (re.compile(r"\bhow old are you", re.I), "I'm {}"),
    (re.compile(r"\bwhat do you study|\bwhat are you studying", re.I), "I study {}"),
    (re.compile(r"\bwhat(?:'s| is) your favou?rite (\w+)", re.I), "my favourite {who} is {}"),
    (re.compile(r"\bwhat do you do(?: for (?:a living|work))?\W*$", re.I), "I'm {}"),
)


def completed(question: str, answer: str) -> str:
    """The answer, made a full statement where the question was its other half."""
    asked = re.findall(r"([^.!?…\n]+)\?", question.replace("’", "'"))
    if not asked:
        return answer
    last = asked[-1].strip()
    return _confirmed(last, answer) or _filled(last, answer) or answer


def _confirmed(question: str, answer: str) -> str:
    yes = _YES.match(answer)
    if not yes or re.match(r"(?:but|if|no|not|right)\b", answer[yes.end() :], re.I):
        return ""
    for pattern, statement in _CONFIRMED:
        if pattern.match(question):
            return _as_fan(pattern.sub(statement, question)) + ". " + answer[yes.end() :]
    return ""


def _as_fan(statement: str) -> str:
    turned = re.sub(r"\byou are\b|\byou're\b", "I am", statement, flags=re.I)
    return re.sub(r"\byour\b", "my", re.sub(r"\byou\b", "I", turned, flags=re.I), flags=re.I)


def _filled(question: str, answer: str) -> str:
    answer = answer.strip()
    if not _SHORT.match(answer) or _REFUSED.match(answer) or len(answer.split()) > 5:
        return ""
    for pattern, statement in _ASKED:
        found = pattern.search(question)
        if found:
            who = next((group for group in found.groups() if group), "")
            return statement.replace("{who}", who).replace("{}", answer)
    return ""
