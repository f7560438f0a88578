"""Whom the fan speaks of: family, friends and pets, and the names that they are given later."""

import re
from dataclasses import dataclass

from memory.extraction.offline import lexicon, people, wording

# Of these one may have several: the name tells which.
_MANY = re.compile(r"sister|brother|friend|cousin|son|daughter|uncle|aunt|nephew|niece|colleague|teacher|neighbour")
_SIZES = re.compile(r"^(?:little|big|older|elder|younger|baby|old|close|good|twin|step|half) ?-?(?=\w)")
_OTHER = re.compile(r"\b(?:other|another|second|new)\b", re.I)
_GIVEN = re.compile(
    r"^(?:,|:)?(?: (?:called|named|by the name of))? ?(?P<x>(?-i:[A-Z])[\w'’-]+)(?![\w'’-]| and\b)", re.I
)
_NAMES = re.compile(r"\b(?:called|named|name|is|are|have|has|got|adopted|bought|rescued|own)\b|'s\b|'ve\b", re.I)
_SAYS_NAME = re.compile(r"\b(?:called|named|name(?:'s| is))\b", re.I)
_SEVERAL = re.compile(r"\b(?:other|another|second|new|two|three|\d)\b|s$", re.I)


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody in the fan's life. `by_name` says no more than what they are called."""

    text: str
    subject: str
    name: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who can be called by a name that comes later. `told` is how the fan is told of them."""

    told: str
    subject: str


_TELLS = re.compile(rf"^\W*(?:(?:is|are|was|were|has|have|loves?|likes?|hates?|and|who|from|'s)\b|{people.DOES})", re.I)
_PASSING = re.compile(r"^\W*(?:is|are|was|were|'s) (?:\w+ )?(?:\w+ing|so|really|very|being)\b", re.I)


def role(clause: str) -> Role | None:
    """Who a clause is about, or None."""
    for pattern in people.ROLES:
        found = pattern.clause.match(clause)
        if found:
            return _role(clause, found, pattern.subject)
    return None


def _role(clause: str, found: re.Match[str], subject: str) -> Role:
    who, name = _SIZES.sub("", found["who"].casefold()), _name(found)
    several = bool(_SEVERAL.search(clause[: found.end("who")])) or bool(_MANY.fullmatch(who))
    if several:
        which = wording.slug(name) or ("other" if _OTHER.search(clause) else "")
        subject = f"{subject}:{which}" if which else subject
    subject = subject.format(who=who)
    by_name = f"your {found['who']} is called {name}"
    rest = found["rest"]
    tells = _TELLS.match(rest) if rest.strip() else _NAMES.search(clause)
    says_no_more = name and not _SAYS_NAME.search(clause) and (not tells or _PASSING.match(rest))
    return Role(by_name if says_no_more else wording.turned(clause), subject, name, by_name)


def _name(found: re.Match[str]) -> str:
    """The name in a clause, with a capital; "" without one."""
    groups = found.groupdict()
    given = _GIVEN.match(groups["rest"]) if "x" not in groups else None
    name = (given["x"] if given else groups.get("x") or "").strip()
    return name if name != name.casefold() else name.title()


def name_later(clause: str) -> str:
    """The name in “her name is Ines” or “named him Waffles”, or ""."""
    later = people.NAMED_LATER.match(clause)
    name = people.NAMED.match(clause, later.end()) if later and later.end() else None
    return name[0].strip() if name else ""


def bearer_in(text: str) -> Bearer | None:
    """Whom the text speaks of last."""
    found = list(people.BEARER.finditer(text))
    if not found:
        return None
    last = found[-1]
    if last["owner"]:
        owner, theirs = last["owner"].split(" ", 1)[1].casefold(), last["theirs"].casefold()
        return Bearer(f"your {owner}'s {theirs}", f"family:{owner}:{theirs}")
    who = last["who"].casefold()
    kind = "pet" if re.fullmatch(lexicon.PETS, who) else "family"
    return Bearer(f"your {who}", f"{kind}:{who}")
