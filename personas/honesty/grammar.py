"""Templates of phrases compiled for moderation's matcher, so that what it sees through is seen through here as well."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from moderation.contracts import Action, RuleSpec, Side
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Match, Matcher

_DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"<([^<>]+)>")
_CHOICE = re.compile(r"\(([^()]*)\)")


@cache
def read(name: str) -> Mapping[str, Any]:
    """One of the files of data/, without its `about`."""
    content: dict[str, Any] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    content.pop("about")
    return content


def phrases(templates: Sequence[str], words: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Every phrase of the templates, each also without its accents."""
    found = {phrase for template in templates for phrase in _expanded(_filled(template, words))}
    return frozenset(found | {_unaccented(phrase) for phrase in found})


def rule(kind: str, language: str, phrase: str) -> RuleSpec:
    """A phrase for the lexicon; its category tells how a match of it is judged, its id the language."""
    return RuleSpec(language, phrase, Action.BLOCK, Side.OUTPUT, kind)


def matches(lexicon: Lexicon, text: str) -> list[Match]:
    """All places of the text that one of the phrases fits, in order."""
    matcher = Matcher(lexicon)
    matcher.feed(text)
    matcher.finish()
    return sorted(matcher.matches, key=lambda match: (match.start, -match.end))


def _filled(template: str, words: Mapping[str, Sequence[str]]) -> str:
    """The template with its words written out as choices."""
    while found := _WORD.search(template):
        template = template.replace(found[0], f"({'|'.join(words[found[1]])})")
    return template


def _expanded(template: str) -> Iterator[str]:
    choice = _CHOICE.search(template)
    if choice is None:
        yield " ".join(template.split())
        return
    for chosen in choice[1].split("|"):
        yield from _expanded(template[: choice.start()] + chosen + template[choice.end() :])


def _unaccented(phrase: str) -> str:
    if phrase.isascii():
        return phrase
    return "".join(c for c in unicodedata.normalize("NFD", phrase) if unicodedata.category(c) != "Mn")
