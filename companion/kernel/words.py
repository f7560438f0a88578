"""Words for people, written where no Django may be; the edges say them in the reader's language (problems.py)."""

from collections.abc import Callable

Say = Callable[[str], str]


def gettext_noop(text: str) -> str:
    """Marks a text for the translators; it stays English until an edge says it."""
    return text


class Sentence(str):
    """English with its values filled in, which remembers what it was made of. Write `sentence("At most {n}.", n=3)`."""

    __slots__ = ("source", "values")
    source: str
    values: dict[str, object]


def sentence(source: str, **values: object) -> Sentence:
    """A text with `{named}` values that an edge can say in another language."""
    made = Sentence(source.format(**values))
    made.source, made.values = source, values
    return made


def as_written(text: str) -> str:
    """English, for whoever reads no other language: logs, commands, other programs."""
    return text
