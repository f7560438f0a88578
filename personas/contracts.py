"""What other layers see of a persona: the sheet of one version, everything that makes her sound like herself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from companion.providers.llm.base import AuthoredLines, PersonaLines, Topic

# The kinds of a sheet, in the order in which the console shows them.
LINE_FIELDS = (
    "voice_rules",
    "style_rules",
    "greetings",
    "farewells",
    "phrases",
    "honesty",
    "unknown",
    "memory_recall",
    "memory_empty",
    "questions",
    "fallbacks",
)
TOPIC_FIELDS = ("topics", "pet_peeves", "boundaries")
FIELDS = ("identity", *LINE_FIELDS, *TOPIC_FIELDS, "moods")
# Without these she could not open, admit what she is or does not know, or stand in for a provider that is away.
REQUIRED_LINES = ("greetings", "honesty", "unknown", "fallbacks")
MAX_IDENTITY = 4000
MAX_LINE = 600
MAX_LINES = 500
MAX_NAME = 80
# What every fan has until plans exist: documents of the corpus say from which tier on they are open.
LOWEST_TIER = 0

Problem = tuple[str, str]
Found = tuple[Problem, ...]


class SheetError(ValueError):
    """A sheet that must not become a version. `problems` holds (field, sentence) pairs, all of them at once."""

    def __init__(self, problems: Found) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class PersonaSheet(AuthoredLines):
    """One version as authored. In a line `{name}` stands for the fan's name, in `memory_recall` `{fact}` for the fact,
    in `topics` `{event}` and `{when}` for an entry of the schedule (companion/demo_data/README.md).

    The rules and the identity go into the prompt; the rest is what she says.
    """

    identity: str
    voice_rules: tuple[str, ...] = ()
    style_rules: tuple[str, ...] = ()

    def lines(self, name: str, pronoun: str) -> PersonaLines:
        """The material of a reply, under the persona's name."""
        own = {each.name: getattr(self, each.name) for each in fields(AuthoredLines)}
        return PersonaLines(name, pronoun, **own)

    def to_json(self) -> dict[str, Any]:
        """The shape of PersonaVersion.sheet; `from_json` reads it back unchanged."""
        body: dict[str, Any] = {"identity": self.identity}
        body |= {name: list(getattr(self, name)) for name in LINE_FIELDS}
        for name in TOPIC_FIELDS:
            body[name] = [{"name": topic.name, "lines": list(topic.lines)} for topic in getattr(self, name)]
        body["moods"] = {label: list(lines) for label, lines in self.moods.items()}
        return body

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "PersonaSheet":
        """Reads and checks a sheet. Raises SheetError with every problem as a sentence."""
        problems = tuple(_misshapen(body))
        if problems:
            raise SheetError(problems)
        values: dict[str, Any] = {"identity": body.get("identity", "").strip()}
        values |= {name: tuple(body.get(name, ())) for name in LINE_FIELDS}
        for name in TOPIC_FIELDS:
            values[name] = tuple(Topic(topic["name"], tuple(topic["lines"])) for topic in body.get(name, ()))
        moods = {label: tuple(lines) for label, lines in body.get("moods", {}).items()}
        sheet = cls(**values, moods=MappingProxyType(moods))
        sheet.check()
        return sheet

    def check(self) -> None:
        """Raises SheetError unless this sheet can speak."""
        problems = tuple(_problems(self))
        if problems:
            raise SheetError(problems)


def label(name: str) -> str:
    """A field's name in a sentence."""
    return name.replace("_", " ")


def _misshapen(body: Mapping[str, Any]) -> Iterator[Problem]:
    """What stands in the way of reading the JSON at all."""
    for name in body:
        if name not in FIELDS:
            yield name, f"A sheet has no field “{name}”."
    if not isinstance(body.get("identity", ""), str):
        yield "identity", "The identity is a text."
    for name in LINE_FIELDS:
        if not _are_lines(body.get(name, [])):
            yield name, f"The {label(name)} are a list of lines."
    for name in TOPIC_FIELDS:
        topics = body.get(name, [])
        if not isinstance(topics, list | tuple) or not all(_is_topic(topic) for topic in topics):
            yield name, f"The {label(name)} are a list, each with a name and lines."
    moods = body.get("moods", {})
    if not isinstance(moods, Mapping) or not all(_are_lines(lines) for lines in moods.values()):
        yield "moods", "The moods are lists of lines by mood."


def _are_lines(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(line, str) for line in value)


def _is_topic(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("name"), str) and _are_lines(value.get("lines"))


def _problems(sheet: PersonaSheet) -> Iterator[Problem]:
    if not sheet.identity.strip():
        yield "identity", "Say who the persona is."
    if len(sheet.identity) > MAX_IDENTITY:
        yield "identity", f"The identity is longer than {MAX_IDENTITY} characters."
    for name in REQUIRED_LINES:
        if not getattr(sheet, name):
            yield name, f"The {label(name)} need at least one line."
    for name in LINE_FIELDS:
        yield from _line_problems(name, getattr(sheet, name))
    for line in sheet.memory_recall:
        if "{fact}" not in line:
            yield "memory_recall", f"“{line}” has no {{fact}} in it."
    for name in TOPIC_FIELDS:
        yield from _group_problems(name, [(topic.name, topic.lines) for topic in getattr(sheet, name)])
    yield from _group_problems("moods", list(sheet.moods.items()))


def _line_problems(name: str, lines: tuple[str, ...]) -> Iterator[Problem]:
    if len(lines) > MAX_LINES:
        yield name, f"The {label(name)} have more than {MAX_LINES} lines."
    for line in lines:
        if not line.strip():
            yield name, f"The {label(name)} have an empty line."
        elif len(line) > MAX_LINE:
            yield name, f"The {label(name)} have a line of more than {MAX_LINE} characters: “{line[:40]}…”."
        elif "\n" in line:
            yield name, f"A line of the {label(name)} runs over two lines: “{line.splitlines()[0][:40]}”."


def _group_problems(name: str, groups: list[tuple[str, tuple[str, ...]]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for title, lines in groups:
        if not title.strip() or len(title) > MAX_NAME:
            yield name, f"A name in the {label(name)} is empty or longer than {MAX_NAME} characters."
        if title.casefold() in seen:
            yield name, f"“{title}” stands twice in the {label(name)}."
        if not lines:
            yield name, f"“{title}” in the {label(name)} has no lines."
        seen.add(title.casefold())
        yield from _line_problems(name, lines)
