"""One answer of a rehearsal: the prompt, the model and the emotion tags of a turn, and nothing that a turn writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from companion.providers.llm.base import LLMRequest
from companion.providers.llm.fallback import LLMChain
from conversations.turn.contracts import FanProfile, SpokenMessage, Transport, TurnRequest
from conversations.turn.emotion import EmotionTags
from conversations.turn.prompt import compose
from memory.contracts import Recalled, Remark
from moderation.contracts import Action, Verdict
from personas.context import PersonaContext

NOBODY = UUID(int=0)
NOTHING_RECALLED = Recalled()


@dataclass(frozen=True, slots=True)
class RehearsedFan:
    """Who is said to be asking. `language` is BCP 47, `time_zone` an IANA name, `country` ISO 3166."""

    name: str
    time_zone: str = "UTC"
    country: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What the model wrote, before the output's moderation: its text without the tags, and the last emotion.

    `model` is what answered, which is not the pinned one where another provider stood in.
    """

    text: str
    emotion: str | None
    model: str = ""


async def rehearse(
    llm: LLMChain,
    context: PersonaContext,
    fan: RehearsedFan,
    talk: Sequence[Remark],
    text: str,
    now: datetime,
    recalled: Recalled = NOTHING_RECALLED,
    *,
    killed: Callable[[str], bool] = lambda _name: False,
) -> Rehearsed:
    """What this context answers to `text` after `talk` (oldest first). The same question gives the same answer, as far
    as the model goes along: the seed is made of the talk's length and the text, and the temperature is 0.

    Raises NoFirstToken when no provider answers and Cut when one breaks off. `killed(name)`: is it switched off?
    """
    prompt = compose(_request(fan, talk, text, now), context, recalled, talk, now)
    return await ask_model(llm, replace(prompt.request, temperature=0.0), killed)


async def ask_model(llm: LLMChain, request: LLMRequest, killed: Callable[[str], bool]) -> Rehearsed:
    """The whole answer to a request. Raises NoFirstToken and Cut."""
    tags = EmotionTags()
    stream = await llm.open(request, killed=killed)
    try:
        said = "".join([tags.feed(delta) async for delta in stream]) + tags.finish()
    finally:
        await stream.aclose()
    return Rehearsed(said.strip(), tags.emotion, stream.model)


def _request(fan: RehearsedFan, talk: Sequence[Remark], text: str, now: datetime) -> TurnRequest:
    """A turn that was never admitted: of nobody, with a number that only the place in the talk and the text make."""
    turn = uuid5(NOBODY, f"{len(talk)}:{text}")
    return TurnRequest(
        artist=NOBODY,
        fan=NOBODY,
        turn=turn,
        epoch=1,
        client_message_id=str(turn),
        transport=Transport.JSON,
        message=SpokenMessage(turn, turn, "fan", text, now, "complete"),
        profile=FanProfile(fan.name, fan.country, fan.language, fan.time_zone),
        verdict=Verdict(Action.ALLOW),
        previous_message=talk[-1].id if talk else None,
    )
