"""What a language model is to the rest of the product: one request in, text deltas out.

A request carries the same turn twice. `messages` is the prompt that a real model reads; `grounding` is the
material that the prompt was composed from. The offline model answers from the grounding, so it needs no prompt parsing.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, Self


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject and the persona's own lines about it."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoredLines:
    """What the team writes for her to say. Every line is in her voice; `{name}` in a line is the fan's name."""

    greetings: tuple[str, ...] = ()
    farewells: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    pet_peeves: tuple[Topic, ...] = ()
    # A boundary's name says what is refused, its lines how she deflects.
    boundaries: tuple[Topic, ...] = ()
    # Lines that say plainly that she is an AI.
    honesty: tuple[str, ...] = ()
    # Lines for what she does not know.
    unknown: tuple[str, ...] = ()
    # Lines with a `{fact}` slot, and lines for when nothing is remembered.
    memory_recall: tuple[str, ...] = ()
    memory_empty: tuple[str, ...] = ()
    # Follow-up questions.
    questions: tuple[str, ...] = ()
    # Lines that suit a mood, by the mood's label.
    moods: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # What she says when no provider answers.
    fallbacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonaLines(AuthoredLines):
    """One persona version's lines, under the persona's name."""

    name: str
    pronoun: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage of the artist's corpus: interview, phrase, topic, pet peeve, …"""

    id: str
    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ScheduleItem:
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Utterance:
    role: Literal["fan", "persona"]
    text: str


@dataclass(frozen=True, slots=True)
class Grounding:
    """All that the persona may draw on in this turn; nothing outside of it is known."""

    persona: PersonaLines
    fan_name: str | None
    facts: tuple[str, ...]
    passages: tuple[Passage, ...]
    # The mood's label and the line that the artist's team wrote for it.
    mood: tuple[str, str] | None
    schedule: tuple[ScheduleItem, ...]
    # Oldest first, without the messages that are to be answered.
    history: tuple[Utterance, ...]
    # The fan's unanswered messages, oldest first.
    asked: tuple[str, ...]
    now: datetime
    # What was said before `history`, as far as recall found it worth while, oldest first.
    earlier: tuple[Utterance, ...] = ()

    @classmethod
    def nothing(cls, now: datetime) -> Self:
        """For a request to a real model that is no turn: it reads the messages alone."""
        return cls(PersonaLines(""), None, (), (), None, (), (), (), now)


@dataclass(frozen=True, slots=True)
class LLMRequest:
    messages: tuple[ChatMessage, ...]
    grounding: Grounding
    max_tokens: int
    temperature: float
    # The turn's id: the same seed over the same grounding may give the same answer.
    seed: str
    # The model or adapter that the persona's version pins, as the first provider calls it; "": the provider's own.
    model: str = ""
    # Seconds for which what follows the first token may gather before it is read: whoever shows it in batches anyway
    # saves a wake-up a token.
    gather_s: float = 0.0


@dataclass(frozen=True, slots=True)
class TokenUsage:
    input_tokens: int
    output_tokens: int


class LLM(Protocol):
    """A provider. `name` is the vendor's, `model` what answers unless a request names another; `answering` is what
    answers that request. They are shown to staff and kept in the trace.
    """

    name: str
    model: str

    def answering(self, request: LLMRequest) -> str: ...

    def stream(self, request: LLMRequest) -> AsyncIterator[str | TokenUsage]:
        """Text deltas as they come, none empty, then at most one TokenUsage.

        An async generator: it opens its upstream at the first `anext` and closes it in `finally`; `aclose()` cancels.
        Raises the errors of companion.providers.errors and no others.
        """
        ...
