"""The stream itself."""

from companion.providers.emotions import EMOTIONS
from companion.providers.llm.base import TokenUsage
from companion.providers.llm.offline import OfflineLLM
from companion.providers.llm.offline.composer import compose
from companion.providers.llm.tokens import estimate_tokens
from conversations.turn.emotion import EmotionTags
from tests.providers.fakes import request


async def test_the_tokens_joined_are_an_emotion_tag_and_the_reply() -> None:
    turn = request("Tell me about drums")
    tag, *words, usage = [item async for item in OfflineLLM().stream(turn)]
    assert isinstance(tag, str)
    assert tag.strip("[]") in EMOTIONS
    text = "".join(word for word in words if isinstance(word, str))
    assert text == compose(turn.grounding, turn.seed, turn.max_tokens).text
    assert usage == TokenUsage(
        sum(estimate_tokens(message.content) for message in turn.messages), estimate_tokens(text)
    )


async def test_a_token_is_about_a_word() -> None:
    words = [item async for item in OfflineLLM().stream(request()) if isinstance(item, str)][1:]
    assert len(words) > 3
    assert all(len(word.split()) == 1 for word in words)


async def test_the_engines_parser_lifts_the_tag_out() -> None:
    tags = EmotionTags()
    shown = "".join([tags.feed(item) async for item in OfflineLLM().stream(request("hello")) if isinstance(item, str)])
    assert tags.emotion in EMOTIONS
    assert "[" not in shown + tags.finish()
    assert not shown.startswith(" ")
