"""Undated statements about the fan, as a table: kind, subject and the clause that says so.

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


def _p(kind: Kind, subject: str, clause: str, text: str = "", *, pinned: bool = False) -> Pattern:
    return Pattern(kind, subject, re.compile(clause, re.I), text, pinned)


_ADV = (
    r"(?:(?:really|just|also|still|currently|actually|always|absolutely|totally|kinda|"
    r"kind of|usually|mostly|so|both|already|truly|secretly|do|have|'ve|recently|only|"
    r"now|often|even) )*"
)
_I = r"(?:I|I've) " + _ADV
_IM = r"(?:I'm|I am) " + _ADV
_NAME = (
    r"(?P<x>[^\W\d_][\w'’-]+(?: (?!but\b|and\b|by\b|or\b|btw\b|lol\b|haha\b|too\b|nobody\b|"
    r"everyone\b|in\b|if\b|for\b|please\b|from\b|what\b)[A-Z][\w'’-]+)?)"
)
_NO_NAME = (
    r"(?!not\b|on\b|in\b|the\b|a\b|an\b|so\b|too\b|it\b|when\b|if\b|me\b|you\b|that\b|"
    r"this\b|what\b|out\b|back\b|crazy\b|later\b|maybe\b|anytime\b|if\b|names\b|when\b|"
    r"spelled\b|pretty\b|really\b|quite\b|hard\b)"
)
_X = r"(?P<x>.+)"
_PLACE = (
    r"(?P<x>.+?)(?: (?:(?:last|this|next) (?:week|weekend|month|year|summer|spring|autumn|"
    r"fall)|now|yesterday|today|on \w+day|(?:\w+ )?\w+ (?:days|months?|years?|weeks?) "
    r"ago))?$"
)
_NOT_THING = (
    r"(?!(?:you|u|this|that|it|these|those|him|her|them|to|what|how|everything|your "
    r"(?:work|stuff|vibe|name)|the (?:way|idea))\b[ .!]*(?!when|if|in|how)(?:so much|"
    r"too|more|all|guys)?$|(?:you|u|that you)\b|(?:it|that|this) (?:so|too|here|all)\b|"
    r"to (?:know|hear|see you|talk to you|say|tell|ask)\b)"
)
_AGE = rf"(?P<x>\d{{1,2}}|(?:{lex.NUMBER})(?:-(?:{lex.NUMBER}))?)"

PATTERNS: tuple[Pattern, ...] = (
    _p(
        "fact",
        "name",
        rf"(?:my (?:(?:real|full|first|actual) )?name(?:'?s| is)|{_IM}called|I go by|they "
        rf"call me|this is my name:) {_NO_NAME}{_NAME}",
        "you are called {x}",
        pinned=True,
    ),
    _p(
        "fact",
        "nickname",
        rf"(?:my nickname(?:'s| is)|(?:people|everyone|everybody|friends|my friends|my family|"
        rf"they|you can|just) (?:all )?(?:just )?call me|call me) {_NO_NAME}(?!sweet|darling|"
        rf"baby|honey){_NAME}$",
        "you are called {x}",
        pinned=True,
    ),
    _p("fact", "nickname", rf"call me {_NO_NAME}{_NAME}(?=,|$)", "you are called {x}", pinned=True),
    _p(
        "fact",
        "age",
        rf"{_IM}{_AGE}(?: years?(?: old| young)?| yo| y/o)?(?:$|,| now\b| and\b| from\b)",
        "you are {x} years old",
    ),
    _p(
        "fact",
        "home",
        rf"(?:I|we|I've|we've) (?:{_ADV})moved (?:here )?(?:from .+? )?to (?!my\b|your\b|this\b|that\b){_PLACE}",
        "you live in {x}",
    ),
    _p(
        "fact",
        "home",
        rf"(?:(?:I|we|I've|we've) (?:{_ADV})lived? (?:{_ADV})|{_IM}living |{_IM}based )(?P<at>in|"
        rf"on|at|near|outside|by|above|close to|over in|out in) (?!my\b|your\b|this\b|that\b|"
        rf"fear|hope|peace|denial|constant|a dream|a paper|the moment|the moon){_PLACE}",
        "you live {at} {x}",
    ),
    _p(
        "fact",
        "origin",
        rf"(?:{_IM}(?:originally )?from|{_I}(?:come|came) from|{_I}(?:grew up|was (?:born|"
        rf"raised)) (?:in|on|near|outside)|my hometown is|{_I}spent my childhood in) (?!the "
        rf"land|hell|my|your|here|there|{lex.FAMILY}){_X}",
    ),
    _p(
        "fact",
        "home:flat",
        r"(?:my|our) (?:flat|apartment|house|room|place|bedroom) (?:is|has|'s) (?!so\b|a "
        r"mess|messy|cold|hot|quiet|empty|dirty|tiny)" + _X,
    ),
    _p("fact", "nationality", rf"{_IM}(?:half |part )?(?P<x>{lex.NATIONS})\b"),
    _p(
        "fact",
        "job",
        rf"{_IM}(?!\w+ing\b)(?:an? |the )?(?:[\w-]+ ){{0,2}}?(?P<x>{lex.JOBS})\b(?! in (?:a|the|my) (?:dream|past))",
    ),
    _p(
        "fact",
        "job",
        rf"{_I}start(?:ed)? (?:a new job|my new job|working|work) (?P<at>at|in|as|for|with) {_PLACE}",
        "you work {at} {x}",
    ),
    _p(
        "fact",
        "job",
        rf"(?:{_I}work|{_IM}working|{_I}(?:have|got) a (?:new )?job(?! interview| offer)|"
        rf"my (?:new )?job is|{_I}(?:volunteer|freelance)) (?!so\b|too\b|on\b|"
        rf"hard|out\b|late|today|tonight|tomorrow|professional|as a professional)" + _X,
    ),
    _p(
        "fact",
        "job",
        rf"{_I}(?:teach|drive|run|own|manage|repair|build|design|bake) (?!me\b|you\b|every\b|"
        rf"out\b|late|away|into|to\b|a bath|home\b|with\b|in the (?:morning|park)|on\b)" + _X,
    ),
    _p(
        "fact",
        "study",
        rf"(?:{_I}(?:study|major in|go to (?=.*(?:school|college|uni|university|academy|high\b)))|"
        rf"{_IM}(?:studying|majoring in|doing (?:my|a) (?:phd|degree|masters|a-levels)|at "
        rf"(?:uni|university|college)|in (?:my )?.*(?:year|grade|school|college|uni)|a (?:freshman|"
        rf"sophomore|junior|senior)))" + r"(?P<x>.*)",
    ),
    _p("relationship", "partner", r"(?:I'm|I am|I got) (?P<x>engaged|married) to (?:an? |my )?.+"),
    _p("relationship", "family:only child", rf"{_IM}an only child"),
    _p("fact", "trait:{x}", rf"{_IM}(?P<x>{lex.TRAITS})\b"),
    _p(
        "fact",
        "fear:{x}",
        rf"(?:{_IM}(?:(?:really|very|so|super|terrified|scared|afraid|frightened) )*(?:of) "
        rf"|{_IM}(?:terrified|scared|afraid|frightened) of )(?!you\b|that\b|it\b)" + _X,
    ),
    _p("fact", "allergy:{x}", rf"{_IM}(?:\w+ )?(?:allergic to|intolerant to) (?!mornings|mondays|work|people)" + _X),
    _p(
        "fact",
        "language:{x}",
        rf"(?:{_I}speak|{_IM}(?:fluent in|learning)|I've been learning|{_IM}trying to learn) "
        rf"(?=[^.]*\b(?:{lex.LANGUAGES})\b){_X}",
    ),
    _p(
        "fact",
        "learning:{x}",
        rf"(?:{_IM}learning|I've been learning|{_IM}taking|I take|{_IM}teaching myself) (?!a "
        rf"lot|so much|that\b|to (?:live|love|let)|care|it\b|"
        rf"about|my driving|my .*test|my .*exam|a break|my time|off\b|"
        rf"notes|forever|over)(?:how to |to )?{_X}",
    ),
    _p(
        "fact",
        "hobby:{x}",
        rf"(?:{_I}|I've been |I have been |{_IM})(?:play(?:ing)?|sing(?:ing)? in|collect(?:ing)?|knit(?:ting)?|"
        rf"paint(?:ing)?|draw(?:ing)?|write|crochet(?:ing)?|climb(?:ing)?|volunteer(?:ing)?|"
        rf"garden(?:ing)?) (?!it\b|that\b|this\b|you\b|your|to you|with my food|along|games "
        rf"with|dead|dumb|in my head|back\b|in the shower|about|a blank)" + _X,
    ),
    _p(
        "fact",
        "hobby:{x}",
        rf"{_I}(?P<x>(?:swim|run|cycle|jog|hike|dance|do yoga|meditate|go (?:running|swimming|"
        rf"climbing|hiking|surfing|bouldering|dancing|fishing|sailing|to the gym)|train|row|"
        rf"ski|surf|skate|bake|cook|journal)\b(?: .*?)?\b(?:every|each|on \w+days|twice|once|"
        rf"in the mornings|before|after|most|a lot|\w+ times).*)",
    ),
    _p(
        "fact",
        "owns:{x}",
        rf"{_I}(?:have|got|own|drive|ride)(?: got)? (?:an? )(?:\w+ )?(?P<x>motorbike|motorcycle|"
        rf"bike|car|van|boat|guitar|piano|violin|tattoo|record player|garden|allotment|camper)\b",
    ),
    _p(
        "preference",
        "boundary:call",
        r"(?:please )?(?:don't|do not|never) (?:ever )?call me " + _X,
        "you don't want to be called {x}",
        pinned=True,
    ),
    _p(
        "preference",
        "diet:{x}",
        rf"{_IM}(?:an? )?(?P<x>vegetarian|vegan|pescatarian|lactose intolerant|gluten[- ]free|teetotal)\b",
    ),
    _p(
        "preference",
        "likes:{x}",
        r"I (?:don't|do not|can't|never) (?:really |even |ever )?(?:eat|drink|smoke) (?!much\b|"
        r"enough|anything|that|it\b)" + _X,
    ),
    _p(
        "preference",
        "likes:{x}",
        rf"I (?:can't stand|cannot stand|can't bear|(?:don't|do not|never) (?:really |even "
        rf")?(?:like|enjoy)) {_NOT_THING}{_X}",
    ),
    _p(
        "preference",
        "likes:{x}",
        rf"{_I}(?:love|like|adore|enjoy|hate|dislike|prefer|loved|despise|detest|can't resist) "
        rf"(?:it )?(?:{_ADV}){_NOT_THING}{_X}",
    ),
    _p("preference", "likes:{x}", rf"I'd rather {_X}"),
    _p(
        "preference",
        "likes:{x}",
        rf"(?:{_IM}(?:\w+ )?(?:into|obsessed with|crazy about|mad about|addicted to|fond "
        rf"of|a (?:huge|big|massive) fan of|a sucker for)|I'm not (?:really )?(?:an? )?(?:big "
        rf"|huge )?(?:fan of|into)) (?!you\b|this\b|that\b|it\b|your\b){_X}",
    ),
    _p(
        "preference",
        "favourite:{y}",
        rf"my (?:\w+ )??(?:{lex.FAVOURITE}|comfort) (?P<y>[\w -]+?)(?: of yours| of all time|"
        rf" ever| right now| to \w+)?(?:'s| is| are| has to be| will always be| has always "
        rf"been) {_X}",
    ),
    _p(
        "preference",
        "favourite:{y}",
        rf"(?P<x>[^,]+?) (?:is|are|has to be|will always be|'s) (?:still |probably |always "
        rf"|definitely )?my (?:(?:all[- ]time|absolute|new) )?{lex.FAVOURITE} (?P<y>[\w -]+)",
    ),
    _p(
        "preference",
        "likes:{x}",
        r"I (?:always )?listen to (?P<x>(?:you|your \w+|[A-Z]\w+|jazz|classical|metal|techno|"
        r"podcasts) .*(?:on|in|at|when|while|before|every).*)",
    ),
    _p(
        "promise",
        "promise:{x}",
        r"(?:I promise|I swear|I give you my word|pinky promise),? (?:that |to |you )*(?!you\b|"
        r"it's\b|it\b|this\b|he\b|she\b)(?:I'll |I will )?" + _X,
    ),
    _p(
        "promise",
        "promise:{x}",
        r"(?:next time )?(?:I'll|I will|I'm going to) (?:definitely |be sure to )?(?P<x>(?:tell "
        r"you|let you know|send you|show you|write you|text you|report back|keep you posted|"
        r"play you|bring you|update you)\b.*)",
    ),
    _p("promise", "promise:{x}", r"(?:I'll|I will|I'm going to) (?P<x>.+), (?:I )?promise"),
)

_REL = (
    rf"(?:my|our) (?:other |dear |late |new |old |lovely |little |big |younger |older "
    rf")*(?P<who>{lex.FAMILY}|{lex.CIRCLE})"
)
_PET = (
    rf"(?:other |new |old |little |big |crazy |beloved |fat |lazy |tiny |rescue |black "
    rf"|white |ginger |orange |grumpy |elderly |baby |pet )*(?P<who>{lex.PETS_MANY}|{lex.PETS})"
)
_CAP = r"(?P<x>(?-i:[A-Z][\w'’-]+)(?: (?-i:[A-Z][\w'’-]+))?(?: and (?-i:[A-Z]\w+))?)"
_CALLED = (
    rf"(?:(?:is|are|'s|was) (?:called|named)|called|named|'s name(?:'s| is| was)|name(?:'s| is| was)|is) {_NO_NAME}"
)
_RESTLESS = (
    r"(?!(?:so|very|really|being|just being|annoying|mad|angry|asleep|here|home|calling|"
    r"yelling|making|driving|going to)\b)"
)
_DOES = (
    rf"(?:is|was|'s|are|were) (?:also )?(?:an? |the |our )?(?:\w+ ){{0,2}}?(?:{lex.JOBS}|"
    rf"retired|pregnant|from [A-Z]\w+|{lex.NATIONS})\b|works?|lives?|drives|plays|teaches|"
    rf"taught|studies|owns|runs|speaks|sings|"
    r"sold|grew|bakes|makes|used|moved|has (?:an? |two |three )|collects|writes|paints|"
    r"raised|snores|came from|comes from|met"
)
ROLES: tuple[Pattern, ...] = (
    _p(
        "relationship",
        "pet:{who}",
        rf"(?:my|our) {_PET} (?!just|always|really|who|that|never|also|still|which|only|is\b|has\b)"
        r"(?P<x>[a-z]{3,}) (?:is|has|loves|likes|hates)\b(?P<rest>.*)",
    ),
    _p(
        "relationship",
        "pet:{who}",
        rf"(?:(?:I|we) (?:{_ADV})(?:have|got|own|adopted|'ve got|have got|bought|rescued)(?: "
        rf"got)?|I've got|we've got|there's my) (?:an? |two |three |four |\d |my |the (?:sweetest|"
        rf"cutest|best) )?{_PET}\b(?! phobia| allergy| food| person|s? in the| sitting)(?P<rest>.*)",
    ),
    _p(
        "relationship",
        "pet:{who}",
        rf"(?:my|our) {_PET}(?:'s name(?:'s| is)| is (?:called|named)| are (?:called|named)|"
        rf"'s (?:called|named)| called| named)(?P<rest> .+)",
    ),
    _p("relationship", "pet:{who}", rf"(?:my|our) {_PET},? {_CAP}(?! (?:died|passed))(?P<rest>.*)"),
    _p(
        "relationship",
        "family:{who}",
        rf"{_REL}(?:'s name(?:'s| is)| (?:is|are) (?:called|named)|'s (?:called|named)| (?:called|"
        rf"named)),? (?P<x>[\w'’-]+(?: [A-Z]\w+)?)(?P<rest>.*)",
    ),
    _p("relationship", "family:{who}", rf"{_REL},? (?:Mr |Mrs |Ms |Dr )?{_CAP}(?P<rest>.*)"),
    _p("relationship", "family:{who}", rf"{_REL} {_RESTLESS}(?P<rest>(?:{_DOES})\b.*)"),
    _p(
        "relationship",
        "family:{who}",
        rf"(?:(?:I|we) (?:{_ADV})(?:have|got)(?: got)?|I've got|we've got) (?:an? |two |three "
        rf"|four |five |six |\d+ |no )?(?:\w+ )?(?P<who>{lex.FAMILY}|boyfriend|girlfriend)\b(?! "
        rf"(?:of|to|and I (?:need|want)))(?P<rest>.*)",
    ),
    _p(
        "relationship",
        "family:{who}",
        rf"(?:I live|I'm living|I share (?:a flat|an apartment|a room)|I moved in) with {_REL}(?P<rest>.*)",
    ),
    _p("relationship", "family:{who}", rf"{_REL} and I (?P<rest>met|live|are|have|grew|got)\b.*"),
)

NAMED_LATER = re.compile(
    r"(?:her|his|its|their|the) names?(?:'s| is| are)|(?:she|he|it|they)(?:'s| is|'re| are) (?:called|named)", re.I
)
NAME = re.compile(rf" *{_NO_NAME}{_NAME}(?: and [A-Z]\w+)?", re.I)
BIRTHDAY = re.compile(
    r"(?:it's |today is |tomorrow is )?(?:my (?:\w+ )?)?birthday(?:'s|\b)|I was born on\b|I'm born on\b|born on\b", re.I
)
EVENT = re.compile(
    rf"(?:my|our|the) (?:[\w'-]+ ){{0,3}}?(?:{lex.EVENTS})\b|(?:I|we)(?:'m| am|'re| are|"
    rf"'ve| have|'ll| will)?\b|(?:my|our) (?:old |late )?(?:[\w-]+ )?(?:{lex.FAMILY}|"
    rf"{lex.CIRCLE}|{lex.PETS})\b|(?:in|on|next|this|last|tomorrow|tonight)\b",
    re.I,
)
MILESTONE = re.compile(
    rf"(?:I|we|I've|we've) (?:just |finally |also |already |actually |recently |have "
    rf")*(?:{lex.MILESTONES})\b|(?:I|we) (?:have|got|bought|booked) (?:\w+ )?tickets\b|"
    rf"(?:we're|I'm) (?:having|expecting) a baby\b|my (?:\w+ ){{1,2}}?(?:died|passed "
    rf"away)\b|(?:I'm|we're) getting (?:married|a divorce|a (?:dog|cat|puppy|kitten))",
    re.I,
)
IDLE = re.compile(
    r"(?:I|we)(?:'m| am|'ve been|'re)? (?:just |so |really |feel\w*|felt|tired|bored|"
    r"sad|happy|fine|good|think|thought|love|like|hate|want|need|hope|slept|sleep|ate|"
    r"woke|guess|know|see|had (?!.*(?:exam|test|interview|appointment|gig|show|recital|"
    r"audition|wedding|date|surgery|operation|funeral|concert|shift))|listened|"
    r"can|could|miss|cried|watched|wonder|wish|have to go|should|was just|am just|live|"
    r"work|study|speak|play)\b",
    re.I,
)
