"""Undated statements about the fan herself: who she is, where she lives, what she does."""

import re

from memory.extraction.offline import lexicon as lex
from memory.extraction.offline.grammar import ADV, AGE, I_AM, I_DO, NAME, NO_NAME, PLACE, Pattern, X, pattern

# “hi im zadie”: with a greeting, whatever is no state of mind is a name.
_GREETED = re.compile(
    r"^(?:(?:om+g+|oh+|um+|ok|okay|so|well|hi+|he+y+|hello+|hiya|heya|yo|sup|there|again|aria|good (?:morning|evening|"
    r"afternoon))[\s,!.]*)+(?:(?:I'm|it's me,?|it's|this is) (?P<x>[^\W\d_][\w'’-]+)"
    r"(?=$|\s*[^\w\s'’-]| (?:and|from|here|"
    r"btw|by the way)\b)|(?P<here>(?-i:[A-Z])[\w'’-]+) here\b|(?:my ?self) (?P<self>(?-i:[A-Z])[\w'’-]+))",
    re.I,
)
# “… im priyanka from pune”, “Joanne here!”, “Lots of love, Karen”: anywhere in a message.
_INTRODUCED = re.compile(
    rf"\bI'm (?P<x>[^\W\d_][\w'’-]+) from (?!my\b|the\b|a\b|an\b|work\b|home\b|it\b|you\b|school\b|being\b|all\b|"
    rf"th[ai][ts]\b|here\b|there\b)|"
    r"(?:^|[.!?] )(?P<here>(?-i:[A-Z][a-z]+)) here\b(?=\s*[,.!]|$)|"
    rf"\bit's (?P<again>(?:{lex.GIVEN_NAMES})|(?-i:[A-Z][a-z]+)) (?:again|from (?-i:[A-Z])\w+)|"
    rf"\bmyself (?P<self>(?-i:[A-Z])[a-z]+)(?=\s*[,.!]|$| from\b)|"
    r"\bnames?\b[^.!?]*[,:] *I'm (?P<offered>(?-i:[A-Z])[^\W\d_]+)(?=\s*[,.!]|$)|"
    rf"(?:^|[.,!?\n] *)(?:(?:lots of|much|all my|with) )?(?:love|hugs|kisses|yours)(?: "
    rf"always)?,\s*(?P<signed>(?-i:[A-Z])[a-z]+)\W*x*\W*$",
    re.I,
)
_NOBODY = re.compile(
    r"\w*(?:fan|body|one|thing)|same|still|first|fan|teacher|nurse|student|girl|guy|boy|mum|mom|dad|mother|over|"
    r"right|all|up|"
    r"far|away|apart|safe|fresh|sore|hoarse|miles|hours|minutes|originally|half|part|only|big|huge|proud|listener|"
    r"life|everything|autumn|summer|winter|spring|snow\w*|rain\w*|sun\w*|morning|evening|"
    r"night|love|hope|greetings|cheers|thanks|sister|brother|stuck|down|out|"
    r"class|school|work|uni|year|news|been|currently|home",
    re.I,
)
_STATE = re.compile(
    r"\w+(?:ing|ed|ful|less|ous|ish)|new|back|here|fine|good|great|okay|sad|happy|sorry|late|ready|done|dead|ill|sick|"
    r"hungry|lost|home|drunk|alone|awake|alive|broke|busy|cold|hot|mad|angry|lonely|shy|sleepy|crazy|obvious\w*|so|not|"
    r"just|really|also|still|your|you|the|an?|in|at|on|from|me|my|who|what|it|that|this|stuck|upset|unwell|better|free|"
    r"glad|proud|sure|weird|old|young|tall|short|single|straight|gay|vegan|veggie|human|real|serious|" + lex.NATIONS,
    re.I,
)


def greeted(text: str) -> str:
    """The name that a greeting brings, or ""."""
    for found in (_GREETED.match(text), *_INTRODUCED.finditer(text)):
        name = next((group for group in found.groups() if group), "") if found else ""
        if name and not _STATE.fullmatch(name) and not _NOBODY.fullmatch(name):
            return name
    return ""


