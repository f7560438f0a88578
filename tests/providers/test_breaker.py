"""The breaker under a clock that stands still."""

import asyncio
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from companion.kernel.breaker import Breaker, CircuitOpen, Passage, State
from tests.providers.fakes import FixedClock

COOLDOWN_S = 15.0


def make_breaker(clock: FixedClock, failures: int = 3, upstream: str = "test:upstream") -> Breaker:
    return Breaker(upstream, clock, failures=failures, cooldown_s=COOLDOWN_S)


def fail(breaker: Breaker, times: int = 1, retry_after_s: float | None = None) -> None:
    for _ in range(times):
        passage = breaker.admit()
        passage.fail(retry_after_s)
        passage.release()


def state_of(breaker: Breaker) -> State:
    """A call, so that mypy does not hold a second look for the first one's."""
    return breaker.state


def open_it(breaker: Breaker) -> None:
    fail(breaker, 3)
    assert state_of(breaker) is State.OPEN


def gauge(upstream: str = "test:upstream") -> float | None:
    return REGISTRY.get_sample_value("lay_circuit_breaker_state", {"upstream": upstream})


def test_it_opens_after_so_many_failures_and_then_calls_nothing(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    fail(breaker, 2)
    assert state_of(breaker) is State.CLOSED
    fail(breaker)
    with pytest.raises(CircuitOpen) as caught:
        breaker.admit()
    assert caught.value.retry_after_s == COOLDOWN_S


def test_a_completed_call_forgets_the_failures_before_it(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    fail(breaker, 2)
    breaker.admit().succeed()
    fail(breaker, 2)
    assert state_of(breaker) is State.CLOSED


def test_it_stays_open_until_the_cool_down_is_over_to_the_moment(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    open_it(breaker)
    clock.advance(COOLDOWN_S - 0.001)
    with pytest.raises(CircuitOpen):
        breaker.admit()
    clock.advance(0.001)
    breaker.admit()
    assert state_of(breaker) is State.HALF_OPEN


async def test_of_many_callers_at_once_exactly_one_is_the_probe(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    open_it(breaker)
    clock.advance(COOLDOWN_S)
    go = asyncio.Event()
    sent = 0

    async def upstream() -> str:
        nonlocal sent
        sent += 1
        await go.wait()
        return "well"

    callers = [asyncio.create_task(breaker.call(upstream)) for _ in range(100)]
    await asyncio.wait(callers, return_when=asyncio.FIRST_COMPLETED)
    assert sent == 1
    assert sum(caller.done() for caller in callers) == 99
    go.set()
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert answers.count("well") == 1
    assert state_of(breaker) is State.CLOSED


def test_of_many_threads_at_once_exactly_one_is_the_probe(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    open_it(breaker)
    clock.advance(COOLDOWN_S)
    barrier = threading.Barrier(16)
    admitted: list[Passage] = []

    def caller() -> None:
        barrier.wait()
        try:
            admitted.append(breaker.admit())
        except CircuitOpen:
            return

    threads = [threading.Thread(target=caller) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 1


async def test_a_cancelled_probe_frees_the_slot_and_decides_nothing(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    open_it(breaker)
    clock.advance(COOLDOWN_S)
    begun = asyncio.Event()

    async def upstream() -> None:
        begun.set()
        await asyncio.Event().wait()

    probe = asyncio.create_task(breaker.call(upstream))
    await begun.wait()
    with pytest.raises(CircuitOpen):
        breaker.admit()
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    assert state_of(breaker) is State.HALF_OPEN
    breaker.admit().succeed()
    assert state_of(breaker) is State.CLOSED


async def test_cancelled_calls_never_open_it(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    fail(breaker, 2)

    begun = asyncio.Semaphore(0)

    async def upstream() -> None:
        begun.release()
        await asyncio.Event().wait()

    calls = [asyncio.create_task(breaker.call(upstream)) for _ in range(10)]
    for _ in calls:
        await begun.acquire()
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    assert state_of(breaker) is State.CLOSED
    fail(breaker)
    assert state_of(breaker) is State.OPEN


async def test_an_error_that_speaks_for_the_request_alone_is_neutral(clock: FixedClock) -> None:
    breaker = make_breaker(clock, failures=1)

    async def upstream() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        await breaker.call(upstream, blames=lambda error: not isinstance(error, ValueError))
    assert state_of(breaker) is State.CLOSED
    with pytest.raises(ValueError):
        await breaker.call(upstream)
    assert state_of(breaker) is State.OPEN


def test_a_failed_probe_opens_it_for_another_whole_cool_down(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    open_it(breaker)
    clock.advance(COOLDOWN_S)
    fail(breaker)
    clock.advance(COOLDOWN_S - 1)
    with pytest.raises(CircuitOpen):
        breaker.admit()
    clock.advance(1)
    breaker.admit()


def test_what_calls_of_an_earlier_state_report_does_not_count(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    slow, slower = breaker.admit(), breaker.admit()
    open_it(breaker)
    slow.succeed()
    assert state_of(breaker) is State.OPEN
    clock.advance(COOLDOWN_S)
    breaker.admit().succeed()
    slower.fail()
    fail(breaker, 2)
    assert state_of(breaker) is State.CLOSED


def test_the_first_token_of_a_probe_closes_it_and_a_later_cut_counts(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    open_it(breaker)
    clock.advance(COOLDOWN_S)
    stream = breaker.admit()
    stream.alive()
    assert state_of(breaker) is State.CLOSED
    fail(breaker, 2)
    stream.fail()
    assert state_of(breaker) is State.OPEN


def test_an_upstream_that_begins_every_stream_and_ends_none_is_found_out(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    for _ in range(3):
        stream = breaker.admit()
        stream.alive()
        stream.fail()
        stream.release()
    assert state_of(breaker) is State.OPEN


def test_only_the_first_outcome_of_a_call_is_heard(clock: FixedClock) -> None:
    breaker = make_breaker(clock)
    passage = breaker.admit()
    for _ in range(5):
        passage.fail()
    passage.release()
    passage.fail()
    assert state_of(breaker) is State.CLOSED


@pytest.mark.parametrize(("asked_s", "waits_s"), [(None, 15.0), (3.0, 15.0), (40.0, 40.0), (86_400.0, 60.0)])
def test_retry_after_lengthens_the_cool_down_within_reason(
    clock: FixedClock, asked_s: float | None, waits_s: float
) -> None:
    breaker = make_breaker(clock, failures=1)
    fail(breaker, 1, asked_s)
    with pytest.raises(CircuitOpen) as caught:
        breaker.admit()
    assert caught.value.retry_after_s == waits_s


def test_the_gauge_shows_each_state_from_the_start(clock: FixedClock) -> None:
    breaker = make_breaker(clock, upstream="test:gauge")
    assert gauge("test:gauge") == 0
    open_it(breaker)
    assert gauge("test:gauge") == 2
    clock.advance(COOLDOWN_S)
    probe = breaker.admit()
    assert gauge("test:gauge") == 1
    probe.succeed()
    assert gauge("test:gauge") == 0


def test_metrics_show_the_worst_of_all_live_processes(tmp_path: Path) -> None:
    code = (
        "from companion.kernel.breaker import Breaker; b = Breaker('shared', failures=1);"
        "{act}; print('ready', flush=True); input()"
    )
    acts = ("b.admit().succeed()", "b.admit().fail()")
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code.format(act=act)],
            env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": "."},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for act in acts
    ]
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(tmp_path))  # type: ignore[no-untyped-call]  # prometheus_client's own
        assert registry.get_sample_value("lay_circuit_breaker_state", {"upstream": "shared"}) == 2
    finally:
        for child in children:
            child.communicate(b"\n")


@pytest.mark.parametrize("seed", range(40))
async def test_over_random_interleavings_never_two_probes_and_never_a_call_while_open(
    clock: FixedClock, seed: int
) -> None:
    dice = random.Random(seed)
    breaker = make_breaker(clock)
    out: list[tuple[Passage, State]] = []
    for _ in range(400):
        probes = sum(1 for passage, state in out if state is State.HALF_OPEN and not passage.done)
        assert probes <= 1
        match dice.choice(("admit", "admit", "admit", "alive", "succeed", "fail", "fail", "release", "advance")):
            case "admit":
                before = breaker.state
                try:
                    passage = breaker.admit()
                except CircuitOpen:
                    assert before is not State.CLOSED
                    assert probes == 1 or before is State.OPEN
                else:
                    assert before is State.CLOSED or probes == 0
                    out.append((passage, breaker.state))
            case "advance":
                clock.advance(dice.choice((0.1, 5.0, COOLDOWN_S)))
            case "alive" if out:
                index = dice.randrange(len(out))
                out[index][0].alive()
                if breaker.state is State.CLOSED:
                    out[index] = (out[index][0], State.CLOSED)
            case outcome if out:
                passage, _state = out.pop(dice.randrange(len(out)))
                if outcome != "release":
                    getattr(passage, outcome)()
                passage.release()
