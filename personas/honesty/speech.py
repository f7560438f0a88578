"""Where in a sentence a phrase stands, and who says it: what is quoted from a song, supposed or refused is not said."""

import re
from functools import cached_property

# A full stop that a space or the end follows; "r.e.a.l" has none. A row of marks is looked at from its first alone.
SENTENCE_END = re.compile(r"(?<![.!?…。！？])[.!?…。！？]+[\"”’»)]*(?=\s|$)|\n")
_CLAUSE_BREAK = re.compile(r"[,;:.!?…。！？\n“”\"«»„()—–]|\s-\s")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|‘[^’]*’(?!\w)|♪[^♪]*♪")
_SONG = re.compile(
    r"\b(?:songs?|sings?|sang|sung|singing|chorus|verse|lyrics?|lines?|hook|title|titled|called|bridge|refrain|track"
    r"|record|album|canción|canta|letra|estribillo|lied|singt|strophe|refrão|chanson|chante|canzone)\b"
)
_FANS = re.compile(r"\b(?:you (?:said|say|told|wrote|put|left)|your(?: own)? words)\b")
# Somebody else says it: “she'd joke”, “your gran said”, “the character whispers”; her own passport may not say it.
_OTHERS_SAY = re.compile(
    r"\b(?:she|he|they|(?:your|her|his|their) \w+|the character(?: in the \w+,)?)(?:'d)? "
    r"(?:(?:once|always|only|just) )?"
    r"(?:says?|said|jokes?|joked|told|yells?|yelled|shouts?|shouted|whispers?|whispered|thought|wrote|insists?)\b"
)
_UNTRUE = re.compile(r"\b(?:lie|lying|wrong|untrue|false|never|cannot|(?:can|wo|would|could|do)n't)\b")
_TACKED_ON = re.compile(
    r"[,–—-] (?:(?:so |and |but )?(?:did|do|does|can|could|are|were|is|was|will|would|have|has|how|what|why|who) "
    r"(?:you|it|that)|(?:did|was|were|have|do|are)n't (?:i|we))\b"
)
# What may stand before a word and leave it the first of its clause.
_INTERJECTIONS = re.compile(
    r"^(?:(?:yes|yeah|yep|no|nope|nah|ok|okay|oh|haha|lol|well|so|and|but|relax|hey"
    r"|honestly|truly|seriously|just|please|ok fine)\b ?)+$"
)
_VERBS = (
    r"say|says|saying|said|tell|tells|telling|told|claim\w*|pretend\w*|think|thinks|thought|believe[sd]?|ask|asks|asked"
    r"|insist\w*|act\w*|swear|promise|admit|hear|decir|digo|diga|dije|dizer|dire"
)
_OBJECTS = r"(?: (?:you|me|them|people|him|her|us|anyone|everyone|to|that|like|que|qu|che))*"
_REPORTED = re.compile(rf"\b(?:{_VERBS}){_OBJECTS}$")
# Her own "I promise you that" or "I told you" stays her own word unless one of these stands before it.
_UNSAID = re.compile(
    r"\b(?:not|never|cannot|nor|neither|would|lie|lying|if|whether|refuse|stop|without|\w+n't|cant|wont|no|nunca|não|non|si|se)\b"
)
_OTHERS = re.compile(
    r"\b(?:you|people|some|they|fans|she|he|everyone|someone|somebody|anyone|anybody|nobody|who|whoever"
    r"|(?:your|her|his|their) \w+)(?: \w+){0,4}$"
)
_HERSELF = re.compile(r"(?:^|\b(?:and|but|so|well|yes|no) )(?:i|i'm|i am|let me|we)\b")
_SUPPOSED = re.compile(
    r"(?:^| )(?:if|whether|when|whenever|wish|imagine|imagining|suppose|as if|as though|like|unless|until|where|dream"
    r"|dreaming|si|cuando|wenn|falls|dass|quando|se|quand)(?: (?:i|that|only|maybe|que))?$"
)


class Setting:
    """What surrounds a stretch of a text."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = start
        self._end = end

    @cached_property
    def sentence(self) -> str:
        return plain(self._text[self._sentence_start : self._sentence_end])

    @cached_property
    def before(self) -> str:
        """What stands before it in its clause."""
        opening = self._text[self._sentence_start : self._start]
        return plain(_CLAUSE_BREAK.split(opening)[-1])

    @property
    def begins_clause(self) -> bool:
        return not self.before or _INTERJECTIONS.match(self.before) is not None

    @cached_property
    def after(self) -> str:
        """The rest of its clause, as written."""
        return _CLAUSE_BREAK.split(self._text[self._end : self._sentence_end])[0]

    @property
    def joined(self) -> bool:
        """Whether the word goes on, as in "human-made"."""
        return bool(re.match(r"[-'’]\w", self._text[self._end : self._end + 2]))

    @property
    def asks(self) -> bool:
        """Whether it is asked; what a question is only tacked on to (“…, did you see me?”) is stated."""
        rest = self._text[self._start : self._sentence_end]
        return rest.rstrip('"”’») ').endswith(("?", "？")) and not _TACKED_ON.search(plain(rest))

    @property
    def quoted(self) -> bool:
        """In quotation marks, and the rest of the line speaks of a song, calls it untrue or says who else says it."""
        quote, outside = self._quotation
        return "♪" in quote or bool(quote and any(told.search(outside) for told in (_SONG, _UNTRUE, _OTHERS_SAY)))

    @property
    def quotes_the_fan(self) -> bool:
        """In quotation marks, and the rest of the line says that these are the fan's words."""
        quote, outside = self._quotation
        return bool(quote and _FANS.search(outside))

    @cached_property
    def _quotation(self) -> tuple[str, str]:
        """The quotation that it stands in, if any, and the rest of its line."""
        line_start = self._text.rfind("\n", 0, self._start) + 1
        line_end = self._text.find("\n", self._end)
        line = self._text[line_start : line_end if line_end >= 0 else len(self._text)]
        here = self._start - line_start
        quotes = [quote[0] for quote in _QUOTED.finditer(line) if quote.start() <= here < quote.end()]
        return (quotes[0], plain(line.replace(quotes[0], " "))) if quotes else ("", "")

    @property
    def unsaid(self) -> bool:
        """Supposed, refused or reported of others: not said by her."""
        before = self.before
        if _SUPPOSED.search(before):
            return True
        reported = _REPORTED.search(before)
        if reported is None:
            return False
        governing = before[: reported.start()].rstrip()
        if _UNSAID.search(governing):
            return True
        return not _HERSELF.search(governing) and bool(_OTHERS.search(governing))

    @property
    def _sentence_start(self) -> int:
        ends = [end.end() for end in SENTENCE_END.finditer(self._text, 0, self._start)]
        return ends[-1] if ends else 0

    @property
    def _sentence_end(self) -> int:
        end = SENTENCE_END.search(self._text, self._end)
        return end.end() if end else len(self._text)


def plain(text: str) -> str:
    """Lower case, straight apostrophes, single spaces."""
    return " ".join(text.casefold().replace("’", "'").split())
