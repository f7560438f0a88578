"""The chain: who is asked, when the next one is, and what is left behind."""

import asyncio
from collections.abc import Callable

import pytest

from bench.upstream import Pace, ScriptedUpstream
from companion.kernel.breaker import Breaker, State
from companion.providers import errors
from companion.providers.config import Deadlines, ProvidersConfig
from companion.providers.llm.base import LLM, TokenUsage
from companion.providers.llm.fallback import Link, LLMChain, OpenStream
from companion.providers.llm.openai import OpenAILLM
from tests.providers.fakes import HANG, FixedClock, ScriptedLLM, never_killed, request

SHORT = Deadlines(connect_s=0.1, first_token_s=0.05, first_token_total_s=0.08)


def make_chain(clock: FixedClock, *llms: LLM, deadlines: Deadlines = SHORT, failures: int = 2) -> LLMChain:
    links = [Link(llm, Breaker(f"test:{llm.name}", clock, failures=failures, cooldown_s=15)) for llm in llms]
    return LLMChain(links, deadlines)


async def open_chain(chain: LLMChain, killed: Callable[[str], bool] = never_killed) -> OpenStream:
    return await chain.open(request(), killed=killed)


async def read(stream: OpenStream) -> str:
    try:
        return "".join([text async for text in stream])
    finally:
        await stream.aclose()


async def test_the_first_provider_answers_and_the_next_is_not_asked(clock: FixedClock) -> None:
    first, second = ScriptedLLM("one", ("a ", "b", TokenUsage(3, 2))), ScriptedLLM("two", ("x",))
    stream = await open_chain(make_chain(clock, first, second))
    assert await read(stream) == "a b"
    assert (stream.provider, stream.model, stream.usage, stream.failed) == ("one", "scripted", TokenUsage(3, 2), ())
    assert (first.closed, second.asked) == (1, 0)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (errors.Refused(), "refused"),
        (errors.RateLimited(retry_after_s=3), "rate_limited"),
        (errors.ServerError(), "server_error"),
        (errors.Garbage(), "garbage"),
        (errors.Cut(), "cut"),
        (errors.Misconfigured(), "misconfigured"),
        (errors.Rejected(), "rejected"),
        (HANG, "timeout"),
        (TokenUsage(1, 0), "garbage"),
        (KeyError("surprise"), "broken"),
    ],
)
async def test_whatever_happens_before_the_first_token_the_next_provider_answers(
    clock: FixedClock, step: str | TokenUsage | Exception, code: str
) -> None:
    first, second = ScriptedLLM("one", (step,)), ScriptedLLM("two", ("hello",))
    stream = await open_chain(make_chain(clock, first, second))
    assert await read(stream) == "hello"
    assert stream.provider == "two"
    assert [(attempt.provider, attempt.error) for attempt in stream.failed] == [("one", code)]
    assert first.closed == 1


async def test_a_provider_that_says_nothing_has_given_no_first_token(clock: FixedClock) -> None:
    with pytest.raises(errors.NoFirstToken) as caught:
        await open_chain(make_chain(clock, ScriptedLLM("one", ())))
    assert [attempt.error for attempt in caught.value.attempts] == ["garbage"]


async def test_when_all_fail_it_says_who_was_asked_and_why(clock: FixedClock) -> None:
    chain = make_chain(clock, ScriptedLLM("one", (errors.Refused(),)), ScriptedLLM("two", (errors.ServerError(),)))
    with pytest.raises(errors.NoFirstToken) as caught:
        await open_chain(chain)
    assert [(attempt.provider, attempt.error) for attempt in caught.value.attempts] == [
        ("one", "refused"),
        ("two", "server_error"),
    ]


@pytest.mark.parametrize("step", [errors.Cut(), errors.Garbage(), errors.Timeout(), RuntimeError("surprise")])
async def test_after_the_first_token_a_failure_is_a_cut_and_nobody_else_is_asked(
    clock: FixedClock, step: Exception
) -> None:
    first, second = ScriptedLLM("one", ("a", "b", step)), ScriptedLLM("two", ("x",))
    chain = make_chain(clock, first, second, failures=1)
    stream = await open_chain(chain)
    assert [await anext(stream), await anext(stream)] == ["a", "b"]
    with pytest.raises(errors.Cut):
        await anext(stream)
    await stream.aclose()
    assert second.asked == 0
    assert chain.links[0].breaker.state is State.OPEN


async def test_all_attempts_together_have_one_deadline(clock: FixedClock) -> None:
    hanging = [ScriptedLLM(name, (HANG,)) for name in ("one", "two", "three", "four")]
    started = asyncio.get_running_loop().time()
    with pytest.raises(errors.NoFirstToken) as caught:
        await open_chain(make_chain(clock, *hanging))
    assert asyncio.get_running_loop().time() - started < 1
    assert [llm.asked for llm in hanging] == [1, 1, 0, 0]
    assert [attempt.error for attempt in caught.value.attempts] == ["timeout", "timeout"]
    assert sum(llm.closed for llm in hanging) == 2


async def test_an_open_breaker_is_passed_over_without_asking(clock: FixedClock) -> None:
    first, second = ScriptedLLM("one", (errors.ServerError(),)), ScriptedLLM("two", ("hello",))
    chain = make_chain(clock, first, second)
    for _ in range(4):
        assert await read(await open_chain(chain)) == "hello"
    assert first.asked == 2
    stream = await open_chain(chain)
    assert [attempt.error for attempt in stream.failed] == ["open"]
    await stream.aclose()


