"""What a text states about somebody, as far as a few plain English forms tell it: for finding two that differ.

Narrow on purpose. A form that is not here is not compared, so what is found is worth reading.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from conversations.rehearsal.measures.words import plain, sentences, words

Role = Literal["fan", "persona"]
Value = frozenset[str] | bool


@dataclass(frozen=True, slots=True)
class Claim:
    """Of `whom` (fan, persona, artist, or a title), what it is about, and what is said of it."""

    whom: str
    about: str
    value: Value
    text: str

    def contradicts(self, other: "Claim") -> bool:
        """About the same, and nothing in common."""
        if (self.whom, self.about) != (other.whom, other.about):
            return False
        if isinstance(self.value, bool) or isinstance(other.value, bool):
            return self.value != other.value
        return not self.value & other.value


def claims(text: str, role: Role, artist: str) -> list[Claim]:
    """What `role` states in this text. `artist`: the name of whom the persona speaks in the third person."""
    named = re.compile(rf"\b{re.escape(plain(artist).split()[0])}(?: {re.escape(plain(artist).split()[-1])})?\b")
    found: list[Claim] = []
    for sentence in sentences(text):
        if not sentence.rstrip("”\"' ").endswith("?"):
            clean = named.sub("_artist", plain(sentence))
            found += [claim for form in _FORMS for claim in form(clean, role, sentence)]
    return found


_SMALL = frozenset(words("a an the is was are of in on at to for and or it that this my your her his one very really"))
_NUMBERS = words("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen")
_NUMBER = r"\d+|" + "|".join(_NUMBERS)
_OWNER = r"(?P<whom>my|your|_artist's)"
_WHO = r"(?<!\w)(?P<whom>i|you|_artist)(?!\w)"
_REST = r"(?P<value>[^.!?,;:…()]+)"
_AM = r"(?:'m|'re|'s| am| are| is)"
_LIKES, _DISLIKES = "love|loves|like|likes|adore|adores|enjoy|enjoys", "hate|hates|dislike|dislikes|despise|loathe"


def _favourites(text: str, role: Role, told: str) -> Iterator[Claim]:
    for hit in re.finditer(rf"{_OWNER} favou?rite (?P<what>\w+(?: \w+)?) (?:is|was|are|has to be) {_REST}", text):
        yield Claim(_whom(hit, role), f"favourite {hit['what']}", _content(hit["value"]), told)


def _names(text: str, role: Role, told: str) -> Iterator[Claim]:
    forms = (
        rf"{_OWNER} (?:\w+ ){{0,2}}?(?P<what>\w+)(?: is|'s|,)? (?:called|named) (?P<value>\w+)",
        rf"{_OWNER} (?P<what>\w+)'s name is (?P<value>\w+)",
        rf"{_OWNER} (?P<what>dog|cat|sister|brother|rabbit|hamster|horse|mum|mom|dad) (?P<value>\w+),? (?:is|was|has)",
    )
    for hit in _hits(forms, text):
        yield Claim(_whom(hit, role), f"name of {hit['what']}", _content(hit["value"]), told)


def _homes(text: str, role: Role, told: str) -> Iterator[Claim]:
    forms = (rf"{_WHO} (?:live|lives) in (?P<value>\w+)", rf"{_WHO}(?:{_AM}| come| comes) from (?P<value>\w+)")
    for about, form in zip(("home", "origin"), forms, strict=True):
        for hit in re.finditer(form, text):
            yield Claim(_whom(hit, role), about, _content(hit["value"]), told)


def _ages(text: str, role: Role, told: str) -> Iterator[Claim]:
    for hit in re.finditer(rf"{_WHO}{_AM} (?P<value>{_NUMBER})(?: years old|(?= ?(?:$|[.!,])))", text):
        yield Claim(_whom(hit, role), "age", _number(hit["value"]), told)


def _counts(text: str, role: Role, told: str) -> Iterator[Claim]:
    had = rf"{_WHO}(?:'ve| have| has)(?: got)? (?P<value>{_NUMBER}) (?P<what>[a-z]{{3,}})"
    for hit in re.finditer(had, text):
        yield Claim(_whom(hit, role), f"number of {hit['what'].rstrip('s')}", _number(hit["value"]), told)
    titles = re.findall(r"“([^”]+)”", text)
    if len(titles) == 1:
        yield from _counts_of(titles[0], text.replace(titles[0], ""), told)


def _counts_of(title: str, text: str, told: str) -> Iterator[Claim]:
    """What a sentence counts of the one title that it names."""
    pairs = re.findall(rf"(?<![\w-])({_NUMBER}) (songs?|tracks?|minutes|copies|verses)(?!\w)", text)
    for value, what in pairs:
        if sum(other == what for _, other in pairs) == 1:
            yield Claim(f"“{title}”", f"number of {what.rstrip('s')}", _number(value), told)


def _likings(text: str, role: Role, told: str) -> Iterator[Claim]:
    form = (
        rf"{_WHO}(?P<not> (?:do not|don't|does not|doesn't|never))? (?:really |still |just )?"
        rf"(?P<verb>{_LIKES}|{_DISLIKES}|(?:can't|cannot|can not) stand) (?P<value>(?:\w+ ?){{1,3}})"
    )
    for hit in re.finditer(form, text):
        what = " ".join(word for word in words(hit["value"]) if word not in _SMALL)
        if what:
            likes = bool(re.fullmatch(_LIKES, hit["verb"])) != bool(hit["not"])
            yield Claim(_whom(hit, role), f"liking {what}", likes, told)


def _abilities(text: str, role: Role, told: str) -> Iterator[Claim]:
    for hit in re.finditer(rf"{_WHO} (?P<can>can't|cannot|can not|can) (?P<what>\w+(?: \w+)?)", text):
        yield Claim(_whom(hit, role), f"can {hit['what']}", hit["can"] == "can", told)


_FORMS: tuple[Callable[[str, Role, str], Iterator[Claim]], ...] = (
    _favourites,
    _names,
    _homes,
    _ages,
    _counts,
    _likings,
    _abilities,
)


def _hits(forms: tuple[str, ...], text: str) -> Iterator[re.Match[str]]:
    for form in forms:
        yield from re.finditer(form, text)


def _whom(hit: re.Match[str], role: Role) -> str:
    if hit["whom"].startswith("_artist"):
        return "artist"
    own = hit["whom"] in ("i", "my")
    return role if own else {"fan": "persona", "persona": "fan"}[role]


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if word not in _SMALL)


def _number(text: str) -> frozenset[str]:
    return frozenset({str(_NUMBERS.index(text) + 1) if text in _NUMBERS else text})
