"""Secrets and special categories: what may be kept of them, in memories and in the archive alike.

A recogniser reads text only. It errs towards recognising: a harmless line lost costs less than a secret kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Rule = Literal["store", "consent", "never"]


@dataclass(frozen=True, slots=True)
class Category:
    """One row of the table. `found(text)`: does the text hold it?"""

    name: str
    rule: Rule
    found: Callable[[str], bool]


def category_of(text: str) -> str:
    """The name of the strictest category that the text holds, or ""."""
    return next((category.name for category in CATEGORIES if category.found(text)), "")


def rule_for(category: str) -> Rule:
    """The rule of a category by its name; no category is stored, one that is not known needs consent."""
    return "store" if not category else _RULES.get(category, "consent")


def may_keep(category: str, *, consent: bool) -> bool:
    """May this be stored, given whether the fan allowed `special_categories` when she said it?"""
    rule = rule_for(category)
    return rule == "store" or (rule == "consent" and consent)


def _words(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.I)
    return lambda text: compiled.search(text) is not None


_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


def _is_card(text: str) -> bool:
    """13 to 19 digits, spaced or not, whose Luhn sum is right."""
    return any(_luhn([int(digit) for digit in found[0] if digit.isdigit()]) for found in _DIGITS.finditer(text))


def _luhn(digits: list[int]) -> bool:
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return any(digits) and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_IBAN = re.compile(r"\b([A-Za-z]{2})(\d{2})((?: ?[A-Za-z0-9]{2,4}){3,8})\b")


def _is_iban(text: str) -> bool:
    return any(_iban_sum(found[3].replace(" ", "") + found[1] + found[2]) for found in _IBAN.finditer(text))


def _iban_sum(turned: str) -> bool:
    return len(turned) >= 15 and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


_ACCESS = (
    r"\b(pass ?word|pass ?phrase|passwort|pass ?code|pin(?: code| number)?|seed phrase|recovery (?:code|phrase)|"
    r"security code|cvv|cvc|one[- ]time code|api key|secret key|private key|log ?in code)\b"
    r"(?:(?: \w+){0,4} (?:is|are|was)\b|['’]s\b| ?[:=])|\bsk-[\w-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY"
)
_IDENTITY = (
    r"\b(passport|social security|ssn|national insurance|driv(?:er'?s|ing) licen[cs]e|tax|identity card|id card|"
    r"personal(?:ausweis)?|nhs|insurance|account)(?: \w+){0,3}? ?(?:number|no\.?|nr\.?|id)?"
    r"(?: is|'s|:|=)? *[a-z]{0,3}[- ]?\d[\d\w -]{4,}|\b\d{3}-\d{2}-\d{4}\b|\b[a-ceghj-pr-tw-z]{2} "
    r"?\d{2} ?\d{2} ?\d{2} ?[a-d]\b"
)
_HEALTH = (
    r"\b(diagnos\w+|cancer|tumou?r|chemo\w*|diabet\w+|insulin|asthma\w*|epilep\w+|migraines?|hiv|aids|hepatitis|"
    r"depress(?:ed|ion|ive)|anxiety|panic attacks?|bipolar|schizo\w+|adhd|autis\w+|ptsd|ocd|bulimi\w+|anorexi\w+|"
    r"eating disorder|self[- ]harm\w*|suicid\w+|therap(?:y|ist)|psychiatrist|antidepressants?|medication|meds|"
    r"pregnan\w+|miscarriage|abortion|disab(?:led|ility)|dyslexi\w+|wheelchair|surgery|"
    r"operation|allerg\w+|coeliac|celiac|"
    r"deaf|hard of hearing|partially sighted|hearing aids?|(?:i'm|i am|you're|you are) blind|in rehab|sober|"
    r"alcoholic|addict(?:ed to (?:pills|drugs|alcohol)|ion)|chronic \w+|lupus|arthritis|covid|"
    r"hospitali[sz]ed|in (?:the )?hospital|period pains?|endometriosis|transplant|kidney|dialysis)\b"
)
_SEXUALITY = (
    r"\b(i(?:['’]?m| am)|you(?:['’]re| are)|as an?|identify as|came out(?: as)?(?: \w+)?|"
    r"coming out(?: as)?) (?:an? |to )?"
    r"(?:gay|lesbian|bi(?:sexual)?|queer|asexual|pansexual|straight|trans(?:gender)?|non-?binary|parents|family)\b|"
    r"\b(homosexual|bisexual|asexual|pansexual|transgender|lgbtq?\w*|my sexuality|sex life|had sex|sleeping with|"
    r"came out (?:to|as)|coming out (?:to|as)|virgin)\b"
)
_RELIGION = (
    r"\b(muslim|islam\w*|christian|catholic|protestant|orthodox|jew(?:ish)?|hindu|buddhist|"
    r"sikh|atheist|agnostic|mormon|"
    r"jehovah\w*|my (?:faith|religion|church|mosque|synagogue|temple)|i pray|you pray|"
    r"(?:go|going|went) to (?:church|mosque|mass)|"
    r"ramadan|baptis\w+|bar mitzvah|believe in (?:god|allah))\b"
)
_POLITICS = (
    r"\b(i|you) (?:vote|voted) (?:for )?\w+|\b(?:republican|democrat|tory|conservative party|labour party|communist|"
    r"socialist|trade union member|my union)\b"
)
_ETHNICITY = r"\bmy (?:race|ethnicity|skin colou?r)\b|\bi(?:['’]?m| am) (?:black|white|mixed[- ]race|roma|biracial)\b"
_CRIME = r"\b(my conviction|criminal record|on probation|went to prison|in prison|arrested)\b"

# The strictest first: the first row that recognises the text names it.
CATEGORIES: tuple[Category, ...] = (
    Category("card_number", "never", lambda text: _is_card(text) or _is_iban(text)),
    Category("password", "never", _words(_ACCESS)),
    Category("identity_number", "consent", _words(_IDENTITY)),
    Category("health", "consent", _words(_HEALTH)),
    Category("sexuality", "consent", _words(_SEXUALITY)),
    Category("religion", "consent", _words(_RELIGION)),
    Category("politics", "consent", _words(_POLITICS)),
    Category("ethnicity", "consent", _words(_ETHNICITY)),
    Category("crime", "consent", _words(_CRIME)),
)
_RULES = {category.name: category.rule for category in CATEGORIES}
