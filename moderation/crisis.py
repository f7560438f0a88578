"""The crisis floor: the self-harm rules that every artist has, and the notice that answers them instead of the persona.

The rules are data (data/crisis_rules.json) compiled into every ruleset. They are no rows, so nobody can remove them by
mistake, and they hold while the database is away. No network, no model: a person at risk is never kept waiting.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from moderation.contracts import Action, CrisisNotice, HelpLink, RuleSpec, Side

CATEGORY = "self_harm"
_DATA = Path(__file__).parent / "data"
_FALLBACK = "en"
# The kinds of help_resources.json, and the line of notice_texts.json that labels each.
_LABELS = {"call": "call", "text": "text_to", "emergency": "emergency", "find": "find"}


@lru_cache(maxsize=1)
def floor_rules() -> tuple[RuleSpec, ...]:
    """The rules of the floor, with ids such as `crisis:en:12`; carve-outs have the action allow."""
    languages: dict[str, Any] = _read("crisis_rules.json")["languages"]
    rules = []
    for language, lists in languages.items():
        for kind, action in (("phrases", Action.CRISIS), ("spared", Action.ALLOW)):
            name = "crisis" if action is Action.CRISIS else "spared"
            rules += [
                RuleSpec(f"{name}:{language}:{number}", phrase, action, Side.INPUT, CATEGORY)
                for number, phrase in enumerate(lists[kind])
            ]
    return tuple(rules)


def crisis_notice(country: str, language: str) -> CrisisNotice:
    """Help lines of the country (ISO 3166; unknown or empty: international ones), in the language (BCP 47).

    A language that we have no words in gets English. A local line is always followed by an international finder.
    """
    words = _texts(language)
    resources = _read("help_resources.json")
    local = resources["countries"].get(country.strip().upper(), [])
    international = resources["international"][: 1 if local else None]
    return CrisisNotice(
        words["title"], words["text"], tuple(_link(words, resource) for resource in [*local, *international])
    )


def _texts(language: str) -> Mapping[str, str]:
    known: dict[str, dict[str, str]] = _read("notice_texts.json")["languages"]
    return known.get(language.replace("_", "-").split("-")[0].lower(), known[_FALLBACK])


def _link(words: Mapping[str, str], resource: Mapping[str, str]) -> HelpLink:
    label = words[_LABELS[resource["kind"]]]
    return HelpLink(label.format(name=resource.get("name", ""), number=resource.get("number", "")), resource["href"])


@lru_cache(maxsize=8)
def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return content
