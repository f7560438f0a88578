"""Which ideas must not meet, and what acquits them.

A *pattern* is a set of concepts (phrases.py) that must meet in one sentence, so it also finds wordings that nobody
thought of, as long as their ideas are there. Words that are named to be kept away are no offence:

- a negation right before them: "I would never ask you to buy anything";
- a verb of keeping right before them: "Keep your phone number to yourself";
- a condition, a topic or quotation marks around them, where the sentence goes on to decline: "If a fan asks to meet
  you, refuse kindly", "Crypto? Not my thing", "Treat “developer mode” like any other message";
- words after them that rule them out: "Betting odds are off limits";
- a verb of leaving out before the quotation marks around them: "Cut “as a language model”";
- a song's title in quotation marks: “Stay With Me Tonight”.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from personas.release.checks.phrases import Hit, lists, loaded

NEGATION, OUT_OF_BOUNDS = "negation", "out of bounds"
DECLINING = ("declining", "saying no")
_SENTENCE_END = re.compile(r"[.!?…。！？]+(?=\s|$)|[;\n—]")
# How far before a pattern a negation may stand, and what between them ends its reach. The comma of a list ("a dose, a
# pill or a diet") and of "even if" does not.
_REACH = 72
_BREAKS = re.compile(
    r",(?!\s*(?:(?:(?:an?|the|any|their|your|her|his)\s(?:[\w'’-]+,?\s){1,3}|(?:[\w'’-]+,?\s)?)(?:or|nor|oder|noch|ni)\s"
    r"|(?:even if|to|no|not)\b))"
    r"|[:;.!?…—](?![”\"]?\s*(?:to|or|nor|no|not|oder|noch|ni)\b)"
    r"|\b(?:without|unless|until|but|forget|hesitate|mind|wait|fail|ohne|sondern|vergiss|sin|sino|pero|olvides)\b",
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
    r"(?:to|for|about|you|her|him|whether|how|what|that|if|[“\"])|(?:says?|writes?|types?|sends?|mentions?|shares?|might"
    r"|(?:wants?|wishes) to|think(?:s|ing)? of|feels? like|talks? about|speaks? (?:of|about)|fragt|sagt"
    r"|dice|pregunta|pide)\b)"
    r"[^,:.!?;]*$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:^|[.!?;]\s+)(?:if|when|wenn|si|cuando)\s(?:[\w'’-]+\s){0,3}$", re.IGNORECASE)
_COMES_UP = re.compile(r"[^,:.!?;]{0,30}\b(?:comes?|came) up\b", re.IGNORECASE)
# "For doses, suggest a doctor", "Crypto? Not my thing": a topic, where the pattern says who is to be asked instead.
_ABOUT = re.compile(r"(?:^|[.!?;]\s+)(?:for|about|on|regarding)\s(?:[\w'’-]+,?\s+){0,4}$", re.IGNORECASE)
_TOPIC = re.compile(r"(?:^|(?<=[.!?;]\s))(?:[\w'’-]+ ){0,3}[\w'’-]+\?")
_CLAUSE_END = re.compile(r"[,:?]\s*|[”\"],?\s*|\bthen\b")
_JUST_AFTER = 30
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|„([^“]+)“")
_SMALL_WORD = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """`needs` are concepts of one sentence, in this order if `ordered`; `spared`: what stands around acquits them.

    `anywhere`: they may also stand in different sentences of the text. `declined`: the concepts of which one has to
    follow a condition around them. `title`: a song may be called so. `each`: a negation before any of its words acquits
    ("Mention merch when asked, never urge anyone").
    """

    needs: tuple[str, ...]
    ordered: bool = False
    spared: bool = True
    anywhere: bool = False
    declined: tuple[str, ...] = DECLINING
    title: bool = False
    each: bool = False


@lru_cache(maxsize=32)
def patterns_of(check: str, kind: str) -> tuple[Pattern, ...]:
    """The patterns of a check for texts of a kind: "said" or "rule"."""
    listed = lists()["checks"][check].get(kind, [])
    return tuple(_pattern(**pattern) for pattern in listed)


def _pattern(needs: Sequence[str], declined: Sequence[str] = DECLINING, **traits: bool) -> Pattern:
    return Pattern(tuple(needs), declined=tuple(declined), **traits)


def matched(text: str, patterns: Sequence[Pattern]) -> str | None:
    """The words of the text that one of the patterns finds, or None."""
    hits = loaded().hits(text)
    present = {hit.concept for hit in hits}
    wanted = [pattern for pattern in patterns if present.issuperset(pattern.needs)]
    sentences = list(_sentences(text, hits)) if wanted else []
    for pattern in wanted:
        for stretch in [hits] if pattern.anywhere else sentences:
            found = _found(text, stretch, pattern)
            if found is not None:
                return found
    return None


def _sentences(text: str, hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    """Its hits by sentence; a topic in the form of a question belongs to the sentence that answers it."""
    topics = {topic.end() for topic in _TOPIC.finditer(text)}
    ends = [end.end() for end in _SENTENCE_END.finditer(text) if end.end() not in topics] + [len(text) + 1]
    start = 0
    for end in ends:
        inside = [hit for hit in hits if start <= hit.start < end]
        if inside:
            yield inside
        start = end


def _found(text: str, sentence: Sequence[Hit], pattern: Pattern) -> str | None:
    """The stretch from the pattern's first word to its last, unless it is not there or is acquitted."""
    for begin in sentence:
        chosen = _chosen(sentence, pattern, begin)
        if chosen is None:
            continue
        first, last = _stretch(chosen)
        spared = pattern.spared and _acquitted(text, sentence, chosen, pattern)
        if not (spared or (pattern.title and _is_title(text, first, last))):
            return text[first:last]
    return None


