"""Her family, friends and pets."""

import re

from memory.extraction.offline import lexicon as lex
from memory.extraction.offline.grammar import ADV, NAME, NO_NAME, Pattern, pattern

_RELATIVE = (
    rf"(?:my|our) (?:other |dear |late |new |old |lovely |wee |little |lil |big |younger |older |\w+ (?=teacher|tutor|"
    rf"coach|neighbou?r))*(?P<who>{lex.FAMILY}|{lex.CIRCLE})"
)
_PET = rf"(?:(?!hot\b|for\b|with\b|in\b|of\b|and\b|to\b|like\b|on\b)[\w-]+ ){{0,2}}?(?P<who>{lex.PETS_MANY}|{lex.PETS})"
_CAPITALS = r"(?P<x>(?-i:[A-Z][\w'’-]+)(?: (?-i:[A-Z][\w'’-]+))?(?: and (?-i:[A-Z]\w+))?)"
_GIVEN = rf"(?P<x>(?:{lex.GIVEN_NAMES})\b)"
_TITLED = r"(?P<x>(?:mr|mrs|ms|miss|dr|sir)\.? [\w'’-]+)"
_RESTLESS = (
    r"(?!(?:so|very|really|being|just being|annoying|mad|angry|asleep|here|home|calling|"
    r"yelling|making|driving|going to)\b)"
)
# What says more of somebody than the name.
DOES = (
    rf"(?:is|was|'s|are|were) (?:also )?(?:an? |the |our )?(?:\w+ ){{0,2}}?(?:{lex.JOBS}|"
    rf"retired|pregnant|from [A-Z]\w+|{lex.NATIONS})\b|works?|lives?|drives|plays|teaches|"
    rf"taught|studies|owns|runs|speaks|sings|"
    r"sold|grew|bakes|makes|used|moved|has (?:an? |two |three )|collects|writes|paints|"
    r"raised|snores|came from|comes from|met|(?:have|has) been (?:together|dating|married|best friends|friends)|"
    r"(?:got|are|is|were|was) (?:divorced|separated|married|deployed|adopted|self-employed)|split up|coaches|dances|"
    r"cooks|paints|"
    r"share|run|own|work|live"
)
# A name without its capital stands between her relative and a verb: “my stepdad ray drives me”. No name: adverbs and
# verbs by their endings, the verbs that have none, and what belongs to the relative.
_SMALL_NAME = (
    r"(?P<x>(?![a-z]*(?:ly|s|ed|ing|self)\b)(?!(?:and|or|but|who|that|which|just|also|still|never|even|ever|too|only|"
    r"once|now|then|again|both|kind|sort|can|could|will|would|should|might|must|did|had|got|went|made|said|told|took|"
    r"came|gave|kept|felt|left|lost|met|ran|sat|saw|sent|sold|bought|taught|thought|caught|hurt|hit|cut|put|let|set|"
    r"won|wore|wrote|broke|drove|woke|grew|knew|threw|flew|drew|sang|began|drank|swam|fell|held|heard|read|paid|built|"
    r"spent|slept|beat|bit|chose|forgot|found|rang|stole|tore|ate|not|for|from|with|like|because|when|while|after|"
    r"before|since|the|this|her|his|their|our|your|what|how|back|here|there|out|over|went|may|"
    r"group|chat|friend|house|car|phone|party|family|side|wife|husband|partner|room|job|boss|team|class|birthday|"
    r"name|number|voice|hair|face|heart|life|band|club|work|please|lol|today|tonight|tomorrow|yesterday|alone|though|"
    r"quite|someone|whole|fave|fav|bday|new|each|irl|apart|instead|together|first|last|plan|stuff|thing)\b)(?-i:[a-z]{3,}))"
)
_SHE_DOES = (
    r"(?:is|was|has|just|still|can't|won't|didn't|doesn't|isn't|got|went|made|took|came|gave|rang|ran|"
    r"(?!this\b|us\b)[a-z]{2,}(?:s|ed))\b"
)
_HAVE = (
    rf"(?:(?:I|we) (?:{ADV})(?:have|got|own|adopted|'ve got|have got|bought|rescued)(?: got)?|I've got|we've got|"
    rf"there's my)"
)
# What a pet does: the word before is its name (“my rabbit biscuit ate the vinyl”).
_DID = (
    r"ate|eats|just|still|was|got|gets|keeps|kept|chewed|stole|slept|sleeps|jumped|knocked|escaped|howls?|barks?|purrs?|"
    r"sat|sits|broke|woke|wakes|turned|learned|died|passed|bit|scratched"
)
_CALLED = r"(?:'s name(?:'s| is)| (?:is|are)(?: actually| now)? (?:called|named)|'s (?:called|named)| called| named)"
_SPEAKS = r"(?:my|our)"