async def test_after_the_cool_down_one_turn_probes_and_the_others_pass_over(clock: FixedClock) -> None:
    first, second = ScriptedLLM("one", (errors.ServerError(),)), ScriptedLLM("two", ("hello",))
    chain = make_chain(clock, first, second, failures=1)
    await read(await open_chain(chain))
    clock.advance(15)
    first.steps = (HANG,)
    turns = [asyncio.create_task(open_chain(chain)) for _ in range(20)]
    await first.waiting.wait()
    streams = await asyncio.gather(*turns)
    assert first.asked == 2
    assert [stream.provider for stream in streams] == ["two"] * 20
    for stream in streams:
        await stream.aclose()


async def test_a_turn_that_is_cancelled_while_it_waits_leaves_the_breaker_as_it_was(clock: FixedClock) -> None:
    llm = ScriptedLLM("one", (HANG,))
    chain = make_chain(clock, llm, deadlines=Deadlines(), failures=1)
    turn = asyncio.create_task(open_chain(chain))
    await llm.waiting.wait()
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    assert llm.closed == 1
    assert chain.links[0].breaker.state is State.CLOSED


async def test_a_probe_that_is_cancelled_leaves_its_place_to_the_next_turn(clock: FixedClock) -> None:
    llm = ScriptedLLM("one", (errors.ServerError(),))
    chain = make_chain(clock, llm, deadlines=Deadlines(), failures=1)
    with pytest.raises(errors.NoFirstToken):
        await open_chain(chain)
    clock.advance(15)
    llm.steps = (HANG,)
    probe = asyncio.create_task(open_chain(chain))
    await llm.waiting.wait()
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    llm.steps = ("well again",)
    assert await read(await open_chain(chain)) == "well again"
    assert chain.links[0].breaker.state is State.CLOSED


async def test_a_stream_that_is_left_is_closed_and_counts_for_nothing(clock: FixedClock) -> None:
    llm = ScriptedLLM("one", ("a", "b", "c"))
    chain = make_chain(clock, llm, failures=1)
    stream = await open_chain(chain)
    assert await anext(stream) == "a"
    await stream.aclose()
    await stream.aclose()
    assert llm.closed == 1
    assert chain.links[0].breaker.state is State.CLOSED


async def test_a_request_that_is_refused_for_its_content_does_not_open_the_breaker(clock: FixedClock) -> None:
    chain = make_chain(clock, ScriptedLLM("one", (errors.Rejected(),)), failures=1)
    for _ in range(3):
        with pytest.raises(errors.NoFirstToken):
            await open_chain(chain)
    assert chain.links[0].breaker.state is State.CLOSED


async def test_a_killed_provider_is_not_asked(clock: FixedClock) -> None:
    first, second = ScriptedLLM("one", ("a",)), ScriptedLLM("two", ("b",))
    stream = await open_chain(make_chain(clock, first, second), killed=lambda name: name == "one")
    assert await read(stream) == "b"
    assert first.asked == 0
    assert [attempt.error for attempt in stream.failed] == ["killed"]


async def test_a_switch_thrown_while_waiting_for_the_first_token_keeps_it_back(clock: FixedClock) -> None:
    answers = iter([False, True])
    llm = ScriptedLLM("one", ("a",))
    with pytest.raises(errors.NoFirstToken):
        await open_chain(make_chain(clock, llm), killed=lambda _name: next(answers))
    assert llm.closed == 1


@pytest.mark.parametrize("play", ["hang", "hang_open", "reset", "429", "500", "garbage", "empty", "html", "401"])
async def test_over_real_http_a_sick_upstream_is_left_for_a_healthy_one(
    clock: FixedClock, upstream: ScriptedUpstream, config: ProvidersConfig, play: str
) -> None:
    sick = OpenAILLM(config.pipeline("LLM"), config.deadlines)
    healthy = ScriptedLLM("healthy", ("hello",))
    upstream.play(play, play)
    chain = make_chain(clock, sick, healthy, deadlines=Deadlines(2.0, 0.5, 5.0), failures=1)
    stream = await open_chain(chain)
    assert await read(stream) == "hello"
    assert chain.links[0].breaker.state is State.OPEN


@pytest.mark.parametrize("play", ["cut", "no_done", "late_garbage"])
async def test_over_real_http_a_stream_that_breaks_is_a_cut(
    clock: FixedClock, upstream: ScriptedUpstream, config: ProvidersConfig, play: str
) -> None:
    upstream.pace = Pace(tokens=4, interval_s=0.02)
    upstream.play(play)
    stream = await open_chain(
        make_chain(clock, OpenAILLM(config.pipeline("LLM"), config.deadlines), deadlines=Deadlines())
    )
    assert await anext(stream) == "word0 "
    with pytest.raises(errors.Cut):
        await read(stream)


async def test_a_slow_drip_is_ended_by_whoever_reads_it(
    clock: FixedClock, upstream: ScriptedUpstream, config: ProvidersConfig
) -> None:
    upstream.play("drip")
    stream = await open_chain(
        make_chain(clock, OpenAILLM(config.pipeline("LLM"), config.deadlines), deadlines=Deadlines())
    )
    assert await anext(stream) == "word0 "
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await anext(stream)
    await stream.aclose()
    await asyncio.wait_for(upstream.left.wait(), 5)
