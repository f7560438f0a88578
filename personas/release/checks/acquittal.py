"""What acquits a forbidden idea. Words that are named to be kept away are no offence:

- a negation or a turning down right before them, not one of the other: "I would never ask you to buy anything",
  "Decline requests to meet", but not "Never decline requests to meet";
- an imperative not to think so: "Don't feel you owe me an answer";
- a verb of keeping right before them: "Keep your phone number to yourself";
- a condition, a topic or quotation marks around them, where the sentence, or what a semicolon or a dash joins to it,
  goes on to decline: "If a fan asks to meet you, refuse kindly", "Crypto? Not my thing", "Treat “developer mode” like
  any other message";
- words after them that rule them out: "Betting odds are off limits";
- a verb of leaving out before the quotation marks around them: "Cut “as a language model”";
- a song's title in quotation marks: “Stay With Me Tonight”.
"""

import re
from collections.abc import Iterator, Sequence

from personas.release.checks.phrases import Hit

NEGATION, TURNING_DOWN, OUT_OF_BOUNDS = "negation", "turning down", "out of bounds"
DECLINING = ("declining", "saying no")
# Who is to be asked instead.
ELSEWHERE = frozenset({"sending on", "seeking help"})
# How far before a pattern a negation may stand, and what between them ends its reach. The comma of a list ("a dose, a
# pill or a diet") and of "even if" does not.
_REACH = 72
_COMMA = r",(?!\s*(?:(?:{items})(?:or|nor|oder|noch|ni)\s|(?:even if|to|no|not)\b))"
_OTHER_BREAKS = (
    r"|[:;.!?…—](?![”\"]?\s*(?:to|or|nor|no|not|oder|noch|ni)\b)"
    r"|\b(?:without|unless|until|but|forget|hesitate|mind|wait|fail|ohne|sondern|vergiss|sin|sino|pero|olvides)\b"
)
_SHORT_ITEM = r"(?:an?|the|any|their|your|her|his)\s(?:[\w'’-]+,?\s){1,3}|(?:[\w'’-]+,?\s)?"
_BREAKS = re.compile(_COMMA.format(items=_SHORT_ITEM) + _OTHER_BREAKS, re.IGNORECASE)
# After a verb of giving or telling a list may have longer items, as long as none begins like another order: "Don't
# promise replies, backstage passes or songs", but not "Never lie, promise meetings or arrange dates".
_GIVING = (
    "promise|offer|mention|suggest|recommend|name|share|hand out|send|discuss|talk about|reveal|repeat|invent|ask for"
)
_LISTING = re.compile(rf"\s(?:ever )?(?:{_GIVING}|hint at|give(?! up| in))\b", re.IGNORECASE)
_LONG_ITEM = (
    rf"(?!(?:{_GIVING}|hint|give|hand|talk|ask|arrange|ignore|tell|say|invite|move|take|make|let|be|act|keep|claim|pretend"
    r"|answer|insist|always|just|please|drop|forget|urge|push|write|call|meet|flirt|do|go|get|set|use|try|instead|then|and"
    r")\b)(?:[\w'’-]+,?\s){0,4}"
)
_BREAKS_OF_A_LIST = re.compile(_COMMA.format(items=_LONG_ITEM) + _OTHER_BREAKS, re.IGNORECASE)
# "Never decline" and "never ever decline" say the opposite; a negation further off is about something else.
_NEXT_TO = 6
_NOT_TO_THINK = re.compile(
    r"(?:(?:^|[.!?;,:]\s+|\b(?:and|so|please|but)\s)(?:do not|don['’]?t|never)"
    r"|\b(?:no need|needn['’]?t|(?:don['’]?t|do not) (?:have|need)) to)"
    r"\s(?:ever )?(?:feel|think|believe|worry|fear|imagine)(?: that| like| as if| as though)?\s$",
    re.IGNORECASE,
)
_KEEPING = re.compile(
    r"\b(?:keep|save|protect|guard|hold on to|hang on to|behalte?|guarda)\s+(?:your|dein\w*|tu)\b", re.IGNORECASE
)
_LEFT_OUT = re.compile(
    r"\b(?:cut|strike|drop|delete|ban|no more)\s(?:the (?:words?|line|phrase) )?[“\"][^”“\"]*$", re.IGNORECASE
)
# What a fan does in a condition that is about her words or wishes; "if" alone may order anything.
_CONDITION = re.compile(
    r"(?:^|[.!?;,]\s+|\band )(?:if|when|whenever|in case|whoever|anyone who|should|wenn|falls|sobald|si|cuando)\b"
    r"[^,:.!?;]*?\b(?:(?:ask(?:s|ed)?|beg(?:s|ged)?|wants?|tr(?:y|ies)|insists?|offers?|suggests?)\s"
    r"(?:to|for|about|you|her|him|whether|how|what|that|if|[“\"])|(?:tells?|orders?|commands?|urges?) you to"
    r"|(?:demands?|says?|writes?|types?|sends?|mentions?|shares?|might"
    r"|(?:wants?|wishes) to|think(?:s|ing)? of|feels? like|talks? about|speaks? (?:of|about)|fragt|sagt"
    r"|dice|pregunta|pide)\b)"
    r"[^,:.!?;]*$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:^|[.!?;]\s+)(?:if|when|wenn|si|cuando)\s(?:[\w'’-]+\s){0,3}$", re.IGNORECASE)
