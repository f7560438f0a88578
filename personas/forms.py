"""The form over a persona's sheet: one line per entry, groups as blocks that begin with their name."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from companion.providers.llm.base import Topic
from personas.contracts import LINE_FIELDS, TOPIC_FIELDS, PersonaSheet, SheetError, label
from personas.models import PersonaVersion
from tenancy.console.forms import ConsoleForm

ABOUT = {
    "voice_rules": "How she talks. Goes into the prompt.",
    "style_rules": "What her texts look like: length, emoji, spelling. Goes into the prompt.",
    "greetings": "How she opens. {name} is the fan's name.",
    "farewells": "How she ends a talk.",
    "phrases": "Lines that are hers and fit anywhere.",
    "honesty": "Lines that say plainly that she is an AI.",
    "unknown": "Lines for what she does not know.",
    "memory_recall": "Lines for what she remembers; {fact} is the fact.",
    "memory_empty": "Lines for when she remembers nothing.",
    "questions": "Follow-up questions.",
    "fallbacks": "What she says when no model answers or a reply was withheld.",
    "topics": "Her favourite subjects. {event} and {when} stand for an entry of the schedule and its start.",
    "pet_peeves": "What she cannot stand.",
    "boundaries": "What she refuses, and how she deflects.",
    "moods": "Lines that suit a mood; the name is the mood's label.",
}
PIN_HELP = "The model or adapter that answers, by the provider's id for it. Empty: the provider's own."
LINES_HELP = "One line an entry."
BLOCKS_HELP = "Blocks parted by an empty line; the first line of a block is its name, the others are her lines."
Groups = list[tuple[str, tuple[str, ...]]]


class VersionForm(ConsoleForm):
    """Makes a new version; `sheet` is the checked PersonaSheet of a valid form."""

    identity = forms.CharField(
        help_text="Who the persona is, in a few sentences. Goes into the prompt.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )

    class Meta:
        model = PersonaVersion
        fields = ("note", "model")
        widgets = MappingProxyType({"note": UnfoldAdminTextInputWidget(), "model": UnfoldAdminTextInputWidget()})
        labels = MappingProxyType({"model": "Pinned model"})
        help_texts = MappingProxyType({"model": PIN_HELP})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*LINE_FIELDS, *TOPIC_FIELDS, "moods"):
            self.fields[name] = _text_field(name)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            self.sheet = sheet_from(cleaned)
            self.sheet.check()
        except SheetError as error:
            for name, sentence in error.problems:
                self.add_error(name, sentence)
        return cleaned


def sheet_from(texts: dict[str, Any]) -> PersonaSheet:
    """The sheet of the form's texts. Raises SheetError for a block without lines, ValueError never."""
    values: dict[str, Any] = {name: lines_of(texts[name]) for name in LINE_FIELDS}
    for name in TOPIC_FIELDS:
        values[name] = tuple(Topic(title, lines) for title, lines in blocks_of(texts[name]))
    moods = blocks_of(texts["moods"])
    if len({title for title, _ in moods}) < len(moods):
        raise SheetError((("moods", "Two blocks of the moods have the same name."),))
    return PersonaSheet(identity=texts["identity"].strip(), moods=MappingProxyType(dict(moods)), **values)


def texts_of(sheet: PersonaSheet) -> dict[str, str]:
    """The form's texts of a sheet; sheet_from reads them back unchanged."""
    texts = {"identity": sheet.identity}
    texts |= {name: "\n".join(getattr(sheet, name)) for name in LINE_FIELDS}
    for name in TOPIC_FIELDS:
        texts[name] = _blocks_text((topic.name, topic.lines) for topic in getattr(sheet, name))
    texts["moods"] = _blocks_text(sheet.moods.items())
    return texts


def lines_of(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def blocks_of(text: str) -> Groups:
    """(name, lines) of each block."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return [(block[0], tuple(block[1:])) for block in blocks if block]


def _blocks_text(groups: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    return "\n\n".join("\n".join((title, *lines)) for title, lines in groups)


def _text_field(name: str) -> forms.CharField:
    rows = 12 if name in (*TOPIC_FIELDS, "moods") else 8
    how = LINES_HELP if name in LINE_FIELDS else BLOCKS_HELP
    return forms.CharField(
        required=False,
        label=label(name).capitalize(),
        help_text=f"{ABOUT[name]} {how}",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": rows}),
    )
