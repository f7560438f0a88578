"""Words that the grammar knows, as alternatives of a regular expression."""

PARTNERS = r"boyfriend|girlfriend|husband|wife|fianc[eé]e?|partner|mother|father|mum|mom|dad|best friend|twin"
FAMILY = (
    PARTNERS + r"|parents|(?:twin |little |big |older |younger |baby |half |step)?-?(?:sister|brother)s?|"
    r"siblings?|sons?|daughters?|kids?|"
    r"child(?:ren)?|baby|grand(?:mother|father|ma|pa|mum|dad|parents|daughter|son)|granny|nan|nana|grandad|granddad|"
    r"aunt(?:ie)?|uncle|cousins?|nephews?|nieces?|step(?:mum|mom|dad|mother|father)|"
    r"(?:mother|father|sister|brother)-in-law"
)
CIRCLE = (
    r"(?:best |old |close |good )?friends?|bestie|bff|roommate|flatmate|housemate|neighbou?r|"
    r"boss|manager|teacher|coach|colleague|co-?worker|tutor|bandmate|landlord|landlady|"
    r"ex|mate"
)
PETS = (
    r"dog|puppy|pup|cat|kitten|kitty|rabbit|bunny|hamster|guinea pig|gerbil|parrot|budgie|"
    r"cockatiel|canary|bird|horse|pony|"
    r"fish|goldfish|turtle|tortoise|snake|gecko|lizard|iguana|ferret|rat|mouse|chicken|hen|duck|goat|donkey|hedgehog|"
    r"labrador|lab|poodle|beagle|corgi|dachshund|collie|terrier|retriever|golden retriever|"
    r"husky|pug|greyhound|whippet|spaniel|"
    r"german shepherd|chihuahua|bulldog|dalmatian|mutt"
)
PETS_MANY = (
    r"dogs|puppies|cats|kittens|rabbits|bunnies|hamsters|guinea pigs|parrots|budgies|"
    r"birds|horses|fish|turtles|rats|mice|chickens|hens|ducks|goats"
)
JOBS = (
    r"nurse|midwife|doctor|surgeon|vet|dentist|paramedic|pharmacist|carer|engineer|developer|"
    r"programmer|scientist|chef|cook|"
    r"baker|waiter|waitress|barista|bartender|cashier|clerk|secretary|accountant|lawyer|"
    r"solicitor|judge|police officer|cop|"
    r"firefighter|soldier|pilot|flight attendant|driver|mechanic|electrician|plumber|"
    r"carpenter|builder|welder|farmer|gardener|"
    r"florist|teacher|tutor|lecturer|professor|librarian|student|apprentice|intern|researcher|"
    r"journalist|editor|writer|author|"
    r"poet|artist|painter|illustrator|designer|architect|photographer|film-?maker|actor|"
    r"actress|dancer|singer|musician|drummer|"
    r"guitarist|pianist|violinist|producer|dj|model|hairdresser|barber|tailor|seamstress|"
    r"cleaner|janitor|security guard|postman|"
    r"courier|manager|consultant|analyst|salesperson|estate agent|realtor|social worker|"
    r"psychologist|therapist|physio\w*|"
    r"translator|interpreter|biologist|chemist|physicist|geologist|astronomer|mathematician|"
    r"historian|economist|freelancer|"
    r"tattooist|beautician|lifeguard|nanny|babysitter|childminder|fisherman|sailor|miner|potter|jeweller|blacksmith|"
    r"housewife|stay-at-home (?:mum|mom|dad)|sound technician|technician|tour guide|"
    r"coach|trainer|bookseller|bus driver|trucker"
)
NATIONS = (
    r"brazilian|french|german|spanish|italian|portuguese|dutch|belgian|swiss|austrian|"
    r"polish|czech|danish|swedish|norwegian|"
    r"finnish|irish|scottish|welsh|english|british|american|canadian|mexican|argentin\w+|chilean|colombian|peruvian|"
    r"japanese|korean|chinese|taiwanese|vietnamese|thai|filipin[oa]|indonesian|malaysian|indian|pakistani|bangladeshi|"
    r"turkish|greek|egyptian|moroccan|nigerian|kenyan|ghanaian|south african|ethiopian|russian|ukrainian|romanian|"
    r"hungarian|bulgarian|serbian|croatian|australian|new zealander|kiwi|icelandic|estonian|"
    r"latvian|lithuanian|lebanese|iranian|israeli"
)
LANGUAGES = (
    NATIONS + r"|mandarin|cantonese|hindi|urdu|arabic|hebrew|swahili|tagalog|latin|gaelic|sign "
    r"language|catalan|basque|esperanto"
)
TRAITS = (
    r"left-handed|right-handed|colou?r-?blind|the (?:oldest|youngest|middle child)|married|"
    r"engaged|divorced|widowed|single|"
    r"retired|unemployed|a twin|a morning person|a night owl|an introvert|an extrovert|"
    r"an early bird|adopted|a single (?:mum|mom|dad)|"
    r"a gamer|a reader|a runner|a climber|a vegetarian|homeschooled|bilingual"
)
EVENTS = (
    r"exams?|finals?|tests?|quiz|interview|appointment|operation|surgery|recital|concert|"
    r"gig|show|wedding|funeral|graduation|"
    r"prom|party|trip|holiday|vacation|flight|deadline|thesis|essay|presentation|audition|match|game|race|marathon|"
    r"competition|tournament|date|anniversary|first day|hearing|exhibition|performance|rehearsal|shift|due date|move|"
    r"birthday|ceremony|dentist|course|class|lesson|camp|festival|conference|meeting|results|defen[cs]e|viva"
)
MILESTONES = (
    r"quit|resigned|passed|failed|aced|graduated|dropped out|broke up|split up|got (?:engaged|"
    r"married|divorced|promoted|fired|laid off|"
    r"a (?:new )?(?:job|dog|cat|puppy|kitten|promotion|tattoo|place|scholarship|car)|"
    r"the (?:job|keys|part|role|internship|scholarship)|into|accepted|my (?:first|results|"
    r"licen[cs]e|degree|tickets))|"
    r"finished|signed|adopted|bought|won|lost my|had my (?:first|last)|met my|started|turned|moved|"
    r"decided to|came out|gave birth|proposed|retired|ran my first|published|launched|"
    r"was hired|was promoted|was accepted|enrolled|signed up|booked"
)
FAVOURITE = r"fav(?:ou?rite|e)?"
NUMBER = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
CONTRACTIONS = {
    "im": "I'm", "ive": "I've", "dont": "don't", "cant": "can't", "didnt": "didn't", "isnt": "isn't", "wasnt": "wasn't",
    "doesnt": "doesn't", "havent": "haven't", "wont": "won't", "arent": "aren't", "u": "you", "ur": "your",
    "gonna": "going to",
    "gf": "girlfriend", "bf": "boyfriend", "bday": "birthday", "bc": "because", "cuz": "because", "cos": "because",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow", "tomorrrow": "tomorrow",
    "brithday": "birthday", "birtday": "birthday", "borther": "brother", "freind": "friend", "favorit": "favorite",
    "favourit": "favourite", "ya": "you", "wanna": "want to", "i": "I", "teh": "the", "wnet": "went",
    "tuesady": "tuesday",
}  # fmt: skip
