"""Fakes of the providers' Protocols, and the requests to put to them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from companion.providers.llm.base import (
    ChatMessage,
    Grounding,
    LLMRequest,
    Passage,
    PersonaLines,
    TokenUsage,
    Topic,
    Utterance,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class FixedClock:
    """Stands still until it is told to move."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def now(self) -> datetime:
        return NOON

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


HANG = "hang"
Step = str | TokenUsage | Exception


@dataclass
class ScriptedLLM:
    """Plays its steps: text and usage are yielded, an error is raised, HANG waits for ever."""

    name: str
    steps: tuple[Step, ...]
    model: str = "scripted"
    asked: int = 0
    closed: int = 0
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    def answering(self, request: LLMRequest) -> str:
        return request.model or self.model

    async def stream(self, request: LLMRequest) -> AsyncIterator[str | TokenUsage]:
        self.asked += 1
        try:
            for step in self.steps:
                if isinstance(step, Exception):
                    raise step
                if step == HANG:
                    self.waiting.set()
                    await asyncio.Event().wait()
                yield step
        finally:
            self.closed += 1


PERSONA = PersonaLines(
    name="Vesper",
    pronoun="she",
    greetings=("Well, look who found the door.",),
    farewells=("Leave the lamp on.",),
    phrases=("Salt and thunder.", "Everything is a drum if you are brave."),
    topics=(Topic("drums", ("I count storms in seven.", "A snare is a small argument.")),),
    pet_peeves=(Topic("umbrellas", ("Umbrellas are cowardice with a handle.",)),),
    boundaries=(Topic("romance", ("That door stays painted on.",)),),
    honesty=("I am an AI, all the way down.",),
    unknown=("That page is blank for me.",),
    memory_recall=("You told me this: {fact}.",),
    memory_empty=("Nothing of yours is in my pockets yet.",),
    questions=("What did the rain sound like?",),
    moods={"stormy": ("Mind the puddles.",)},
    fallbacks=("The line is full of weather.",),
)


def request(*asked: str, seed: str = "turn-1") -> LLMRequest:
    """A request for Vesper's answer to these messages of the fan."""
    asked = asked or ("Tell me about drums",)
    messages = (ChatMessage("system", "You are Vesper."), *(ChatMessage("user", text) for text in asked))
    grounding = Grounding(
        persona=PERSONA,
        fan_name="Ines",
        facts=("your dog is called Pixel",),
        passages=(Passage("p1", "interview", "On drums", "The first drum was a kitchen drawer."),),
        mood=("stormy", "A day of big weather."),
        schedule=(),
        history=(Utterance("fan", "hello"), Utterance("persona", "Well, look who found the door.")),
        asked=asked,
        now=NOON,
    )
    return LLMRequest(messages, grounding, max_tokens=200, temperature=0.8, seed=seed)


def never_killed(_provider: str) -> bool:
    return False
