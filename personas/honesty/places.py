"""Does a text say where she is? Only what the schedule names at that time may be said (contract: honest presence).

An opening ("I'm in", "see you at") is no claim by itself; a place after it is: a noun of data/places.json, or a name.
Figures of speech have neither.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

from companion.providers.llm.base import ScheduleItem
from moderation.contracts import RuleSpec
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Match
from personas.honesty import grammar
from personas.honesty.speech import Setting, plain

TENSES = ("now", "past", "coming", "doing", "bare", "done", "here")
_PAST = ("past", "done")
_WITHOUT_SUBJECT = ("bare", "done")
# After these the place may stand some words further on: "eating noodles in Shibuya".
_FAR = ("doing", "bare", "past", "done")
LANGUAGES = ("en", "es", "de")
# German writes every noun with a capital, so there a name has to be known.
_CAPITALS_NAME = ("en", "es")
_NEGATORS = {"es": (" no", " nunca", " tampoco")}
_BETWEEN = (
    r"(?:(?:back|middle|edge|corner|window|door|top)\s+of\s+(?:the|a|my|our)\s+)?"
    r"(?:(?!(?:with|about|for|of|that|to|from|and|or|love|like|than|on|in|at)\b)[\w’']+\s+){0,2}?"
)
# What may stand before the place that matters: "from a walk on the beach", "for the night in Leeds".
_ERRAND = (
    r"(?:(?:from|for|to|on)\s+)?(?:(?:a|an|my|the|our)\s+)?(?:\w+\s+)?"
    r"(?:walk|trip|run|swim|drive|night|morning|evening|break|day|yesterday|weekend"
    r"|lunch|dinner|meal|mum|mom|family|friends?)\s+"
)
# The opening's own verb, and where it turns: "sitting", "came back".
_LEAD = r"(?:\w+\s+)??(?:(?:back|off|out|over|up|down|right|just|here|still|alone)\s+){0,2}"
# What stands between a deed and its place; somebody else's place is none of hers.
_MEANWHILE = (
    r"(?:(?:for|with) you\s+)?"
    r"(?:(?!(?:you|your|he|she|they|her|his|their|aria|fans?|who|which|that|if|when|because|but|and|about|like|than)\b)"
    r"[\w’'-]+\s+){0,5}?"
)
# Places that are none.
_FIGURES = re.compile(
    r"\bat home(?=\s+(?:in|with)\b)|\bhome(?=\s+(?:in|with|to|wherever|whenever)\b)"
    r"|\bthe same boat\b|\bat (?:this|the|that|a) stage\b|\btrain of thought\b",
    re.IGNORECASE,
)
_IMAGINED = re.compile(
    r"\bin (?:a|the|that|this|every|my|your) (?:songs?|verse|dreams?|story|chorus|lyrics?|head|mind|imagination)\b"
    r"|\b(?:musically|figuratively|metaphorically|in spirit|in theory|so to speak)\b"
)
_TOMORROW = re.compile(r"\b(?:tomorrow|mañana|morgen)\b")
_TODAY = re.compile(r"\b(?:tonight|today|esta noche|hoy|heute)\b")
_LATER = re.compile(
    r"\b(?:next (?:week|month|year|weekend)|soon|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|in (?:january|february"
    r"|march|april|may|june|july|august|september|october|november|december))\b"
)


def claims_of_place(text: str, schedule: Sequence[ScheduleItem], now: datetime) -> str | None:
    """The words of the first claim of being, having just been or going somewhere that no entry of that time names.

    `now` is aware; its zone says which day is today. `schedule` is all that she may speak of.
    """
    found = (match for match in grammar.matches(_lexicon(), text) if counted(match, text, schedule, now))
    return next((text[match.start : match.end] for match in found), None)


def counted(match: Match, text: str, schedule: Sequence[ScheduleItem], now: datetime) -> bool:
    """Whether an opening's match in this text is a claim that the schedule does not bear out."""
    language, tense = match.rule.id, match.rule.category
    setting = Setting(text, match.start, match.end)
    if text[match.start].isdigit() or setting.asks or setting.quoted or setting.unsaid or setting.quotes_the_fan:
        return False
    if f" {setting.before}".endswith(_NEGATORS.get(language, ())):
        return False
    if _IMAGINED.search(setting.sentence) or (tense in _WITHOUT_SUBJECT and not setting.begins_clause):
        return False
    opening = text[match.start : match.end]
    places = [plain(opening)] if tense == "here" else _places(opening, setting.after, language, far=tense in _FAR)
    if tense in _PAST and not _recent().search(setting.sentence):
        places = [place for place in places if place in _events()]
    named = _named_at(_of_time(schedule, tense, setting.sentence, now))
    return any(not _is_named(place, named) for place in places)


