"""The openai wire format over real HTTP, with everything that an upstream can do wrong."""

import asyncio
import random
import socket
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import cast

import pytest

from bench.upstream import RETRY_AFTER_S, Pace, ScriptedUpstream
from companion.providers import errors
from companion.providers.config import OPENAI_URL, ConfigurationError, Deadlines, ProviderConfig, ProvidersConfig
from companion.providers.llm.base import TokenUsage
from companion.providers.llm.openai import OpenAILLM
from companion.providers.llm.tokens import estimate_tokens
from tests.providers.fakes import request

UNICODE = ("¡Hola! ", "안녕 ", "سلام ", "👩‍👩‍👧‍👦 ", "naïve ", "\u200cمی‌خواهم")


@pytest.fixture
def llm(config: ProvidersConfig) -> OpenAILLM:
    return OpenAILLM(config.pipeline("LLM"), config.deadlines)


def begin(llm: OpenAILLM, *, gather_s: float = 0.0) -> AsyncGenerator[str | TokenUsage]:
    asked = replace(request("Tell me about drums"), gather_s=gather_s)
    return cast(AsyncGenerator[str | TokenUsage], llm.stream(asked))


async def text_of(llm: OpenAILLM) -> str:
    return "".join([item async for item in begin(llm) if isinstance(item, str)])


