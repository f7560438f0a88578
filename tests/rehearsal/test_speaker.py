"""A rehearsal answers as a turn would, and the same way each time."""

from datetime import UTC, datetime
from uuid import UUID

from companion.kernel.breaker import Breaker
from companion.providers.config import Deadlines
from companion.providers.llm.fallback import Link, LLMChain
from companion.providers.llm.offline import OfflineLLM
from conversations.rehearsal.speaker import RehearsedFan, rehearse
from memory.contracts import Remark
from tests.simulation.ports import PERSONA

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
MIA = RehearsedFan("Mia", "Europe/Berlin")


def offline() -> LLMChain:
    return LLMChain([Link(OfflineLLM(), Breaker("llm:offline"))], Deadlines())


async def test_she_answers_from_her_own_lines_without_a_tag() -> None:
    heard = await rehearse(offline(), PERSONA, MIA, (), "Are you an AI?", NOW)
    assert heard.text == "I am an AI."
    assert heard.emotion


async def test_the_same_question_has_the_same_answer() -> None:
    talk = [Remark(UUID(int=1), "fan", "Hello."), Remark(UUID(int=2), "persona", "Hi.")]
    first, again = [await rehearse(offline(), PERSONA, MIA, talk, "What do you know?", NOW) for _ in range(2)]
    assert first == again