@cache
def lexicon_rules() -> tuple[RuleSpec, ...]:
    """Every opening as a phrase for the matcher."""
    content = grammar.read("places.json")
    return tuple(
        grammar.rule(tense, language, phrase)
        for language in LANGUAGES
        for tense in TENSES
        for phrase in grammar.phrases(content[language].get(tense, ()), content[language]["words"])
    )


@cache
def _lexicon() -> Lexicon:
    return Lexicon(lexicon_rules())


def _places(opening: str, rest: str, language: str, *, far: bool) -> list[str]:
    """The places that follow the opening's last word, in lower case."""
    phrase, found, at = _FIGURES.sub(" ", f"{opening.split()[-1]} {rest}"), [], 0
    while (spot := _spot(language, far=far).match(phrase, at)) is not None:
        found.append(spot[spot.lastindex or 0].casefold())
        at = spot.end()
    return [place for place in found if place.split()[0] not in _no_names()]


def _of_time(schedule: Sequence[ScheduleItem], tense: str, sentence: str, now: datetime) -> list[ScheduleItem]:
    """The entries that a sentence of this tense may speak of."""
    today = now.date()
    if _TOMORROW.search(sentence):
        return [item for item in schedule if item.starts_at.astimezone(now.tzinfo).date() == today + timedelta(days=1)]
    if tense in _PAST:
        return [item for item in schedule if item.starts_at <= now]
    if _TODAY.search(sentence):
        return [item for item in schedule if _is_today(item, now)]
    if tense == "coming" or _LATER.search(sentence):
        return [item for item in schedule if item.ends_at > now]
    return [item for item in schedule if item.starts_at <= now < item.ends_at]


def _is_today(item: ScheduleItem, now: datetime) -> bool:
    return item.ends_at > now and item.starts_at.astimezone(now.tzinfo).date() <= now.date()


def _named_at(entries: Iterable[ScheduleItem]) -> frozenset[str]:
    """Every word and pair of words of the entries' titles, with what it may stand for."""
    found: set[str] = set()
    for entry in entries:
        words = re.findall(r"[\w'’]+", plain(entry.title))
        for term in (*words, *(" ".join(pair) for pair in pairwise(words))):
            found |= _meanings(term)
    return frozenset(found)


def _meanings(term: str) -> frozenset[str]:
    related = (frozenset(group) for group in grammar.read("places.json")["related"] if term in group)
    return frozenset({term}).union(*related)


def _is_named(place: str, named: frozenset[str]) -> bool:
    """`place` may be a claim by itself; then one of its words is the place."""
    meanings = _meanings(place).union(*(_meanings(word) for word in place.split() if word in _nouns()))
    return bool(meanings & named) or named.issuperset(place.split())


@cache
def _spot(language: str, *, far: bool) -> re.Pattern[str]:
    """The next place, with all that leads to it: a known one, or a name by its capital.

    The first word of what it reads is the opening's last: a preposition, a verb, or a place itself ("backstage").
    """
    name = r"[A-ZÀ-Þ][\w-]+(?:\s+[A-ZÀ-Þ][\w-]+)*" if language in _CAPITALS_NAME else r"(?!)"
    lead_in = rf"(?:{_any('spots')})\s+(?:(?:{_any('determiners')})\s+)?"
    bare = r"((?i:home|backstage|onstage|abroad|zuhause|hause))"
    led = rf"(?i:{lead_in})(?:(?i:{_BETWEEN})((?i:{_any('nouns', 'events', 'cities')}))|({name}))"
    meanwhile = rf"(?i:{_MEANWHILE})" if far else ""
    return re.compile(rf"\s*(?i:{_LEAD})(?i:{_ERRAND})?{meanwhile}(?:{bare}|{led})\b(?!['’]\w)")


@cache
def _nouns() -> frozenset[str]:
    return frozenset(grammar.read("places.json")["nouns"])


@cache
def _no_names() -> frozenset[str]:
    return frozenset(grammar.read("places.json")["no_names"])


@cache
def _events() -> frozenset[str]:
    return frozenset(grammar.read("places.json")["events"])


@cache
def _recent() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any('recent')})\b")


def _any(*lists: str) -> str:
    """The words of these lists of places.json as a choice, the longest first."""
    words = [word for name in lists for word in grammar.read("places.json")[name]]
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