FACTS: tuple[Pattern, ...] = (
    pattern(
        "fact",
        "name",
        rf"(?:my (?:(?:real|full|first|actual) )?name(?:'?s| is)|{I_AM}called|I go by|the name(?:'s| is)|they "
        rf"call me|this is my name:) {NO_NAME}{NAME}",
        "you are called {x}",
        pinned=True,
    ),
    pattern(
        "fact",
        "name",
        rf"name'?s {NO_NAME}(?P<x>[^\W\d_]+)(?=$|,| by the way\b| btw\b| here\b)",
        "you are called {x}",
        pinned=True,
    ),
    pattern(
        "fact",
        "nickname",
        rf"(?:my nickname(?:'s| is)|(?:people|everyone|everybody|friends|my friends|my family|"
        rf"they|you can|just) (?:all )?(?:just )?calls? me|call me) {NO_NAME}(?!sweet|darling|"
        rf"baby|honey){NAME}$",
        "you are called {x}",
        pinned=True,
    ),
    pattern(
        "fact",
        "nickname",
        rf"(?:you can |just |please |everyone can )*call me (?:by my (?:middle |first |last |full |real )?name,? )?"
        rf"{NO_NAME}{NAME}(?=,|$| and\b| but\b| instead\b)",
        "you are called {x}",
        pinned=True,
    ),
    pattern(
        "fact",
        "name",
        rf"I'm (?P<x>{lex.GIVEN_NAMES})(?=$|,| and\b| from\b| btw\b| by the way\b| here\b)",
        "you are called {x}",
        pinned=True,
    ),
    pattern(
        "fact",
        "age",
        rf"{I_AM}{AGE}(?: years?(?: old| young)?| yo| y/o)?(?:$|,| now\b| and\b| from\b| nearly\b| almost\b| (?:next|"
        rf"this|in)\b| until\b)",
        "you are {x} years old",
    ),
    pattern(
        "fact",
        "origin",
        rf"(?:I'm|it's(?: me)?,?|this is|myself|my ?self) (?!\w+(?:ing|ed)\b|far\b|away\b|back\b|"
        rf"not\b)[^\W\d_][\w'’-]+ (?:again |here )?from (?!my\b|the (?!\w*(?:land|states|philippines|uk|us)\w*)|"
        rf"work\b|home\b|it\b|you\b|school\b|being\b|th[ai][ts]\b)"
        rf"{PLACE}",
        "you're from {x}",
    ),
    # As it is said in Spanish, Portuguese and French.
    pattern(
        "fact",
        "age",
        rf"I have {AGE} years(?: old)?(?! (?:of|in|until|left|to|ago|experience)\b)",
        "you are {x} years old",
    ),
    pattern(
        "fact",
        "home",
        rf"(?:I|we|I've|we've|my family(?: and I)?|my parents and I) (?:{ADV})(?:shifted|relocated|emigrated) "
        rf"(?:here )?(?:from .+? )?"
        rf"to (?!my\b|your\b|this\b|that\b){PLACE}",
        "you live in {x}",
    ),
    pattern(
        "fact",
        "home",
        rf"{I_DO}(?:rent|own|share|bought) (?:an? |my |our )?(?:[\w-]+ ){{0,2}}(?:place|flat|apartment|house|room|"
        rf"studio|cottage|"
        rf"condo|farm) (?P<at>in|near|outside|by|on) {PLACE}",
        "you live {at} {x}",
    ),
    pattern(
        "fact",
        "writes from",
        r"(?:(?:I'm )?(?:writing|texting|messaging|listening|tuning in|typing|calling)(?: to you| this| in)? (?:all "
        r"the way )?|"
        r"(?:greetings|hello|hi|hey|hugs|kisses|love|(?:lots of|much|big|sending) (?:love|hugs|kisses))(?: to you)? "
        r"(?:all the way )?)"
        r"from (?:(?:rainy|sunny|cold|snowy|hot|grey|windy|freezing|beautiful|lovely|little|down) )*(?!me\b|my\b|"
        r"your\b|the (?:bath|bus|back|gym|"
        r"couch|sofa|train|other))(?P<x>(?:an? (?:[\w-]+ ){0,3}?(?:village|town|city|farm|island|suburb|hamlet|"
        r"flat|boat|cabin|"
        r"cottage|corner) (?:near|in|outside|on|of|off|"
        r"called) )?(?:the )?(?-i:[A-Z])[\w'’-]+(?:,? (?-i:[A-Z])[\w'’-]+)*)",
        "you write from {x}",
    ),
    pattern(
        "fact",
        "home",
        rf"(?:I|we|I've|we've) (?:{ADV})moved (?:(?:here|back|over|up|down|out) )*(?:from .+? )?to (?!my\b|"
        rf"your\b|this\b|that\b|(?:the )?\d|"
        rf"the (?:sofa|"
        rf"couch|bed|back|front|next|floor|garden|other)\b){PLACE}",
        "you live in {x}",
    ),
    pattern(
        "fact",
        "home",
        rf"(?:I|we|I've|we've) (?:{ADV})(?:moved|am moving) (?:in)?to (?:my|our|an?) (?:\w+ ){{0,2}}(?:place|flat|"
        rf"apartment|house|"
        rf"room|studio|home|dorm)s? (?:in|near|outside) {PLACE}",
        "you live in {x}",
    ),
    pattern(
        "fact",
        "home",
        rf"(?:(?:I|we) (?:{ADV})live (?:{ADV})|(?:I've|we've) (?:{ADV})lived (?:{ADV})|(?:I've|we've) (?:{ADV})been "
        rf"living |we're living |{I_AM}living |{I_AM}based "
        rf")(?P<at>in|"
        rf"on|at|near|outside|by|above|close to|over in|out in|just "
        rf"outside|just by|with (?:my|our) (?:{lex.FAMILY}) in) (?!my\b|your\b|this\b|that\b|"
        rf"fear|hope|peace|denial|constant|a dream|a paper|a (?:castle|mansion|bubble|cave|bin|box|van down)|"
        rf"the (?:moment|moon|past|fridge|shower|bath|library|studio|gym|kitchen|sky|clouds?)\b|bed\b){PLACE}",
        "you live {at} {x}",
    ),
    pattern(
        "fact",
        "origin",
        rf"(?:{I_AM}(?:originally )?from|{I_DO}(?:come|came) from|{I_DO}(?:grew up|was (?:born|"
        rf"raised|born and (?:raised|bred))) (?:in|on|near|outside)|my hometown is|{I_DO}spent my childhood in) (?!the "
        rf"land|the (?:future|past|moon|internet|streets)|hell|my|your|here|there|{lex.FAMILY}){X}",
    ),
    pattern(
        "fact",
        "origin",
        r"(?:I'm )?(?:an? )?(?P<x>(?-i:[A-Z])[^\W\d_]+(?: (?-i:[A-Z])[^\W\d_]+)?),? born and (?:bred|raised)",
        "you are {x} born and bred",
    ),
    pattern(
        "fact",
        "home",
        rf"(?:I've|we've) (?:{ADV})been (?:based |over |out )?(?P<at>in|on|near) (?!(?:the|an?|my|your|our|this|"
        rf"that|it|love|bed|"
        rf"therapy|hospital|pain|tears|shock|recovery|remission|lockdown|quarantine|prison|jail|bands?|choirs?|"
        rf"and|here|there|"
        rf"hiding|mourning|contact|touch|trouble|charge|business|school|college|"
        rf"uni)\b)(?P<x>[^,]+?) (?:since (?:\d{{4}}|I|we|last|"
        rf"the|birth|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*)\b.*|for (?:\w+ ){{0,3}}(?:years|months|"
        rf"decades?)\b.*)$",
        "you live {at} {x}",
    ),
    pattern(
        "fact",
        "home:flat",
        r"(?:my|our) (?:flat|apartment|house|room|place|bedroom) (?:is|has|'s) (?!so\b|a "
        r"mess|messy|cold|hot|quiet|empty|dirty|tiny)" + X,
    ),
    pattern("fact", "nationality", rf"{I_AM}(?:half |part )?(?P<x>{lex.NATIONS})\b"),
    pattern(
        "fact",
        "job",
        rf"(?:{I_AM}|I've been )(?!\w+ing\b)(?:an? |the )?(?:[\w-]+ ){{0,2}}?(?P<x>{lex.JOBS})\b(?! in (?:a|the|my) "
        rf"(?:dream|past))",
    ),
    pattern(
        "fact",
        "job",
        rf"{I_DO}start(?:ed)? (?:(?:a|my) (?:new )?job |working |work |out )?(?P<at>as (?=an?\b)|at (?=an?\b)|(?<=k "
        rf")(?:at|in|for|"
        rf"with) |(?<=g )(?:at|in|for|with) |(?<=job )(?:at|in|for|with) ){PLACE}",
        "you work {at} {x}",
    ),
    pattern(
        "fact",
        "job",
        rf"(?:{I_DO}work|{I_AM}working|{I_DO}(?:have|got) a (?:new |second |summer |holiday |weekend |saturday |"
        rf"sunday |"
        rf"part[- ]time |full[- ]time |night |little |wee )*job(?! interview| offer)|"
        rf"my (?:new )?job is|{I_DO}(?:volunteer|freelance)) (?!so\b|too\b|on\b|"
        rf"hard|out\b|late|christmas|new year|the \w+ shift|today|tonight|tomorrow|"
        rf"professional|as a professional)" + X,
    ),
    pattern(
        "fact",
        "job",
        rf"{I_DO}(?:teach|drive|repair|build|design|bake|waitress|wait tables|bartend|babysit|intern|tutor|temp|"
        rf"(?:run|own|manage) (?=an?\b|the\b|my\b|our\b))(?! ?(?:me\b|"
        rf"you\b|every\b|my (?:dog|cat|kids?|sister|brother|mum|mom|dad|friends?|parents|family|teacher|"
        rf"neighbou?rs?)\b|"
        rf"out\b|late|away|into|to\b|a bath|home\b|with\b|in the (?:morning|park)|on\b)) ?" + X,
    ),
    pattern(
        "fact",
        "study",
        rf"(?:{I_DO}(?:study|major in|go to (?=(?:st|saint)\.? |.*(?:school|college|sixth form|uni|university|"
        rf"academy|high\b)))|"
        rf"{I_AM}(?:at (?=(?:st|saint)\.? (?-i:[A-Z])|(?-i:[A-Z])[\w']+(?: \w+)? (?:school|college|uni|"
        rf"university|academy|"
        rf"high)\b)|studying|majoring in|(?:doing|getting|finishing|starting) (?:my |an? )?(?:phd|degree|masters|a[- "
        rf"]levels?|gcses?|btec|"
        rf"nvq|apprenticeship|foundation year|highers|leaving cert)|at "
        rf"(?:uni|university|college)|in (?:my )?.*(?:year|grade|school|college|uni)|in class \d+|a (?:freshman|"
        rf"sophomore|junior|senior)|training to (?:be|become)|reading (?!.*\bbook).+ at (?=(?-i:[A-Z])))|my major is|"
        rf"{I_DO}majored in|"
        rf"{I_AM}(?:doing|getting|finishing|pursuing) (?:my |an? )?(?:b\.?tech|b\.?sc|b\.?com|b\.?a|m\.?a|m\.?sc|mba|"
        rf"mbbs|ll\.?b|"
        rf"diploma|bachelor'?s?|undergrad\w*|master'?s|law|medicine|nursing|engineering)\b)" + r"(?P<x>.*)",
    ),
    pattern(
        "relationship",
        "partner",
        r"(?:I'm|I am|I got) (?P<x>engaged|married) to (?:(?:my )?(?-i:[A-Z])\w+|an? \w+|someone|"
        r"(?:my|the) (?:boyfriend|girlfriend|husband|wife|partner|best friend|childhood .+|high.?school .+|love of "
        r".+)).*",
    ),
    pattern(
        "relationship",
        "partner",
        rf"{I_AM}(?:dating|seeing|going out with|in a relationship with) (?:(?:this|an?) (?:\w+ )?(?:guy|girl|boy|"
        rf"man|woman|lad|"
        rf"person|someone),? (?:called|named) |someone (?:called|named) )?(?P<x>(?-i:[A-Z])\w+|{lex.GIVEN_NAMES})\b",
        "you are going out with {x}",
    ),
    pattern("relationship", "family:only child", rf"{I_AM}an only child"),
    pattern(
        "relationship",
        "family:children",
        rf"(?:I'm )?(?:having|with) (?P<x>(?:{lex.NUMBER}|\d+) (?:[\w-]+ )?(?:kids|children|boys|girls|sons|"
        rf"daughters|toddlers|"
        rf"teenagers)(?: under \w+)?)(?= (?:means|is|keeps|leaves|at home|to feed|in the house|in tow)\b)",
        "you have {x}",
    ),
    pattern(
        "fact",
        "health:{x}",
        rf"{I_DO}(?:have|got) (?:got )?(?P<x>adhd|asthma|diabetes|epilepsy|dyslexia|coeliac disease|"
        rf"celiac disease|hay ?fever|"
        rf"tinnitus|arthritis)\b",
    ),
    pattern("fact", "trait:{x}", rf"(?:{I_AM}|I've been )(?P<x>{lex.TRAITS})\b(?! to\b| and tired| of\b)"),
    pattern(
        "fact",
        "fear:{x}",
        rf"{I_AM}(?:so |quite |a bit |absolutely )?(?:terrified|scared|afraid|frightened|petrified) of "
        rf"(?!you\b|that\b|it\b|this\b|him\b|her\b|them\b|what\b|how\b|losing)" + X,
    ),
    pattern(
        "fact", "allergy:{x}", rf"{I_AM}(?:\w+ )?(?:allergic to|intolerant to) (?!mornings|mondays|work|people)" + X
    ),
)
