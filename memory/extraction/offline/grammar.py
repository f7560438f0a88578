"""The parts that the patterns of the grammar are made of.

A pattern is matched at the start of a clause that is already known to be the fan's own and to hold. In a subject,
`{x}` is the group x. `text` is the memory's wording; without one the clause itself is turned round.
"""

import re
from dataclasses import dataclass

from memory.contracts import Kind
from memory.extraction.offline import lexicon as lex


@dataclass(frozen=True, slots=True)
class Pattern:
    kind: Kind
    subject: str
    clause: re.Pattern[str]
    text: str = ""
    pinned: bool = False


def pattern(kind: Kind, subject: str, clause: str, text: str = "", *, pinned: bool = False) -> Pattern:
    return Pattern(kind, subject, re.compile(clause, re.I), text, pinned)


ADV = (
    r"(?:(?:really|just|also|still|currently|actually|always|absolutely|totally|kinda|"
    r"kind of|usually|mostly|so|both|already|truly|secretly|do|have|'ve|recently|only|"
    r"now|often|even|well|proper|deffo|defo|definitely|properly|literally|genuinely|lowkey|highkey|low-key|"
    r"high-key|super|very|deeply|madly) )*"
)
I_DO = r"(?:I|I've) " + ADV
I_AM = r"(?:I'm|I am) " + ADV
NAME = (
    r"(?P<x>[^\W\d_][\w'’-]+(?: (?!but\b|and\b|by\b|or\b|btw\b|lol\b|haha\b|too\b|nobody\b|"
    r"everyone\b|in\b|if\b|for\b|please\b|from\b|what\b)(?-i:[A-Z])[\w'’-]+)?)"
)
NO_NAME = (
    r"(?!not\b|on\b|in\b|the\b|a\b|an\b|so\b|too\b|it\b|when\b|if\b|me\b|you\b|that\b|"
    r"this\b|what\b|out\b|back\b|crazy\b|later\b|maybe\b|anytime\b|if\b|names\b|when\b|"
    r"spelled\b|after\b|pretty\b|really\b|quite\b|hard\b)"
)
X = r"(?P<x>.+)"
PLACE = (
    r"(?P<x>.+?)(?: (?:(?:last|this|next) (?:week|weekend|month|year|summer|spring|autumn|"
    r"fall)|now|yesterday|today|again|on \w+day|originally|these days|at the moment|(?:when|since|for|because|"
    r"as|with|and) "
    r".*|in "
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\w*|(?:\w+ )?\w+ (?:days|months?|years?|weeks?) "
    r"ago))?$"
)
NOT_THING = (
    r"(?!(?:you|u|this|that|it|these|those|him|her|them|to|what|how|everything|your "
    r"(?:work|stuff|vibe|name)|the (?:way|idea))\b[ .!]*(?!when|if|in|how)(?:so much|"
    r"too|more|all|guys)?$|"
    r"(?:it|them|him|her) with\b|(?:you|u|that you)\b|(?:that|this) \w+$|(?:it|that|this) (?:so|too|here|all|for)\b|"
    r"your (?:\w+ )?(?:hair|outfit|dress|look|smile|laugh|accent|shoes|nails|makeup|dog|cat|posts?|story|stories)\b|"
    r"to (?:know|hear|see you|talk to you|say|tell|ask)\b)"
)
AGE = rf"(?P<x>\d{{1,2}}|(?:{lex.NUMBER})(?:-(?:{lex.NUMBER}))?)"