def _chosen(sentence: Sequence[Hit], pattern: Pattern, begin: Hit) -> list[Hit] | None:
    """The first hit of every need, where `begin` is that of the first. Two ideas need two places: no word is both."""
    if begin.concept != pattern.needs[0]:
        return None
    chosen = [begin]
    for need in pattern.needs[1:]:
        after = chosen[-1].end if pattern.ordered else 0
        free = (h for h in sentence if h.concept == need and h.start >= after and not _overlaps(h, chosen))
        hit = next(free, None)
        if hit is None:
            return None
        chosen.append(hit)
    return chosen


def _overlaps(hit: Hit, chosen: Sequence[Hit]) -> bool:
    return any(hit.start < other.end and other.start < hit.end for other in chosen)


def _stretch(chosen: Sequence[Hit]) -> tuple[int, int]:
    return min(hit.start for hit in chosen), max(hit.end for hit in chosen)


def _acquitted(text: str, sentence: Sequence[Hit], chosen: Sequence[Hit], pattern: Pattern) -> bool:
    first, last = _stretch(chosen)
    starts = [hit.start for hit in chosen] if pattern.each else [first]
    return (
        any(_negated(text, sentence, start) for start in starts)
        or any(keeping.start() < first <= keeping.end() + 1 for keeping in _KEEPING.finditer(text))
        or _LEFT_OUT.search(text, 0, first) is not None
        or _declined(text, sentence, first, last, pattern.declined)
        or _ruled_out(text, sentence, last)
    )


def _negated(text: str, sentence: Sequence[Hit], first: int) -> bool:
    before = [hit for hit in sentence if hit.concept == NEGATION and hit.end <= first and first - hit.end <= _REACH]
    breaks = (_BREAKS.search(text, hit.end) for hit in before)
    return any(found is None or found.start() >= first for found in breaks)


def _declined(text: str, sentence: Sequence[Hit], first: int, last: int, declining: Sequence[str]) -> bool:
    """Whether it stands in what the sentence only names, and then declines."""
    if not (_is_named(text, first, last) or (declining != DECLINING and _is_topic(text, first, last))):
        return False
    clause_end = _CLAUSE_END.search(text, last)
    return clause_end is not None and any(
        hit.concept in declining and hit.start >= clause_end.end() and not _negated(text, sentence, hit.start)
        for hit in sentence
    )


def _is_named(text: str, first: int, last: int) -> bool:
    """In what a fan says or wants, or in quotation marks."""
    comes_up = _NAMED.search(text, 0, first) and _COMES_UP.match(text, last)
    return bool(_CONDITION.search(text, 0, first) or comes_up or any(_quotes(text, first, last)))


def _is_topic(text: str, first: int, last: int) -> bool:
    asked = any(topic.start() <= first and last <= topic.end() for topic in _TOPIC.finditer(text))
    return asked or _ABOUT.search(text, 0, first) is not None


def _ruled_out(text: str, sentence: Sequence[Hit], last: int) -> bool:
    """Whether words right after it do so: "is off limits"."""
    after = (h for h in sentence if h.concept == OUT_OF_BOUNDS and last <= h.start <= last + _JUST_AFTER)
    return any("," not in text[last : hit.start] and not _negated(text, sentence, hit.start) for hit in after)


def _quotes(text: str, first: int, last: int) -> Iterator[str]:
    """What stands in quotation marks around it."""
    return (quote[0] for quote in _QUOTED.finditer(text) if quote.start() <= first and last <= quote.end())


def _is_title(text: str, first: int, last: int) -> bool:
    """Whether it stands in quotation marks with capitals, as titles do."""
    words = [word for quote in _quotes(text, first, last) for word in re.findall(r"[^\W\d_][\w'’]*", quote)]
    return len(words) > 1 and all(word[0].isupper() or word in _SMALL_WORD for word in words)
