"""How a process starts, drains and stops."""

import asyncio

import pytest

from companion.kernel.lifecycle import Lifecycle


async def test_what_starts_with_a_process_starts_once_and_in_order() -> None:
    life, seen = Lifecycle(), list[str]()

    async def first() -> None:
        await asyncio.to_thread(seen.append, "first")

    async def second() -> None:
        seen.append("second")

    life.on_start(first)
    life.on_start(second)
    await life.start()
    await life.start()
    assert seen == ["first", "second"]


async def test_what_cannot_start_stops_the_process() -> None:
    life = Lifecycle()

    async def broken() -> None:
        raise OSError("no")

    life.on_start(broken)
    with pytest.raises(OSError, match="no"):
        await life.start()


async def test_draining_begins_at_once_and_ends_when_all_have_ended() -> None:
    life, told = Lifecycle(), list[float]()

    async def end(seconds: float) -> None:
        assert life.draining
        told.append(seconds)

    life.on_drain(end)
    life.on_drain(end)
    assert not life.draining
    assert await life.drained(7) is True
    assert told == [7, 7]


async def test_what_does_not_end_in_time_is_left_behind_and_said() -> None:
    life = Lifecycle()
    ended = asyncio.Event()

    async def endless(_seconds: float) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    life.on_drain(endless)
    assert await life.drained(-0.5) is False
    await asyncio.wait_for(ended.wait(), 5)


async def test_one_that_fails_keeps_no_other_from_draining_or_stopping() -> None:
    life, seen = Lifecycle(), list[str]()

    async def fails(*_seconds: float) -> None:
        raise RuntimeError("broken")

    async def works(*_seconds: float) -> None:
        seen.append("works")

    for hook in (works, fails):
        life.on_drain(hook)
        life.on_stop(hook)
    assert await life.drained(1) is True
    await life.stop()
    assert seen == ["works", "works"]