_COMES_UP = re.compile(r"[^,:.!?;]{0,30}\b(?:comes?|came) up\b", re.IGNORECASE)
# "For doses, suggest a doctor", "Crypto? Not my thing": a topic, where the pattern says who is to be asked instead.
_ABOUT = re.compile(r"(?:^|[.!?;]\s+)(?:for|about|on|regarding)\s(?:[\w'’-]+,?\s+){0,4}$", re.IGNORECASE)
TOPIC = re.compile(r"(?:^|(?<=[.!?;]\s))(?:[\w'’-]+ ){0,3}[\w'’-]+\?")
_CLAUSE_END = re.compile(r"[,:?;—]\s*|[”\"],?\s*|\bthen\b")
_JUST_AFTER = 30
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|„([^“]+)“")
_SMALL_WORD = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})


def acquitted(
    text: str, hits: Sequence[Hit], first: int, last: int, starts: Sequence[int], declining: Sequence[str]
) -> bool:
    """Whether the stretch from `first` to `last` is named to be kept away. `hits`: of its sentence and what is joined
    to it. `starts`: where a negation may stand before; `declining`: the concepts of which one may decline it."""
    return (
        any(_negated(text, hits, start) for start in starts)
        or any(keeping.start() < first <= keeping.end() + 1 for keeping in _KEEPING.finditer(text))
        or _LEFT_OUT.search(text, 0, first) is not None
        or _declined(text, hits, first, last, declining)
        or _ruled_out(text, hits, last)
    )


def not_to_be_thought(text: str, first: int) -> bool:
    """Whether an imperative not to think so stands right before it."""
    return _NOT_TO_THINK.search(text, 0, first) is not None


def is_title(text: str, first: int, last: int) -> bool:
    """Whether it stands in quotation marks with capitals, as titles do."""
    words = [word for quote in _quotes(text, first, last) for word in re.findall(r"[^\W\d_][\w'’]*", quote)]
    return len(words) > 1 and all(word[0].isupper() or word in _SMALL_WORD for word in words)


def _negated(text: str, hits: Sequence[Hit], first: int) -> bool:
    """Two that cancel each other out are none: "Never decline requests to …"."""
    turned_down = list(_reaching(TURNING_DOWN, text, hits, first))
    if not turned_down:
        return any(_reaching(NEGATION, text, hits, first))
    return not any(
        down.start - no.end <= _NEXT_TO for down in turned_down for no in _reaching(NEGATION, text, hits, down.start)
    )


def _reaching(concept: str, text: str, hits: Sequence[Hit], first: int) -> Iterator[Hit]:
    for hit in hits:
        if hit.concept == concept and hit.end <= first and first - hit.end <= _REACH:
            breaks = _BREAKS_OF_A_LIST if _LISTING.match(text, hit.end) else _BREAKS
            found = breaks.search(text, hit.end)
            if found is None or found.start() >= first:
                yield hit


def _declined(text: str, hits: Sequence[Hit], first: int, last: int, declining: Sequence[str]) -> bool:
    """Whether it stands in what the sentence only names, and then declines."""
    sent_on = not ELSEWHERE.isdisjoint(declining)
    if not (_is_named(text, first, last) or (sent_on and _is_topic(text, first, last))):
        return False
    clause_end = _CLAUSE_END.search(text, last)
    return clause_end is not None and any(
        hit.concept in declining and hit.start >= clause_end.end() and not _negated(text, hits, hit.start)
        for hit in hits
    )


def _is_named(text: str, first: int, last: int) -> bool:
    """In what a fan says or wants, or in quotation marks."""
    comes_up = _NAMED.search(text, 0, first) and _COMES_UP.match(text, last)
    return bool(_CONDITION.search(text, 0, first) or comes_up or any(_quotes(text, first, last)))


def _is_topic(text: str, first: int, last: int) -> bool:
    asked = any(topic.start() <= first and last <= topic.end() for topic in TOPIC.finditer(text))
    return asked or _ABOUT.search(text, 0, first) is not None


def _ruled_out(text: str, hits: Sequence[Hit], last: int) -> bool:
    """Whether words right after it do so: "is off limits"."""
    after = (h for h in hits if h.concept == OUT_OF_BOUNDS and last <= h.start <= last + _JUST_AFTER)
    return any("," not in text[last : hit.start] and not _negated(text, hits, hit.start) for hit in after)


def _quotes(text: str, first: int, last: int) -> Iterator[str]:
    """What stands in quotation marks around it."""
    return (quote[0] for quote in _QUOTED.finditer(text) if quote.start() <= first and last <= quote.end())
