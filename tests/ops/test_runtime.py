"""What becomes of a web process that has lost a part of itself."""

import asyncio
import signal

import pytest

from conversations.runtime import Runtime


async def test_a_process_whose_task_died_asks_to_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[signal.Signals] = []
    monkeypatch.setattr("conversations.runtime.signal.raise_signal", raised.append)
    runtime = Runtime()

    async def ends() -> None:
        return

    async def dies() -> None:
        raise RuntimeError("a fault of ours")

    runtime._keep(ends())
    await asyncio.wait(runtime._tasks)
    assert raised == []
    runtime._keep(dies())
    await asyncio.wait(runtime._tasks)
    assert raised == [signal.SIGTERM]
