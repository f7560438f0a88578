"""What happens to her on a day: birthdays, plans, milestones; and what is said of a day without being one."""

import re

from memory.extraction.offline import lexicon as lex

BIRTHDAY = re.compile(
    r"(?:it's |it was |today is |tomorrow is |(?:yesterday|today) was )?(?:my (?:\w+ )?)?birthday(?:'s|\b)|"
    r"(?:it's )?my "
    r"(?:\d{1,2}(?:st|nd|rd|th)|sweet "
    r"sixteen)\b(?! \w+ (?:gig|show|concert|time|attempt))|(?:I was |I'm )?born on\b|I was born (?=\d)|dob\b",
    re.I,
)
# “I turn 17 on Friday”: a birthday, and a plan too.
TURNING = re.compile(rf"(?:I|I'm|I'll) (?:turn|turning|turned|be|going to be) (?:\d{{1,2}}|{lex.NUMBER})\b", re.I)
_KIN = rf"(?:{lex.FAMILY}|{lex.CIRCLE}|{lex.PETS})"
_UNIT = (
    r"(?:week|weekend|month|year|term|summer|spring|autumn|winter|morning|afternoon|evening|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
EVENT = re.compile(
    rf"(?:my|our|the(?!.* (?:was|were) )) (?:[\w'-]+ ){{0,3}}?(?:{lex.EVENTS})\b|(?!(?:his|her|their|your|its|the|"
    rf"an?|some|this|that|no|"
    rf"any|every|[\w']+'s)\b)"
    rf"(?:[a-z]\w+ ){{0,2}}?(?:{lex.EVENTS}) (?:is|are|starts?|"
    rf"begins?|on|in|this|next|tomorrow|tonight|today)\b|(?:I|we)(?:'m| am|'re| are|'ve| have|'ll| will)?\b|"
    rf"(?:my|our) (?:old |late )?(?:[\w-]+ )?{_KIN}\b(?!'s (?!\w+ing\b|\d{{1,3}}(?:st|nd|rd|th)\b))|"
    rf"(?:in (?!my\b)\w+|on (?:the )?\w+|(?:next|this|last) {_UNIT}|tomorrow|tonight|today)\b(?! \w+ed\b)"
    rf"(?=.*\b(?:I|we|my|our|{lex.EVENTS})\b)",
    re.I,
)
MILESTONE = re.compile(
    rf"(?:I|we|I've|we've) (?:just |finally |also |already |actually |recently |have "
    rf")*(?:{lex.MILESTONES})\b|(?:I|we) (?:have|got|bought|booked) (?:\w+ )?tickets\b|"
    rf"(?:we're|I'm) (?:having|expecting) a baby\b|my (?:\w+ ){{0,2}}?{_KIN} (?:\w+ )?(?:just )?died\b|"
    rf"my (?:\w+ ){{1,3}}?passed away\b|my (?:\w+ )?{_KIN} (?:just )?had (?:a|her|his|their) (?:\w+ )?(?:baby|twins)\b|"
    rf"(?:I'm|we're) getting (?:married|a divorce|a (?:dog|cat|puppy|kitten))",
    re.I,
)
IDLE = re.compile(
    r"(?:I|we)(?:'m| am|'ve been|'re)? (?:just |so |really |feel\w*|felt|tired|bored|"
    r"sad|happy|fine|good|think|thought|love|like|hate|want|need|hope|slept|sleep|ate|"
    r"woke|guess|know|see|had (?!.*(?:exam|test|interview|appointment|gig|show|recital|"
    r"audition|wedding|date|surgery|operation|funeral|concert|shift))|listened|"
    r"can|could|miss|called|texted|messaged|rang|cried|watched|wonder|wish|have to go|should|was just|am just|live|"
    r"work|study|speak|play|died|dying|dead|done|listening|crying|going to (?:bed|sleep|cry|die|scream))\b",
    re.I,
)
# Of the moment, or about the persona's own doings: nothing that one would ask after a month later.
PASSING = re.compile(
    r"(?:(?:I|we)(?:'m| am|'re| are|'ve been| have been) (?:an? (?!\w+ing\b)|the |your |all |in a |on a |\w+(?:ed|"
    r"y)\b)|"
    r"(?:I|we)(?:'ll| will)? (?:got|get|saw|see|read|heard|hear|found|listen\w*|watch|play|played|replay\w*|"
    r"stream\w*|bought) "
    r"(?:to )?(?:it|this|that|your|all|everything|some|the (?:album|song|video|single|post|news|live))\b|"
    r"(?:I|we) (?:was|were) (?:today|\w+ (?:today|yesterday|last night))\b|(?:I|we) (?:moved on|got over)\b|(?:I|"
    r"we)(?:'ll| will|'m going to|'re going to)? "
    r"\w+ (?:him|her|it|them|that) (?:tonight|tomorrow|in|on|last|this|yesterday|today)\b)",
    re.I,
)
# What is done again and again has no day.
HABIT = re.compile(r"\b(?:always|usually|every|only|often|sometimes|normally|never)\b", re.I)
# A happening that says nothing of what happened: “I did on Wednesday”.
EMPTY = re.compile(
    r"(?:(?:I|we)(?:'m|'ll|'ve|'re)?|did|do|will|have|it|that|this|so|going|to|be|can|was|were|am|are|"
    r"\W)+",
    re.I,
)
