"""Words that the grammar knows, as alternatives of a regular expression."""

PARENTS = r"mum|mam|mom|mummy|mama|mother|dad|daddy|papa|father|parent|grandma|grandmother|grandpa|grandad|nan"
PARTNERS = r"boyfriend|girlfriend|husband|wife|fianc[eé]e?|partner|mother|father|mum|mam|mom|dad|best friend|twin"
FAMILY = (
    PARTNERS + r"|parents|(?:twin |little |big |older |younger |baby |half |step)?-?(?:sister|brother)s?|"
    r"siblings?|sons?|daughters?|kids?|"
    r"child(?:ren)?|baby|grand(?:mother|father|ma|pa|mum|dad|parents|daughter|son)|granny|nan|nana|nanny|gran|"
    r"grandad|granddad|mummy|mommy|mama|mamma|papa|daddy|amma|appa|nani|nonna|nonno|abuela|abuelo|gramps|"
    r"aunt(?:ie)?|uncle|cousins?|nephews?|nieces?|step(?:mum|mom|dad|mother|father)|"
    r"(?:mother|father|sister|brother)-in-law"
)
CIRCLE = (
    r"(?:best |old |close |good )?friends?|bestie|bff|roommate|flatmate|housemate|neighbou?r|"
    r"boss|manager|teacher|coach|colleague|co-?worker|tutor|bandmate|landlord|landlady|"
    r"ex|mate|crush"
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
    r"birds|horses|ponies|fish|goldfish|gerbils|lizards|geckos|snakes|ferrets|hedgehogs|tortoises|budgies|turtles|"
    r"rats|mice|chickens|hens|ducks|goats"
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
    r"housewife|stay[- ]at[- ]home (?:mum|mom|dad|parent)|sound technician|technician|tour guide|"
    r"coach|trainer|bookseller|bus driver|trucker|organist|cellist|bassist|vocalist|composer|conductor|choreographer|"
    r"beekeeper|shepherd|brewer|butcher|joiner|roofer|optician|optometrist|radiographer|anaesthetist|warden|curator|"
    r"archivist|archaeologist|statistician|actuary|auditor|dietitian|nutritionist|masseuse|stylist|sculptor|weaver|"
    r"teaching assistant|head ?teacher|headmaster|headmistress|postwoman|milkman|fireman|policeman|policewoman"
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
    r"deaf|partially deaf|hard of hearing|blind|partially sighted|left[- ]handed|right[- ]handed|ambidextrous|"
    r"colou?r[- ]?blind|the (?:oldest|eldest|youngest|middle child)(?: of \w+)?|married|"
    r"engaged|divorced|widowed|single|"
    r"coeliac|celiac|diabetic|asthmatic|dyslexic|dyspraxic|epileptic|autistic|anaemic|"
    r"retired|unemployed|a twin|a morning person|a night owl|an introvert|an extrovert|"
    r"an early bird|adopted|a single (?:mum|mom|dad)|"
    r"an? (?:big |avid |keen |huge )?(?:gamer|reader|runner|climber|cyclist|swimmer|hiker|foodie)|a vegetarian|"
    r"homeschooled|bilingual"
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
    r"the (?:job|keys|part|(?:lead |main |title )?role|lead|internship|scholarship)|into|accepted|my (?:first|results|"
    r"licen[cs]e|degree|tickets))|"
    r"finished|signed|adopted|bought|won|lost my|had my (?:first|last)|met my|started|turned|moved|"
    r"decided to|came out|gave birth|proposed|retired|ran my first|published|launched|"
    r"was hired|was promoted|was accepted|enrolled|signed up|booked|celebrated (?:my|our)|had (?:my|our) (?:\w+ )?"
    r"(?:baby|child|son|daughter|boy|girl|twins)"
)
FAVOURITE = r"fav(?:ou?rite|e)?"
PURSUITS = (
    r"karate|judo|taekwondo|jiu[- ]jitsu|boxing|kickboxing|ballet|tap|ballroom|gymnastics|athletics|parkour|yoga|"
    r"pilates|archery|fencing|drama|theatre|musical theatre|choir|debating|robotics|pottery|photography|calligraphy|"
    r"cross[- ]country|track|swimming|rowing|cheerleading|cheer|improv|stand[- ]up|magic tricks|jigsaws|puzzles"
)
POSITIONS = (
    r"goalkeeper|goalie|keeper|striker|defender|midfielder|winger|captain|skipper|scrum[- ]half|fly[- ]half|"
    r"point guard|setter|bowler|cox|lead singer|frontman|frontwoman|drummer|bassist|guitarist|singer|vocalist|"
    r"conductor|"
    r"treasurer|secretary|chair|chairperson|president|referee|umpire|caller"
)
# First names as they are typed without a capital; those that are common words too are left out.
GIVEN_NAMES = (
    r"aaron|abby|abigail|adam|adele|adrian|ahmed|aidan|aisha|aisling|alan|alana|albert|alejandro|alex|alexa|alexander|"
    r"alfie|ali|alice|alicia|alison|amanda|amara|amber|amelia|amina|amir|amy|ana|andre|andrea|andrew|angela|angus|"
    r"anika|anita|anna|annie|anthony|antonio|aoife|archie|ariana|arjun|arthur|arya|asha|ashley|ava|ayesha|barbara|"
    r"beatrice|becky|bella|ben|benjamin|beth|bethany|billie|billy|bianca|bradley|brandon|brenda|brian|bridget|bruno|"
    r"callum|cameron|camila|carla|carlos|carmen|carol|caroline|cathy|catherine|charlie|charlotte|chelsea|chiara|chloe|"
    r"chris|christina|christopher|cian|ciara|claire|clara|claudia|connor|conor|craig|cynthia|daisuke|dan|daniel|"
    r"daniela|danny|darren|dave|david|deborah|declan|denise|dennis|deepa|diana|diego|dominic|donna|doris|dylan|eddie|"
    r"edward|eilidh|elaine|elena|eleanor|elijah|eliza|elizabeth|ella|ellen|ellie|emilia|emily|emma|eric|erin|esther|"
    r"ethan|eva|evan|evie|farah|fatima|felix|fernando|finlay|finn|fiona|frances|francesca|frank|freddie|freya|gabriel|"
    r"gareth|gavin|gemma|george|georgia|georgina|gianna|giulia|greg|hamish|hannah|harriet|harry|harvey|hassan|hayley|"
    r"hazel|heather|heidi|helen|henry|holly|hugo|ian|ibrahim|imogen|ines|ingrid|irene|isaac|isabel|isabella|isla|"
    r"ismail|"
    r"ivan|jacob|jade|jake|jamal|james|jamie|jane|janet|jasmine|jason|javier|jean|jenna|jennifer|jenny|jess|jessica|"
    r"jesse|joanna|joe|joel|johan|john|johnny|jon|jonathan|jordan|jorge|jose|joseph|josh|joshua|juan|judith|julia|"
    r"julian|"
    r"julie|juliet|kai|karen|karim|karl|kate|katherine|kathleen|katie|kayla|keira|keith|kelly|kenji|kevin|khadija|"
    r"kieran|"
    r"kirsty|kofi|kwame|kyle|lara|laura|lauren|layla|leah|lee|leila|lena|leo|leon|lewis|liam|lilly|lily|linda|lisa|"
    r"lola|"
    r"lorenzo|lorna|louis|louise|luca|lucas|lucy|luis|luke|luna|lydia|maddie|maisie|malik|marco|marcus|margaret|maria|"
    r"mariam|marie|marina|mario|martha|martin|martina|mary|mateo|matilda|matteo|matthew|maya|megan|mehmet|mei|melanie|"
    r"melissa|mia|michael|michelle|miguel|mike|millie|mina|mohamed|mohammed|mollie|molly|monica|muhammad|nadia|naomi|"
    r"natalia|natalie|natasha|nathan|neha|neil|niall|niamh|nicholas|nicola|nicole|nigel|nikhil|nina|noah|noor|oisin|"
    r"olga|oliver|olivia|omar|orla|oscar|owen|pablo|paolo|patricia|patrick|paul|paula|pedro|peter|philip|phoebe|poppy|"
    r"priya|rachel|rahul|raj|rania|raphael|ravi|rebecca|rhys|ricardo|richard|rita|rob|robert|roberto|robin|ronan|rory|"
    r"rosa|rosie|ross|roxanne|ruby|ruth|ryan|saanvi|sadie|saima|sally|sam|samantha|samir|samuel|sandra|sara|sarah|"
    r"sasha|"
    r"scott|sean|sebastian|seren|shannon|sharon|shaun|simon|sinead|siobhan|sofia|sonia|sophia|sophie|stacey|stefan|"
    r"stella|stephanie|stephen|steve|steven|stuart|susan|suzanne|sven|tamara|tanya|tara|tegan|teresa|theo|theresa|"
    r"thomas|"
    r"tim|timothy|tina|toby|tomas|tommy|tony|tracey|tyler|valentina|vanessa|vera|veronica|victor|victoria|vincent|"
    r"vivian|wei|wendy|william|xavier|yara|yasmin|yuki|yusuf|zach|zachary|zadie|zainab|zara|zoe"
)
NUMBER = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
# How a date begins.
DATED = (
    r"(?:(?:on|this|next|in|the|early|late|a|of|coming|about)[ -])*(?:\d{1,2}(?:st|nd|rd|th)?\b(?! (?:one|"
    r"times?|hours?|"
    r"minutes?|songs?|of them)\b)|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|tomorrow\b|tonight\b|today\b|week\b|"
    r"weekend\b|month\b|fortnight\b|spring\b|summer\b|autumn\b|winter\b|christmas\b|halloween\b|"
    r"(?:two|three|four|five|six) (?:days|weeks|months)\b|"
    r"(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|may\b)"
)
CONTRACTIONS = {
    "im": "I'm", "ive": "I've", "dont": "don't", "cant": "can't", "didnt": "didn't", "isnt": "isn't", "wasnt": "wasn't",
    "doesnt": "doesn't", "havent": "haven't", "wont": "won't", "arent": "aren't", "u": "you", "ur": "your",
    "gonna": "going to",
    "gf": "girlfriend", "bf": "boyfriend", "bday": "birthday", "bc": "because", "cuz": "because", "cos": "because",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow", "tomorrrow": "tomorrow",
    "brithday": "birthday", "birtday": "birthday", "borther": "brother", "freind": "friend", "favorit": "favorite",
    "favourit": "favourite", "ya": "you", "wanna": "want to", "i": "I", "teh": "the", "wnet": "went",
    "tuesady": "tuesday", "nxt": "next", "r": "are", "thru": "through", "bcz": "because", "bcoz": "because",
    "becoz": "because", "lil": "little", "b4": "before", "frnd": "friend", "frnds": "friends", "xmas": "Christmas",
    "prolly": "probably", "wud": "would", "cud": "could", "shud": "should", "hav": "have", "iam": "I am",
    "hubby": "husband", "wifey": "wife", "2mrw": "tomorrow", "skool": "school", "nite": "night", "wknd": "weekend",
    "shes": "she's", "hes": "he's", "theyre": "they're", "youre": "you're", "thats": "that's", "whats": "what's",
    "theres": "there's", "weve": "we've", "theyve": "they've", "youve": "you've", "lets": "let's", "whos": "who's",
    "aint": "ain't", "wouldnt": "wouldn't", "couldnt": "couldn't", "shouldnt": "shouldn't", "hasnt": "hasn't",
    "hadnt": "hadn't", "werent": "weren't", "mustnt": "mustn't", "itll": "it'll", "ull": "you'll", "urs": "yours",
    "yr": "year", "w": "with", "evry1": "everyone", "every1": "everyone", "every1s": "everyone's", "ppl": "people",
    "pls": "please", "plz": "please", "fam": "family", "sis": "sister", "bro": "brother", "tmoz": "tomorrow",
    "2moro": "tomorrow", "2morrow": "tomorrow", "2nite": "tonight", "tonite": "tonight", "2day": "today",
    "til": "until",
    "wks": "weeks", "yrs": "years", "gotta": "got to", "luv": "love", "learnin": "learning",
    "workin": "working", "livin": "living", "playin": "playing", "goin": "going",
    "cus": "because", "coz": "because", "n": "and", "rly": "really", "rlly": "really", "abt": "about", "sm1": "someone",
    "bestfriend": "best friend", "bffs": "best friends", "favs": "favourites",
}  # fmt: skip
