"""What she likes and does not like."""

from memory.extraction.offline import lexicon as lex
from memory.extraction.offline.grammar import ADV, I_AM, I_DO, NOT_THING, Pattern, X, pattern

_SOMETHING = (
    r"(?P<x>(?!you\b|you're\b|your\b|that\b|this\b|it\b|he\b|she\b|they\b|we\b|I\b|I'm\b|these\b|those\b|what\b|"
    r"there\b|"
    r"my (?:mum|dad|kids?)\b)[^,]+?)"
)

TASTES: tuple[Pattern, ...] = (
    pattern(
        "preference",
        "boundary:call",
        r"(?:please )?(?:don't|do not|never) (?:ever )?call me " + X,
        "you don't want to be called {x}",
        pinned=True,
    ),
    pattern(
        "preference",
        "diet:{x}",
        rf"(?:{I_AM}|I've been )(?:an? )?(?P<x>vegetarian|veggie|vegan|halal|kosher|pescatarian|lactose intolerant|"
        rf"gluten[- ]free|teetotal)\b",
    ),
    pattern("preference", "diet:{x}", r"I (?:keep|eat|only eat) (?P<x>halal|kosher|vegan|vegetarian)\b"),
    pattern(
        "preference",
        "diet:{x}",
        r"(?P<x>vegetarian|vegan|pescatarian|lactose intolerant|gluten intolerant|teetotal) (?:over )?here$",
        "you're {x}",
    ),
    pattern(
        "preference",
        "likes:{x}",
        r"I (?:don't|do not|can't|never) (?:really |even |ever )?(?:eat|drink|smoke) (?!much\b|"
        r"enough|anything|that|it\b)" + X,
    ),
    pattern("preference", "likes:{x}", r"I (?:don't|do not|never) (?:really |even )?(?P<x>drink|smoke)(?:,.*)?$"),
    pattern(
        "preference",
        "likes:{x}",
        rf"(?:I|I've) (?:{ADV})(?:(?:can't|cannot|can not) (?:stand|bear|deal with|handle|take|stomach)|never liked|"
        rf"never enjoyed|(?:don't|do not|never) (?:really |even "
        rf")?(?:like|enjoy)) {NOT_THING}{X}",
    ),
    pattern(
        "preference",
        "likes:{x}",
        rf"{I_DO}(?:love|like|adore|enjoy|hate|dislike|prefer|loved|despise|loathe|detest|can't resist|fancy) "
        rf"(?:it )?(?:{ADV}){NOT_THING}(?!really$){X}",
    ),
    pattern(
        "preference",
        "likes:{x}",
        r"(?P<x>(?!you\b|it\b|that\b|this\b|he\b|she\b|they\b|I\b)[\w' -]+?) (?:tastes?|smells?) like \w+ to me",
    ),
    pattern(
        "preference",
        "likes:{x}",
        rf"{_SOMETHING}(?:'s| is| are| was| were| has always been| have always been| will always be) (?:{ADV})my "
        rf"(?:colou?rs?|number one(?: \w+)?|no\.? ?1|first love|(?:guilty|greatest|one) pleasure|happy place|"
        rf"kryptonite|"
        rf"(?:big |one |only )?(?:weakness|passion|obsession)|go-?to(?: \w+)?|(?:\w+ )?of choice|jam|"
        rf"(?:\w+ )?of all time)\b(?! (?:has|have|is|was)\b)",
    ),
    pattern(
        "preference",
        "likes:{x}",
        rf"{_SOMETHING}(?:'s| is| are) (?:just |still |always |such )?an? (?:\w+ )?no(?:-no|-go| no|"
        rf" go)? (?:for|from) me\b",
        "{x} is a firm no for you",
    ),
    pattern(
        "preference",
        "likes:{x}",
        rf"{_SOMETHING}(?:'s not| isn't| is not| aren't| are not) (?:really )?(?:for me|my (?:thing|cup of tea|"
        rf"bag|scene))$",
    ),
    pattern(
        "preference",
        "likes:{x}",
        rf"I could (?:live|survive) (?:on|off) {NOT_THING}(?P<x>[^,]+)",
        "you could live on {x}",
    ),
    pattern("preference", "likes:{x}", rf"I could (?:eat|drink|watch|listen to) {NOT_THING}(?P<x>[^,]+)"),
    pattern("preference", "likes:{x}", rf"(?:nothing beats|you can't beat) {NOT_THING}(?!your\b){X}", "you love {x}"),
    pattern(
        "preference",
        "likes:{x}",
        r"(?:an? )?(?:big |huge |total |proud )?(?P<x>(?!people\b|good\b|nice\b|kind\b|bad\b|old\b|young\b|real\b|"
        r"the\b|what\b)\w+) "
        r"(?:person|lover|addict|nerd|fanatic|enthusiast|obsessive) (?:here|through and through|for life)",
    ),
    pattern(
        "fact",
        "fear:{x}",
        r"(?P<x>(?!you\b|it\b|that\b|this\b|he\b|she\b|they\b|I\b|what\b|your\b)[\w' -]+?) (?:really |absolutely |"
        r"always )?"
        r"(?:terrif(?:y|ies)|scares?|frightens?|freaks?|creeps?) me(?: out)?\b",
    ),
    pattern(
        "preference",
        "dream",
        r"(?:my|it's my|it has always been my) (?:\w+ )?(?:dream|goal|ambition)(?: job)? (?:is|has always been|'s) "
        + X,
    ),
    pattern("preference", "likes:{x}", rf"{I_AM}(?:supporting|rooting for) (?!you\b|your\b){X}"),
    pattern(
        "preference", "likes:{x}", rf"{I_DO}(?:support|root for|stan) (?!you\b|your\b|that\b|this\b|him\b|her\b){X}"
    ),
    pattern("preference", "likes:{x}", r"I (?:can't|cannot|don't) do (?P<x>(?:\w+ )?\w+s)(?: at all| ever)?$"),
    pattern("preference", "likes:{x}", rf"I'd rather {X}"),
    pattern(
        "preference",
        "likes:{x}",
        rf"(?:{I_AM}(?:\w+ )?(?:into|obsessed with|crazy about|mad about|addicted to|fond "
        rf"of|a (?:huge|big|massive) fan of|a sucker for)|I'm not (?:really )?(?:an? )?(?:big "
        rf"|huge )?(?:fan of|into)) (?!you\b|this\b|that\b|it\b|your\b){X}",
    ),
    pattern(
        "preference",
        "favourite:{y}",
        rf"(?:my (?:[\w-]+ ){{0,2}}?)?(?:{lex.FAVOURITE}|comfort) (?P<y>[\w -]+?)(?: of yours| of all time|"
        rf" ever| right now| to \w+)?(?:'s| is| are| has (?:got )?to be| will always be| has always "
        rf"been) (?:{ADV})(?!you\b|what\b|when\b|that you\b){X}",
    ),
    pattern(
        "preference",
        "favourite:{y}",
        rf"(?P<x>(?!you\b|that\b|this\b|it\b|he\b|she\b|they\b)[^,]+?) (?:is|are|has (?:got )?to be|will always be|"
        rf"'s) (?:still |probably |always "
        rf"|definitely )?my (?:(?:all[- ]time|absolute|new) )?{lex.FAVOURITE} (?P<y>[\w -]+)",
    ),
    pattern(
        "preference",
        "likes:{x}",
        rf"(?P<x>(?!you\b|your\b|that\b|this\b|it\b|he\b|she\b|they\b)[^,]+?)(?: is| are|'s) (?:still |always |"
        rf"definitely )?my (?:(?:all[- ]time|absolute|new) )?{lex.FAVOURITE}(?: of all time| ever)?$",
    ),
    pattern(
        "preference",
        "likes:{x}",
        r"I (?:always )?listen to (?P<x>(?:you|your \w+|[A-Z]\w+|jazz|classical|metal|techno|"
        r"podcasts) .*(?:on|in|at|when|while|before|every).*)",
    ),
)
