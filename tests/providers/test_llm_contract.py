"""What every language model must do, whoever serves it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import cast

import pytest

from bench.upstream import ScriptedUpstream
from companion.providers.config import ProviderConfig, ProvidersConfig
from companion.providers.llm.base import LLM, LLMRequest, TokenUsage
from companion.providers.llm.registry import VENDORS
from tests.providers.fakes import request


@pytest.fixture(params=sorted(VENDORS))
def name(request: pytest.FixtureRequest) -> str:
    return cast(str, request.param)


@pytest.fixture
def llm(config: ProvidersConfig, upstream: ScriptedUpstream, name: str) -> LLM:
    return VENDORS[name](ProviderConfig(name, upstream.url, "sk-test", "scripted-model"), config)


def begin(llm: LLM, turn: LLMRequest) -> AsyncGenerator[str | TokenUsage]:
    return cast(AsyncGenerator[str | TokenUsage], llm.stream(turn))


async def collect(stream: AsyncIterator[str | TokenUsage]) -> list[str | TokenUsage]:
    return [item async for item in stream]


async def test_it_streams_text_and_then_what_it_cost(llm: LLM) -> None:
    *texts, usage = await collect(llm.stream(request()))
    assert texts
    assert all(isinstance(text, str) and text for text in texts)
    assert isinstance(usage, TokenUsage)
    assert usage.input_tokens > 0
    assert usage.output_tokens > 0


async def test_it_says_who_it_is(llm: LLM, name: str) -> None:
    assert llm.name == name
    assert llm.model


async def test_answers_at_the_same_time_do_not_mix(llm: LLM) -> None:
    alone = await collect(llm.stream(request(seed="a")))
    together = await asyncio.gather(*(collect(llm.stream(request(seed="a"))) for _ in range(8)))
    assert {"".join(item for item in answer if isinstance(item, str)) for answer in together} == {
        "".join(item for item in alone if isinstance(item, str))
    }


async def test_nothing_is_asked_before_the_first_token_is_wanted(llm: LLM, upstream: ScriptedUpstream) -> None:
    await begin(llm, request()).aclose()
    assert upstream.requests == []


async def test_it_can_be_left_in_the_middle_and_asked_again(llm: LLM) -> None:
    stream = begin(llm, request())
    assert await anext(stream)
    await stream.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
    assert await collect(llm.stream(request()))


async def test_it_needs_no_more_than_it_was_given(llm: LLM) -> None:
    bare = request("hello")
    grounding = type(bare.grounding)(
        persona=bare.grounding.persona,
        fan_name=None,
        facts=(),
        passages=(),
        mood=None,
        schedule=(),
        history=(),
        asked=("hello",),
        now=bare.grounding.now,
    )
    turn = LLMRequest(bare.messages, grounding, bare.max_tokens, bare.temperature, bare.seed)
    assert any(isinstance(item, str) for item in await collect(llm.stream(turn)))
