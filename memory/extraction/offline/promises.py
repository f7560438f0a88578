"""What the fan promises the persona."""

from memory.extraction.offline.grammar import Pattern, X, pattern

# “When I get to Rome”, “once the tattoo's healed”: what the promise hangs on.
_WHEN = r"(?:(?:when|once|as soon as|the moment|next time|after|if ever)\b(?!.* you'll\b)[^,]*?,? )?"
_WILL = r"(?:I'll|I will|I'm going to) (?:definitely |deffo |be sure to |def |gladly |happily |personally )?"
_FOR_YOU = (
    r"tell you|let you know|report back|keep you posted|update you|come back and tell|learn (?:\w+ ){0,4}for you|"
    r"(?:send|show|write|text|play|bring|make|draw|bake|paint|knit|sew|post|mail|email|film|record) you|"
    r"(?:buy|get|cook|save|build|sing|name|pour) you (?=an?\b|some\b|the\b|one\b|my\b|our\b|two\b)|"
    r"(?:do|paint|draw|sketch|finish|frame) your (?=portrait|picture|likeness)"
)
_VOW = (
    r"(?:I )?promise|(?:I )?swear(?: on .+)?|(?:I give )?you(?: have)? my word|I give you my word|mark my words|"
    r"cross my heart|"
    r"hand on heart|scout's honou?r|pinky (?:promise|swear)|that's a (?:vow|promise)"
)

PROMISES: tuple[Pattern, ...] = (
    pattern(
        "promise",
        "promise:{x}",
        r"(?:I promise|I swear|I give you my word|pinky promise),? (?!to god\b|on (?:my|me|the)\b)"
        r"(?:that |to |you )*(?!you\b|"
        r"it's\b|it\b|this\b|he\b|she\b|I'm\b|I am\b|I didn't\b|I was\b)(?:I'll |I will )?" + X,
    ),
    pattern(
        "promise", "promise:{x}", r"I owe you (?!one\b|everything\b|so much\b|my life\b|nothing\b|an apology\b)" + X
    ),
    pattern("promise", "promise:{x}", rf"{_WHEN}{_WILL}(?P<x>(?:{_FOR_YOU})\b.*)"),
    pattern("promise", "promise:{x}", rf"{_WHEN}{_WILL}(?P<x>.+),? (?:{_VOW})$"),
    pattern("promise", "promise:{x}", r"you'll (?:get|have|receive|hear) (?P<x>.+ from me\b.*)"),
    pattern("promise", "promise:{x}", r"you'll be the first (?:\w+ )?to (?P<x>(?:hear|know|see|read|get)\b.*)"),
)
