"""What a check looks at: every text of a draft, the live version beside it, and the answers to the golden prompts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from companion.providers.llm.base import ScheduleItem
from personas.contracts import LINE_FIELDS, TOPIC_FIELDS, PersonaSheet, label
from personas.likeness import Alike
from personas.release.contracts import Evidence, Exchange

# Fields that go into the prompt and are not said.
RULE_FIELDS = ("identity", "voice_rules", "style_rules")


class Kind(StrEnum):
    RULE = "rule"  # tells the model how to be
    SPOKEN = "spoken"  # may be said as it stands
    REFUSED = "refused"  # the name of a boundary: what she does not talk about
    ANSWER = "answer"  # the draft's answer to a golden prompt


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the draft. `where` says it in words: "greetings, line 3". `is_name`: it is a group's name."""

    kind: Kind
    field: str
    where: str
    text: str
    is_name: bool = False

    @property
    def said(self) -> bool:
        return self.kind in (Kind.SPOKEN, Kind.ANSWER)

    def evidence(self, matched: str) -> Evidence:
        return Evidence(self.where, self.text, matched)


@dataclass(frozen=True)
class Subject:
    """A draft before the gate. `banned(text)` gives the words that a rule of moderation's would stop in a reply.

    `ignores_model`: the provider answers with its own model whatever a version pins (offline). `alike`: the texts that
    read like what a check stops (meaning.py); None where nobody read them so.
    """

    name: str
    sheet: PersonaSheet
    live: PersonaSheet | None
    banned: Callable[[str], str | None]
    exchanges: Sequence[Exchange] = ()
    model: str = ""
    ignores_model: bool = True
    other_artists: Sequence[str] = ()
    schedule: Sequence[ScheduleItem] = ()
    now: datetime = datetime.min
    alike: Mapping[Text, Alike] | None = None

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """The sheet's texts, then the answers."""
        answers = (
            Text(Kind.ANSWER, exchange.golden.about, f"asked “{exchange.golden.asked}”", exchange.draft.text)
            for exchange in self.exchanges
        )
        return (*texts_of_sheet(self.sheet), *answers)

    @property
    def said(self) -> Iterator[Text]:
        return (text for text in self.texts if text.said)


@dataclass(frozen=True, slots=True)
class Check:
    """`find` gives the evidence against a draft; none: it passes. `why` is for the person who reads the result.

    `idle` says why there is nothing to check; "" when there is.
    """

    key: str
    title: str
    why: str
    find: Callable[[Subject], Iterable[Evidence]]
    idle: Callable[[Subject], str] = lambda _subject: ""


def texts_of_sheet(sheet: PersonaSheet) -> Iterator[Text]:
    """Every text of a sheet, in its order."""
    yield Text(Kind.RULE, "identity", "identity", sheet.identity)
    for name in LINE_FIELDS:
        kind = Kind.RULE if name in RULE_FIELDS else Kind.SPOKEN
        for number, line in enumerate(getattr(sheet, name), 1):
            yield Text(kind, name, f"{label(name)}, line {number}", line)
    for name in TOPIC_FIELDS:
        groups = [(topic.name, topic.lines) for topic in getattr(sheet, name)]
        yield from _grouped(name, groups, Kind.REFUSED if name == "boundaries" else Kind.SPOKEN)
    yield from _grouped("moods", list(sheet.moods.items()), Kind.SPOKEN)


def _grouped(name: str, groups: Sequence[tuple[str, Sequence[str]]], named: Kind) -> Iterator[Text]:
    for title, lines in groups:
        yield Text(named, name, f"{label(name)}, the name “{title}”", title, is_name=True)
        for number, line in enumerate(lines, 1):
            yield Text(Kind.SPOKEN, name, f"{label(name)}, “{title}”, line {number}", line)
