"""Undated statements about what the fan does, learns and keeps beside her work."""

from memory.extraction.offline import lexicon as lex
from memory.extraction.offline.grammar import ADV, I_AM, I_DO, Pattern, X, pattern

PASTIMES: tuple[Pattern, ...] = (
    pattern(
        "fact",
        "language:{x}",
        rf"(?:{I_DO}speak|{I_AM}(?:fluent in|learning)|I've been learning|{I_AM}trying to learn) "
        rf"(?=[^.]*\b(?:{lex.LANGUAGES})\b){X}",
    ),
    pattern(
        "fact",
        "learning:{x}",
        rf"(?:{I_AM}learning|I've been learning|{I_AM}taking|I take|{I_AM}teaching myself) (?!a "
        rf"lot|so much|that\b|to (?:live|love|let)|care|it\b|"
        rf"about|my driving|my .*test|my .*exam|a break|my time|off\b|"
        rf"notes|forever|over)(?:how to |to )?{X}",
    ),
    pattern("fact", "hobby:{x}", r"I (?P<x>knit|crochet|paint|draw|garden|climb|skate|surf|sew|bake|box|fence)$"),
    pattern(
        "fact",
        "hobby:{x}",
        rf"(?:{I_DO}|I've been |I have been |{I_AM})(?:play(?:ing)?|sing(?:ing)? in|collect(?:ing)?|knit(?:ting)?|"
        rf"paint(?:ing)?|draw(?:ing)?|write|crochet(?:ing)?|climb(?:ing)?|volunteer(?:ing)?|"
        rf"garden(?:ing)?) (?!it\b|that\b|this\b|things\b|them\b|everything\b|you\b|your|to you|with my food|along|"
        rf"games "
        rf"with|dead|dumb|in my head|back\b|in the shower|about|a blank|this\b|on repeat)" + X,
    ),
    pattern(
        "fact",
        "hobby:{x}",
        rf"{I_DO}(?P<x>run (?:marathons|half[- ]marathons|ultras|10ks|5ks)\b.*)",
    ),
    pattern(
        "fact",
        "hobby:{x}",
        r"I've (?:always )?(?P<x>(?:played|sung in|danced|skated|surfed|collected|painted|climbed|rowed|fenced)\b "
        r"(?!your\b|it\b|that\b|this\b|"
        r"along|her\b|his\b|with\b).*)",
    ),
    pattern(
        "fact",
        "hobby:{x}",
        rf"{I_DO}(?P<x>(?:swim|run|cycle|jog|hike|dance|do yoga|meditate|train|go (?:running|swimming|"
        rf"climbing|hiking|surfing|bouldering|dancing|fishing|sailing|to the gym)|train|row|"
        rf"ski|surf|skate|bake|cook|journal)\b(?: .*?)?\b(?:every|each|on \w+days|twice|once|"
        rf"in the mornings|before|after|most|a lot|\w+ times).*)",
    ),
    pattern(
        "fact",
        "hobby:{x}",
        rf"{I_AM}(?:in|on|part of|a member of|captain of) (?P<x>(?:an?|the|my|our) (?!mood\b)(?:[\w'-]+ "
        rf"){{0,3}}(?:band|choir|"
        rf"orchestra|team|club|squad|society|crew|troupe|quartet|league|musical|drumline)\b.*)",
    ),
    pattern(
        "fact",
        "hobby:{x}",
        rf"{I_AM}writing (?P<x>(?:an?|my) (?:\w+ )?(?:novel|book|screenplay|memoir|play|album|ep|song)\b.*)",
    ),
    pattern(
        "fact", "hobby:{x}", rf"{I_DO}(?P<x>\w+ (?:competitively|professionally|semi-professionally|for a living))\b"
    ),
    pattern("fact", "hobby:{x}", r"my (?:\w+ )?hobb(?:y|ies) (?:is|are) " + X, "your hobby is {x}"),
    pattern(
        "fact",
        "hobby:{x}",
        rf"{I_DO}(?:start(?:ed)?|begun|got into|got back into) (?P<x>(?!(?:work|study|liv|feel|think|cry|see|"
        rf"listen|watch|"
        rf"look|hat|lov|miss|notic)\w*ing\b)[a-z]+ing (?:.*)?\b(?:every|each|on \w+days|twice|once|in the mornings|"
        rf"before|after|most|\w+ times)\b.*)",
    ),
    pattern(
        "fact",
        "hobby:{x}",
        rf"(?:{I_DO}(?:taken up|took up)|{I_AM}taking up) (?P<x>(?!the challenge|your|all|so|space|too|"
        rf"residence|that|arms)"
        rf".+)",
    ),
    pattern(
        "fact",
        "hobby:{x}",
        rf"(?:{I_DO}(?:start(?:ed)?|do|got into|practi[sc]e)|(?:I've been |{I_AM})doing) (?P<x>(?:{lex.PURSUITS})\b.*)",
    ),
    pattern(
        "fact",
        "keeps:{x}",
        rf"(?:I|we) (?:{ADV})keep (?P<x>(?:\w+ ){{0,2}}?(?:bees|pigs|sheep|cows|cattle|alpacas|llamas|koi|"
        rf"pigeons|quails?|geese|"
        rf"bantams|{lex.PETS_MANY}))\b",
    ),
    pattern("fact", "hobby:{x}", rf"{I_AM}the (?P<x>(?:[\w-]+ )?(?:{lex.POSITIONS}))\b"),
    pattern("fact", "hobby:{x}", rf"{I_DO}never miss (?P<x>(?!you\b|your\b|it\b|a (?:beat|word|note)\b).+)"),
    pattern(
        "fact",
        "owns:{x}",
        rf"{I_DO}(?:have|got|own|drive|ride)(?: got)? (?:an? )(?:\w+ )?(?P<x>motorbike|motorcycle|"
        rf"bike|car|van|boat|guitar|piano|violin|tattoo|record player|garden|allotment|camper)\b",
    ),
)