ROLES: tuple[Pattern, ...] = (
    pattern(
        "relationship",
        "pet:{who}",
        rf"{_SPEAKS} {_PET} (?!always|really|who|that|never|also|which|only|is\b|has\b|and\b|but\b|food|"
        rf"sitter|hair|bed|butt|poop|pee|fur|tail|toy|bowl|vet|walker|breath|once|today|lol|please|called|named|(?:{_DID})\b)"
        rf"(?P<x>[a-z]{{3,}}) (?:is|has|loves|likes|hates|{_DID})\b(?P<rest>.*)",
    ),
    pattern(
        "relationship",
        "pet:{who}",
        rf"{_HAVE} (?:an? |two |three |four |\d |my |the (?:sweetest|cutest|best) )?{_PET}\b"
        rf"(?! phobia| allergy| food| person|s? in the| sitting| hair| bed| emoji| filter)(?P<rest>.*)",
    ),
    pattern("relationship", "pet:{who}", rf"{_SPEAKS} {_PET}{_CALLED} {NO_NAME}{NAME}(?P<rest>.*)"),
    pattern("relationship", "pet:{who}", rf"{_SPEAKS} {_PET}(?:'s| is| are) {_CAPITALS}(?P<rest>)$"),
    pattern("relationship", "pet:{who}", rf"{_SPEAKS} {_PET},? {_CAPITALS}(?! (?:died|passed))(?P<rest>.*)"),
    pattern("relationship", "family:{who}", rf"{_RELATIVE}{_CALLED},? (?P<x>[\w'’-]+(?: [A-Z]\w+)?)(?P<rest>.*)"),
    pattern("relationship", "family:{who}", rf"{_RELATIVE}(?:,|'s| is)? {_TITLED}(?P<rest>.*)"),
    pattern(
        "relationship", "family:{who}", rf"{_CAPITALS}(?:'s| is| has(?: always)? been) {_RELATIVE}\b(?P<rest>)(?!'s)"
    ),
    pattern("relationship", "family:{who}", rf"{_RELATIVE},? (?:Mr |Mrs |Ms |Dr )?{_CAPITALS}(?P<rest>.*)"),
    pattern("relationship", "family:{who}", rf"{_RELATIVE}(?:,|'s| is)? {_GIVEN}(?P<rest>.*)"),
    pattern("relationship", "family:{who}", rf"{_RELATIVE} {_SMALL_NAME}(?P<rest> {_SHE_DOES}.*)"),
    pattern("relationship", "family:{who}", rf"{_RELATIVE}(?:'s| is) {_CAPITALS}(?P<rest>)$"),
    pattern("relationship", "family:{who}", rf"{_RELATIVE}(?: |(?='s )){_RESTLESS}(?P<rest>(?:{DOES})\b.*)"),
    pattern(
        "relationship",
        "family:{who}",
        rf"(?:(?:I|we) (?:{ADV})(?:have|got)(?: got)?|I've got|we've got) (?:an? |one |two |three "
        rf"|four |five |six |\d+ |no )?(?:[\w-]+ )?(?P<who>{lex.FAMILY}|boyfriend|girlfriend)\b(?! "
        rf"(?:of|to|and I (?:need|want)|drama|group chat))(?P<rest>.*)",
    ),
    pattern(
        "relationship",
        "family:{who}",
        rf"(?:I live|I'm living|I share (?:a flat|an apartment|a room)|I moved in) with {_RELATIVE}(?P<rest>.*)",
    ),
    pattern(
        "relationship",
        "family:{who}",
        rf"{_RELATIVE}(?: (?P<x>(?-i:[A-Z])\w+))? & I (?:(?:just|both) )*(?P<rest>(?:met|live|are|have|grew|got|'ve|"
        rf"share|both|play|run|work|celebrated)\b.*)",
    ),
    pattern(
        "relationship",
        "family:children",
        rf"I'm (?:also |now )?an? (?:[\w-]+ ){{0,2}}?(?:{lex.PARENTS}) (?:of|to) (?P<who>(?:an?|{lex.NUMBER}|"
        rf"\d+)\b(?: [\w-]+)?)(?P<rest>.*)",
    ),
    pattern(
        "relationship",
        "family:{who}",
        rf"(?:(?:I|we) (?:{ADV})(?:have|got)(?: got)?|I've got|we've got) (?:{lex.NUMBER}|\d+|a couple of) (?:[\w-]+ )?"
        rf"(?P<who>boys|girls|little ones|teenagers|grandchildren|grandkids|roommates|flatmates|housemates|best "
        rf"friends)\b(?P<rest>.*)",
    ),
    pattern(
        "relationship",
        "family:{who}",
        rf"I live with (?:{lex.NUMBER}|\d+|an?|some) (?:[\w-]+ )?(?P<who>roommates?|flatmates?|housemates?|friends|"
        rf"strangers)\b(?P<rest>.*)",
    ),
    pattern(
        "relationship",
        "family:{who}",
        rf"(?:I've been|been|I'm) (?:together )?with {_RELATIVE},? (?:{_CAPITALS})?(?P<rest>.*)",
    ),
)

# Names that come after the one who bears them: “… her name is Ines”, “named him Waffles”.
NAMED_LATER = re.compile(
    r"(?:her|his|its|their|the) names?(?:'s| is| are| was| were)|(?:she|he|it|they)(?:'s| is|'re| are) (?:called|"
    r"named)|"
    r"(?:I|we|they|she|he|mum|mom|dad)?(?:'ve)? ?(?:have |just |finally |both )*(?:re)?(?:named|called|decided on|"
    r"went with|"
    r"settled on|chose|picked|calling|naming)(?: (?:him|her|it|them))?(?: the name)?",
    re.I,
)
NAMED = re.compile(rf" *{NO_NAME}(?!by\b|my\b|for\b|him\b|her\b|up\b|off\b){NAME}(?: and [A-Z]\w+)?", re.I)
# Whom a name that comes in the next message can belong to.
BEARER = re.compile(
    rf"\b(?:(?P<owner>(?:my|our) (?:{lex.FAMILY}|{lex.CIRCLE})) (?:just |finally |has |have |'s )*(?:had|got|has|"
    rf"adopted) (?:an? )?(?:new )?(?P<theirs>baby|{lex.PETS})|(?:my|our|an?|this|one|new|the|your) (?:\w+ )?"
    rf"(?P<who>baby|{lex.PETS}|{lex.FAMILY}|{lex.CIRCLE}))\b",
    re.I,
)
