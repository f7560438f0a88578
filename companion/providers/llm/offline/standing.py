"""How the talk stands when the fan writes: what was spoken of before, and whether she is having a hard time."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from companion.providers.llm.base import Grounding
from companion.providers.llm.offline.data import CUES
from companion.providers.llm.offline.words import plain, terms

# For so many of her messages what she told weighs on the talk, unless a lighter one comes between.
_WEIGHS = {"grief": 10, "sorrow": 2}
_HARD = tuple(cue for cue in CUES if cue.name in _WEIGHS)
_LIGHT = tuple(cue for cue in CUES if cue.name in ("joy", "laugh", "joke", "relief"))


@dataclass(frozen=True, slots=True)
class Standing:
    """`last`: what the fan wrote before this, `before` its content words. `hard`: she told of something sad and has not
    laughed since. `asked`: the persona's last reply ended with a question.
    """

    last: str
    before: tuple[str, ...]
    hard: bool
    asked: bool


def stand(grounding: Grounding) -> Standing:
    fan = [said.text for said in grounding.history if said.role == "fan"]
    hers = [said.text for said in grounding.history if said.role == "persona"]
    newest_first = [*reversed(grounding.asked), *reversed(fan)][: max(_WEIGHS.values())]
    return Standing(
        last=fan[-1] if fan else "",
        before=terms(fan[-1]) if fan else (),
        hard=_is_hard(newest_first),
        asked=bool(hers) and ends_with_a_question(hers[-1]),
    )


def ends_with_a_question(text: str) -> bool:
    return text.rstrip("”\"' ").endswith("?")


def _is_hard(newest_first: Iterable[str]) -> bool:
    for age, text in enumerate(newest_first):
        weighs, lightens = _weight(text)
        if weighs > age or lightens:
            return weighs > age
    return False


@lru_cache(maxsize=20_000)  # a message stays in the window for a dozen turns
def _weight(text: str) -> tuple[int, bool]:
    """For how many messages it weighs on the talk, and whether it lightens it."""
    lower = plain(text)
    weighs = max((_WEIGHS[cue.name] for cue in _HARD if cue.fits(lower, text)), default=0)
    return weighs, any(cue.fits(lower, text) for cue in _LIGHT)
