"""The scripted upstream in a thread, for a whole session of tests that drive processes."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bench.upstream import Pace, ScriptedUpstream

_loops: dict[ScriptedUpstream, asyncio.AbstractEventLoop] = {}


async def stalled(upstream: ScriptedUpstream) -> None:
    """Waits until an answer of the upstream in its thread has stalled, as scripted."""
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(upstream.stalled.wait(), _loops[upstream]))


def resume(upstream: ScriptedUpstream) -> None:
    """Lets an answer go on that is held, as scripted."""
    _loops[upstream].call_soon_threadsafe(upstream.resumed.set)


@contextmanager
def upstream_thread() -> Iterator[ScriptedUpstream]:
    """Serves until the block ends. `pace` and `play(...)` may be used from any thread."""
    loop = asyncio.new_event_loop()
    # No phrase of a rule or of the honesty guard begins so: the first token leaves alone.
    upstream = ScriptedUpstream(Pace(words=("Listen ", "out ", "there.")))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    _loops[upstream] = loop
    asyncio.run_coroutine_threadsafe(upstream.__aenter__(), loop).result(10)
    try:
        yield upstream
    finally:
        asyncio.run_coroutine_threadsafe(upstream.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