async def test_it_asks_for_a_stream_with_its_cost(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    await text_of(llm)
    assert upstream.requests == [
        {
            "model": "scripted-model",
            "messages": [
                {"role": "system", "content": "You are Vesper."},
                {"role": "user", "content": "Tell me about drums"},
            ],
            "max_tokens": 200,
            "temperature": 0.8,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    ]
    assert upstream.keys == ["Bearer sk-test"]


async def test_the_text_is_what_was_sent_and_the_cost_what_was_said(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    items = [item async for item in begin(llm)]
    assert "".join(item for item in items if isinstance(item, str)) == "".join(upstream.pace.texts())
    assert items[-1] == TokenUsage(11, 8)


@pytest.mark.parametrize("play", ["split", "crlf", "ok"])
async def test_characters_and_lines_survive_any_cut_of_the_bytes(
    llm: OpenAILLM, upstream: ScriptedUpstream, play: str
) -> None:
    upstream.pace = Pace(words=UNICODE)
    upstream.play(play)
    assert await text_of(llm) == "".join(UNICODE)


async def test_a_server_that_does_not_say_what_it_cost_is_estimated(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    upstream.play("no_usage")
    items = [item async for item in begin(llm)]
    expected = estimate_tokens("".join(upstream.pace.texts()))
    assert items[-1] == TokenUsage(estimate_tokens("You are Vesper.Tell me about drums"), expected)


async def test_empty_lines_before_the_answer_are_no_first_token(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    upstream.pace = Pace(words=("\n", "\n\n", " Hello", " you"))
    assert await text_of(llm) == "Hello you"


@pytest.mark.parametrize(
    ("play", "error", "retryable"),
    [
        ("reset", errors.Refused, True),
        ("429", errors.RateLimited, True),
        ("500", errors.ServerError, True),
        ("401", errors.Misconfigured, False),
        ("400", errors.Rejected, False),
        ("garbage", errors.Garbage, True),
        ("html", errors.Garbage, True),
        ("empty", errors.Garbage, True),
        ("error_event", errors.ServerError, True),
    ],
)
async def test_each_failure_before_the_first_token_has_its_error(
    llm: OpenAILLM, upstream: ScriptedUpstream, play: str, error: type[errors.ProviderError], retryable: bool
) -> None:
    # A connection that is reset is tried once more; see the test below.
    upstream.play(play, *([play] if play == "reset" else []))
    with pytest.raises(error) as caught:
        await anext(begin(llm))
    assert type(caught.value) is error
    assert caught.value.retryable is retryable


async def test_a_429_says_how_long_to_wait(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    upstream.play("429")
    with pytest.raises(errors.RateLimited) as caught:
        await anext(begin(llm))
    assert caught.value.retry_after_s == RETRY_AFTER_S


async def test_nobody_listens_at_the_address(config: ProvidersConfig) -> None:
    with socket.socket() as taken:
        # Bound and not listening: nobody else can get the port, and connecting is refused.
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        llm = OpenAILLM(replace(config.pipeline("LLM"), base_url=address), config.deadlines)
        with pytest.raises(errors.Refused):
            await anext(begin(llm))


async def test_a_connection_that_does_not_come_about_in_time(config: ProvidersConfig) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # With its queue full the kernel drops further handshakes, as a host that is gone does.
        waiting = [socket.socket() for _ in range(4)]
        try:
            for client in waiting:
                client.setblocking(False)
                client.connect_ex(full.getsockname())
            address = f"http://127.0.0.1:{full.getsockname()[1]}/v1"
            llm = OpenAILLM(replace(config.pipeline("LLM"), base_url=address), Deadlines(connect_s=0.1))
            with pytest.raises(errors.Timeout):
                await anext(begin(llm))
        finally:
            for client in waiting:
                client.close()


@pytest.mark.parametrize(
    ("play", "error"), [("cut", errors.Cut), ("no_done", errors.Cut), ("late_garbage", errors.Garbage)]
)
async def test_a_failure_after_the_first_token_keeps_what_was_said(
    llm: OpenAILLM, upstream: ScriptedUpstream, play: str, error: type[errors.ProviderError]
) -> None:
    # Paced, because what comes in one read with the failure is lost with it.
    upstream.pace = Pace(tokens=2, interval_s=0.02, first_s=0.02)
    upstream.play(play)
    stream = begin(llm)
    assert await anext(stream) == "word0 "
    with pytest.raises(error):
        assert [text async for text in stream] == []


async def test_what_follows_the_first_token_gathers_and_is_whole(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    upstream.pace = Pace(tokens=30, interval_s=0.003)
    first, *rest = [item async for item in begin(llm, gather_s=0.04) if isinstance(item, str)]
    assert "".join([first, *rest]) == "".join(upstream.pace.texts())
    assert len(rest) < 29


async def test_an_answer_that_is_cut_while_it_gathers_says_so(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    upstream.pace = Pace(tokens=10, interval_s=0.003)
    upstream.play("cut")
    said: list[str] = []
    with pytest.raises(errors.Cut):  # noqa: PT012 -- what was said before it counts
        async for item in begin(llm, gather_s=0.04):
            said.append(cast(str, item))  # noqa: PERF401 -- a comprehension would lose it
    assert "".join(upstream.pace.texts()).startswith("".join(said))
    assert said


async def test_leaving_an_answer_ends_the_work_of_the_upstream(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    upstream.play("drip")
    stream = begin(llm)
    await anext(stream)
    await stream.aclose()
    assert await asyncio.wait_for(upstream.left.wait(), 5)


async def test_cancelling_before_the_first_token_ends_the_work_of_the_upstream(
    llm: OpenAILLM, upstream: ScriptedUpstream
) -> None:
    upstream.play("hang")
    waiting = asyncio.create_task(anext(begin(llm)))
    await upstream.stalled.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(upstream.left.wait(), 5)


async def test_one_connection_serves_turn_after_turn(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    upstream.play("ok", "late_end", "late_end")
    for _ in range(5):
        await text_of(llm)
    assert len(upstream.connections) == 1


async def test_an_upstream_that_never_ends_its_body_does_not_hold_up_the_turn(
    llm: OpenAILLM, upstream: ScriptedUpstream
) -> None:
    upstream.play("no_end")
    assert await asyncio.wait_for(text_of(llm), 5) == "".join(upstream.pace.texts())
    await asyncio.wait_for(upstream.left.wait(), 5)


async def test_a_kept_connection_that_the_server_closed_is_replaced(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    await text_of(llm)
    upstream.play("reset")
    assert await text_of(llm) == "".join(upstream.pace.texts())
    assert len(upstream.requests) == 3


async def test_neither_the_answer_nor_the_key_is_in_an_error(llm: OpenAILLM, upstream: ScriptedUpstream) -> None:
    for play in ("401", "400", "garbage", "error_event"):
        upstream.play(play)
        with pytest.raises(errors.ProviderError) as caught:
            await anext(begin(llm))
        assert "scripted" not in str(caught.value)
        assert "sk-test" not in str(caught.value) + repr(ProviderConfig("openai", api_key="sk-test"))


def test_openai_itself_gets_the_name_of_the_limit_that_it_takes() -> None:
    own = OpenAILLM(ProviderConfig("openai", "http://127.0.0.1:1/v1", "", "m"), Deadlines())
    vendor = OpenAILLM(ProviderConfig("openai", OPENAI_URL, "sk-test", "m"), Deadlines())
    assert own._body(request())["max_tokens"] == 200
    assert vendor._body(request())["max_completion_tokens"] == 200


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (ProviderConfig("openai", "http://127.0.0.1:1/v1"), "COMPANION_LLM_MODEL"),
        (ProviderConfig("openai", "", "", "gpt"), "COMPANION_LLM_API_KEY"),
        (ProviderConfig("openai", "ftp://host", "", "gpt"), "COMPANION_LLM_BASE_URL"),
        (ProviderConfig("openai", "127.0.0.1:8000", "", "gpt"), "COMPANION_LLM_BASE_URL"),
    ],
)
def test_a_wrong_setting_is_named(config: ProviderConfig, names: str) -> None:
    with pytest.raises(ConfigurationError, match=names):
        OpenAILLM(config, Deadlines())


async def test_many_answers_at_once_arrive_whole_in_any_mix_of_good_and_bad(
    llm: OpenAILLM, upstream: ScriptedUpstream
) -> None:
    plays = ["ok", "cut", "split", "500", "no_usage", "crlf", "429"] * 6
    random.Random(5).shuffle(plays)
    upstream.play(*plays)
    answers = await asyncio.gather(*(text_of(llm) for _ in plays), return_exceptions=True)
    whole = "".join(upstream.pace.texts())
    assert sum(answer == whole for answer in answers) == 24
    assert sum(isinstance(answer, errors.ProviderError) for answer in answers) == 18
