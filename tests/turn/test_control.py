"""What wakes a turn, and who hears of its events."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from conversations.turn.contracts import Interruption, TurnEvent, make_event
from conversations.turn.control import Signal, TurnControl
from tests.turn.test_prompt import asking
from tests.turn.virtually import virtually


def now() -> float:
    return asyncio.get_running_loop().time()


def later(seconds: float, signal: Signal, *, urgent: bool = False) -> None:
    asyncio.get_running_loop().call_later(seconds, lambda: signal.set(urgent=urgent))


def test_a_signal_that_nobody_sets_ends_the_wait_in_time() -> None:
    async def wait() -> None:
        assert not await Signal().wait(3)
        assert now() == 3

    virtually(wait())


def test_a_signal_wakes_its_waiter_once() -> None:
    async def wait() -> None:
        signal = Signal()
        later(1, signal)
        assert await signal.wait(5)
        assert now() == 1
        assert not await signal.wait(5)

    virtually(wait())


def test_a_signal_that_was_set_before_the_wait_is_not_missed() -> None:
    async def wait() -> None:
        signal = Signal()
        signal.set()
        signal.set()
        assert await signal.wait(5)
        assert now() == 0

    virtually(wait())


def test_who_waits_for_the_urgent_sleeps_through_the_rest_and_finds_it_afterwards() -> None:
    async def wait() -> None:
        signal = Signal()
        later(1, signal)
        assert not await signal.wait(2, only_urgent=True)
        assert now() == 2
        assert await signal.wait(5)
        assert now() == 2

    virtually(wait())


def test_the_urgent_wakes_everybody_and_stays() -> None:
    async def wait() -> None:
        signal = Signal()
        later(1, signal, urgent=True)
        assert await signal.wait(2, only_urgent=True)
        assert now() == 1
        assert await signal.wait(2)
        assert await signal.wait(2, only_urgent=True)
        assert now() == 1

    virtually(wait())


def event(seq: int, event_type: str = "turn.token") -> TurnEvent:
    return make_event(UUID(int=7), seq, event_type, text="a")


async def seqs(events: AsyncIterator[TurnEvent]) -> list[int]:
    return [event.seq async for event in events]


def test_each_follower_gets_each_event_once_whenever_it_comes() -> None:
    async def follow() -> None:
        control = TurnControl(asking())
        early = asyncio.create_task(seqs(control.follow(0)))
        await asyncio.sleep(1)
        control.publish(event(1))
        control.publish(event(2))
        behind = asyncio.create_task(seqs(control.follow(1)))
        await asyncio.sleep(1)
        control.publish(event(3))
        control.close()
        assert await early == [1, 2, 3]
        assert await behind == [2, 3]
        assert await seqs(control.follow(2)) == [3]

    virtually(follow())


def test_a_follower_that_leaves_is_forgotten() -> None:
    async def follow() -> None:
        control = TurnControl(asking())
        leaving = asyncio.create_task(seqs(control.follow(0)))
        await asyncio.sleep(1)
        leaving.cancel()
        await asyncio.wait([leaving])
        control.publish(event(1))
        assert not control._followers

    virtually(follow())


def test_the_first_reason_to_stop_counts() -> None:
    async def stop() -> None:
        control = TurnControl(asking())
        control.interrupt(Interruption.CANCELLED)
        control.interrupt(Interruption.PAUSED)
        assert control.interruption is Interruption.CANCELLED
        assert await control.signal.wait(1, only_urgent=True)

    virtually(stop())


def test_a_turn_that_is_being_settled_is_not_stopped() -> None:
    async def stop() -> None:
        control = TurnControl(asking())
        control.interruptible = False
        control.interrupt(Interruption.CANCELLED)
        assert control.interruption is None

    virtually(stop())
