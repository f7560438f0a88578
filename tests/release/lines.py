"""One more line in the demo persona's sheet, before the checks."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from companion.providers.llm.base import Topic
from moderation.contracts import Action, RuleSpec
from moderation.text.ruleset import Ruleset
from personas.contracts import LINE_FIELDS, TOPIC_FIELDS, PersonaSheet
from personas.release.checks.base import Subject
from personas.release.checks.meaning import meanings
from personas.release.checks.registry import run_checks
from personas.release.contracts import Finding, failed_keys
from tests.release.edits import demo_sheet

BANNED = Ruleset(
    RuleSpec(phrase, phrase, Action.BLOCK) for phrase in ("midnight badger protocol", "unreleased tracklist*")
)


def banned(text: str) -> str | None:
    """The demo artist's rules for what she says."""
    stream = BANNED.stream_filter()
    stream.feed(text)
    stream.finish()
    return text if stream.hit else None


@cache
def short_sheet() -> PersonaSheet:
    """Three of each kind of line in the demo's: a check reads all of a draft, and here there are many drafts."""
    sheet = demo_sheet()
    few: dict[str, Any] = {name: getattr(sheet, name)[:3] for name in (*LINE_FIELDS, *TOPIC_FIELDS)}
    return replace(sheet, **few)


def with_line(field: str, line: str) -> PersonaSheet:
    """The sheet with one more line."""
    sheet = short_sheet()
    changes: dict[str, Any]
    if field == "identity":
        changes = {field: f"{sheet.identity} {line}"}
    elif field == "moods":
        label, lines = next(iter(sheet.moods.items()))
        changes = {field: {**sheet.moods, label: (*lines, line)}}
    elif field in ("topics", "boundaries"):
        first, *others = getattr(sheet, field)
        changes = {field: (Topic(first.name, (*first.lines, line)), *others)}
    elif field == "pet_peeves":
        changes = {field: (*sheet.pet_peeves, Topic("one more", (line,)))}
    else:
        changes = {field: (*getattr(sheet, field), line)}
    return replace(sheet, **changes)


def findings(field: str, line: str) -> Sequence[Finding]:
    """What the checks say of the sheet with the line, which is all that the live version does not have."""
    subject = Subject("Aria Vale", with_line(field, line), short_sheet(), banned)
    learnt = meanings()
    assert learnt is not None
    return run_checks(replace(subject, alike=asyncio.run(learnt.read(subject))))


def failed(field: str, line: str) -> list[str]:
    return failed_keys(findings(field, line))
