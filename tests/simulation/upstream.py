"""Two models that do as a script says, behind the real chain and the real breakers."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from companion.kernel.breaker import Breaker
from companion.providers.config import Deadlines
from companion.providers.errors import Garbage, ProviderError, RateLimited, Refused, ServerError
from companion.providers.llm.base import LLMRequest, TokenUsage
from companion.providers.llm.fallback import Link, LLMChain
from tests.simulation.moderation import BANNED

if TYPE_CHECKING:
    from tests.simulation.process import Process
    from tests.simulation.world import World

NAMES = ("main", "spare")
KINDS = {"fine": 12, "refused": 1, "limited": 1, "server_error": 1, "garbage": 1, "hangs": 1, "slow": 1, "cut": 2}
ERRORS: dict[str, type[ProviderError]] = {
    "refused": Refused,
    "limited": RateLimited,
    "server_error": ServerError,
    "garbage": Garbage,
}


@dataclass(frozen=True, slots=True)
class Script:
    kind: str
    tokens: tuple[str, ...] = ()
    first_s: float = 0.1
    gap_s: float = 0.02


def write_script(rng: random.Random, provider: str, number: int, kinds: dict[str, int]) -> Script:
    """Its words name provider and attempt, so that a reply that mixes two of them is seen."""
    kind = rng.choices(list(kinds), list(kinds.values()))[0]
    if kind in ERRORS:
        return Script(kind, first_s=rng.choice((0.0, 0.05, 1.0)))
    if kind == "hangs":
        return Script(kind, first_s=500.0)
    words = [f"{provider}-{number}-{index} " for index in range(rng.randint(1, 14))]
    if rng.random() < 0.15:
        words[rng.randrange(len(words))] += BANNED + " "
    text = rng.choice(("[warm] ", "[Happy]", "", "[not a tag] ")) + "".join(words)
    if rng.random() < 0.05:
        text = rng.choice((" ", "[sad]", "[sad"))
    gap_s = rng.choice((0.8, 2.0)) if kind == "slow" else rng.choice((0.0, 0.02, 0.06, 0.15))
    return Script(kind, tuple(_split(rng, text)), rng.choice((0.0, 0.1, 0.4)), gap_s)


def _split(rng: random.Random, text: str) -> list[str]:
    """Anywhere, as a tokenizer may."""
    pieces = []
    while text:
        size = rng.randint(2, 14)
        pieces.append(text[:size])
        text = text[size:]
    return pieces


class ScriptedLLM:
    model = "scripted"

    def __init__(self, world: "World", process: "Process", name: str) -> None:
        self.name = name
        self._world = world
        self._process = process

    def answering(self, _request: LLMRequest) -> str:
        return self.model

    async def stream(self, _request: LLMRequest) -> AsyncIterator[str | TokenUsage]:
        script = self._world.next_script(self.name)
        self._world.open_streams += 1
        try:
            await asyncio.sleep(script.first_s)
            if script.kind in ERRORS:
                raise ERRORS[script.kind]
            for place, token in enumerate(script.tokens):
                if script.kind == "cut" and place == len(script.tokens) // 2:
                    raise ServerError
                await self._process.wire.strike("llm.token")
                yield token
                await asyncio.sleep(script.gap_s)
            yield TokenUsage(50, len(script.tokens))
        finally:
            self._world.open_streams -= 1


def build_chain(world: "World", process: "Process") -> LLMChain:
    links = [
        Link(ScriptedLLM(world, process, name), Breaker(f"simulated-{name}", world.clock, failures=3)) for name in NAMES
    ]
    return LLMChain(links, Deadlines())
