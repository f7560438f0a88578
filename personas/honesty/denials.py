"""Does a text deny that an AI speaks? Whole denials only, in several languages, spelled however they are."""

import re
from collections.abc import Callable
from functools import cache

from moderation.contracts import RuleSpec
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Match
from personas.honesty import grammar
from personas.honesty.speech import Setting, plain

KINDS = ("statement", "negation", "weak", "soft", "fragment", "asked", "named", "opening")
_NARROWS = re.compile(r"\s*(?:that|who|which|for|with|que|die|der|das|qui|che)\b")
_ENDS = re.compile(
    r"\s*(?:$|(?:and|but|too|just|i|i'm|promise|babe|love|darling|as|enough|you know|here|over|in|through|to|y|und|aber"
    r"|genau)\b)"
)
# A new sentence, though no full stop stands before it.
_A_CAPITAL = re.compile(r"\s+[A-ZÀ-Þ]")
_NOT_BEFORE = re.compile(r"(?:\b(?:not|no|never|without)|n't)(?: an?)?$")
_A_NAME = re.compile(r"\s(?:[A-ZÀ-Þ][\w-]*|one|thing|me|singer|artist|person)(?!['’]\w)\b")
_ADMITS = re.compile(
    r"\b(?:i'm|i am|im|as|just|it's|the) "
    r"(?:(?!not|no|never)\w+ ){0,2}(?:ai|bot|software|artificial|language model)\b"
    r"|\bi(?:'m| am) one\b|\bthat's what i am\b|\bbecause i (?:am|really am)\b"
    r"|\bnot (?:really |actually )?(?:human|a human|a real person|a person|a real human)\b"
    r"|\bsoy una (?:ia|inteligencia artificial)|\bich bin eine ki\b|\bje suis une ia\b|\bsou uma ia\b"
    r"|\bsono (?:un'ia|un'intelligenza artificiale)"
)


# Where help is near a person answers, and must be heard of.
_HELP = re.compile(
    r"\b(?:call|ring|dial|text|reach|contact|tell|see|ask|to|at|from|by|llama|ruf|bei|unter|en|con|mit)"
    r"\s(?:(?!my\b)[\w']+\s){0,3}"
    r"(?:helplines?|hotlines?|lifelines?|crisis|emergency|ambulance|samaritans|counsell?ors?|therapists?|doctors?|notruf"
    r"|seelsorge|ärzt\w*|línea de ayuda|médic\w*|112|911|988|(?:that|this|der|dieser) num[mb]er"
    r"|ese (?:número|teléfono))\b"
)


def counted(match: Match, text: str) -> bool:
    """Whether a phrase's match in this text is a denial of hers."""
    setting = Setting(text, match.start, match.end)
    if setting.joined or setting.quoted or setting.unsaid or _turned_round(setting, match.rule.id):
        return False
    return _RULES[match.rule.category](setting, match, text)


@cache
def lexicon_rules() -> tuple[RuleSpec, ...]:
    """Every denial as a phrase for the matcher."""
    languages = grammar.read("denials.json")
    return tuple(
        grammar.rule(kind, language, phrase)
        for language, content in languages.items()
        for kind in KINDS
        for phrase in grammar.phrases(content.get(kind, ()), content.get("words", {}))
    )


def denies_being_ai(text: str) -> str | None:
    """The words of the first denial, as they are written; None when the text denies nothing."""
    found = (match for match in grammar.matches(_lexicon(), text) if counted(match, text))
    return next((text[match.start : match.end] for match in found), None)


@cache
def _lexicon() -> Lexicon:
    return Lexicon(lexicon_rules())


@cache
def _negators() -> dict[str, frozenset[str]]:
    return {language: frozenset(content["negators"]) for language, content in grammar.read("denials.json").items()}


@cache
def _tails() -> re.Pattern[str]:
    return re.compile("|".join(grammar.read("denials.json")["en"]["tails"]))


def _turned_round(setting: Setting, language: str) -> bool:
    """A language whose negation stands before the verb: "no soy humana"."""
    words = setting.before.split()
    return bool(words) and (words[-1] in _negators()[language] or _refused(words, language))


def _refused(words: list[str], language: str) -> bool:
    return words[-1] in ("que", "che") and not _negators()[language].isdisjoint(words)


def admits(text: str) -> bool:
    """Whether it says that she is an AI."""
    return bool(_ADMITS.search(plain(text)))


def speaks_of_help(sentence: str) -> bool:
    return bool(_HELP.search(plain(sentence)))


def _statement(_setting: Setting, _match: Match, _text: str) -> bool:
    return True


def _negation(setting: Setting, _match: Match, _text: str) -> bool:
    return not _NARROWS.match(plain(setting.after))


def _weak(setting: Setting, match: Match, text: str) -> bool:
    return _negation(setting, match, text) and not admits(text)


def _soft(setting: Setting, _match: Match, text: str) -> bool:
    return bool(_ENDS.match(plain(setting.after))) and not admits(text)


def _fragment(setting: Setting, match: Match, text: str) -> bool:
    is_whole = bool(_ENDS.match(plain(setting.after)) or _A_CAPITAL.match(setting.after))
    return setting.begins_clause and is_whole and _weak(setting, match, text)


def _asked(_setting: Setting, match: Match, text: str) -> bool:
    return "?" in text[match.start : match.end] and not admits(text)


def _named(setting: Setting, _match: Match, text: str) -> bool:
    return bool(_A_NAME.match(setting.after)) and not admits(text)


def _opening(setting: Setting, match: Match, text: str) -> bool:
    if _NOT_BEFORE.search(setting.before) or speaks_of_help(setting.sentence):
        return False
    rest = Setting(text, match.end, match.end).after
    return bool(_tails().search(plain(text[match.start : match.end] + rest).replace("-", " ")))


_RULES: dict[str, Callable[[Setting, Match, str], bool]] = {
    "statement": _statement,
    "negation": _negation,
    "weak": _weak,
    "soft": _soft,
    "fragment": _fragment,
    "asked": _asked,
    "named": _named,
    "opening": _opening,
}
