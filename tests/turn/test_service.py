"""Following, resuming, cancelling and taking over, over two processes that share Postgres and Redis."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from companion.kernel.errors import IdempotencyMismatch, NotFound, Paused, Unavailable, ValidationFailed
from companion.kernel.ids import new_id
from conversations.turn import registry
from conversations.turn.contracts import TurnEvent, shown_text
from conversations.turn.service import LOST_LOG_SEQ, Incoming, Sender
from memory.contracts import Recalled, RecalledMemory
from tests.simulation.postgres import PROFILE
from tests.simulation.process import Process
from tests.simulation.upstream import Script
from tests.simulation.world import World
from tests.turn.virtually import on_stage


async def send(process: Process, client_message_id: str = "one", text: str = "hello there") -> UUID:
    sender = Sender(process.world.artist, process.world.fan, PROFILE)
    turn = await process.run(process.service.send(sender, Incoming(client_message_id, text, "websocket")))
    assert isinstance(turn, UUID)
    return turn


async def follow(process: Process, turn: UUID, after: int = 0, until: Callable[[TurnEvent], bool] | None = None) -> Any:
    events = []
    async for event in process.service.follow(process.world.artist, process.world.fan, turn, after):
        events.append(event)
        if until is not None and until(event):
            break
    return events


def seqs(events: list[TurnEvent]) -> list[int]:
    return [event.seq for event in events]


def ending(events: list[TurnEvent]) -> Any:
    assert events[-1].is_ending
    return orjson.loads(events[-1].frame)


def is_word(event: TurnEvent) -> bool:
    return event.carries_words


async def asked(process: Process, work: Any) -> Any:
    return await process.run(work)


# -- following -----------------------------------------------------------------------------------------------------


def test_a_turn_is_followed_from_its_own_process_and_from_another() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        ours, theirs = await asyncio.gather(follow(here, turn), follow(there, turn))
        assert seqs(ours) == [1, 2, 3, 4, 5]
        assert theirs == ours
        assert shown_text(ours)[0] == ending(ours)["message"]["text"] == "one two three "
        assert ending(ours)["usage"]["quotas"][0]["used"] == 1

    assert len(on_stage(play).postgres.charges) == 1


@pytest.mark.parametrize("after", range(6))
def test_a_resume_gives_what_follows_while_the_turn_runs_and_when_it_has_ended(after: int) -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        whole = await follow(here, turn)
        for process in (here, there):
            assert await follow(process, turn, after) == whole[after:]

    on_stage(play)


def test_an_ended_turn_whose_log_was_lost_answers_with_its_ending_alone() -> None:
    async def play(world: World) -> None:
        process = world.start_process()
        turn = await send(process)
        whole = await follow(process, turn)
        world.redis.empty()
        assert await follow(process, turn, 1) == whole[-1:]
        assert await follow(process, turn, whole[-1].seq) == []

    on_stage(play)


def test_a_resume_past_the_last_event_or_of_an_unknown_turn_is_refused() -> None:
    async def play(world: World) -> None:
        process = world.start_process()
        turn = await send(process)
        whole = await follow(process, turn)
        resume, fan = process.service.check_resume, world.fan
        await asked(process, resume(world.artist, fan, turn, whole[-1].seq))
        for after in (-1, whole[-1].seq + 1):
            with pytest.raises(ValidationFailed):
                await asked(process, resume(world.artist, fan, turn, after))
        for stranger in (resume(world.artist, UUID(int=9), turn, 0), resume(world.artist, fan, UUID(int=9), 0)):
            with pytest.raises(NotFound):
                await asked(process, stranger)

    on_stage(play)


def test_a_running_turn_can_be_resumed_though_its_log_was_lost() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        await follow(here, turn, until=is_word)
        world.redis.empty()
        await asked(there, there.service.check_resume(world.artist, world.fan, turn, 2))
        rest = await follow(there, turn, 1)
        assert ending(rest)["message"]["text"] == "one two three "

    on_stage(play)


# -- sending and stopping ------------------------------------------------------------------------------------------


def test_the_same_message_gives_the_same_turn_everywhere_and_another_text_is_refused() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        assert await send(there) == turn
        with pytest.raises(IdempotencyMismatch):
            await send(there, text="something else")
        await follow(here, turn)
        assert await send(there) == turn

    world = on_stage(play)
    assert [message.role for message in world.postgres.messages] == ["fan", "persona"]


def test_recall_is_prepared_for_a_message_that_may_pass_and_for_no_other() -> None:
    async def play(world: World) -> None:
        process = world.start_process()
        for number, text in enumerate(("hello there", "block this", "hold this", "crisis this")):
            await follow(process, await send(process, str(number), text))
        assert world.expected == ["hello there"]

    on_stage(play)


def test_a_second_message_interrupts_the_first_and_is_answered_together_with_it() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        first = await send(here, "one", "how are you")
        await follow(here, first, until=is_word)
        second = await send(there, "two", "sing for me")
        assert ending(await follow(here, first))["type"] == "turn.cancelled"
        assert ending(await follow(there, second))["type"] == "turn.completed"

    world = on_stage(play)
    prompt = world.postgres.settlements[-1].trace.prompt
    assert [line["content"] for line in prompt if line["role"] == "user"] == ["how are you", "sing for me"]


def test_a_turn_cancelled_before_its_first_word_costs_nothing() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        await asked(there, there.service.cancel(world.artist, world.fan, turn))
        assert ending(await follow(there, turn))["message"] is None
        await asked(there, there.service.cancel(world.artist, world.fan, turn))  # ended: nothing happens

    world = on_stage(play)
    assert world.postgres.charges == []
    assert world.clock.monotonic() < 0.5  # the model was not waited for


def test_while_text_is_paused_nothing_is_admitted_and_a_running_turn_fails() -> None:
    async def play(world: World) -> None:
        process = world.start_process()
        turn = await send(process)
        await follow(process, turn, until=is_word)
        world.panel.set(world.clock.monotonic(), paused=True)
        process.notice_switches(world.clock.monotonic())
        failed = ending(await follow(process, turn))
        assert (failed["type"], failed["error"]["code"]) == ("turn.failed", "paused")
        assert failed["message"]["text"] == "one "
        with pytest.raises(Paused) as refusal:
            await send(process, "two", "crisis now")
        assert refusal.value.extra["help"]["actions"]

    world = on_stage(play)
    assert len(world.postgres.turns) == 1


def test_a_killed_provider_is_followed_by_a_line_of_the_personas_own() -> None:
    async def play(world: World) -> None:
        process = world.start_process()
        turn = await send(process)
        await follow(process, turn, until=is_word)
        world.panel.set(world.clock.monotonic(), killed=frozenset({"main"}))
        process.notice_switches(world.clock.monotonic())
        events = await follow(process, turn)
        told = ending(events)
        assert told["type"] == "turn.completed"
        assert told["message"]["degraded"]
        assert told["message"]["text"] == shown_text(events)[0] != "one "
        assert told["notices"][0]["kind"] == "degraded"

    assert on_stage(play).postgres.charges == []


def test_a_reply_tells_when_the_fan_said_what_it_speaks_of_and_a_line_of_the_personas_own_does_not() -> None:
    said_at = datetime(2026, 11, 20, 21, 14, tzinfo=UTC)
    # The last are the persona's own lines.
    texts = ("Tea.", "Two of three.", "Another time.", "Talk of something else.")
    known = [RecalledMemory(new_id(), "fact", text, new_id(), "", said_at, 0.9) for text in texts]

    async def play(world: World) -> None:
        world.recalled = Recalled(tuple(known))
        process = world.start_process()
        told = ending(await follow(process, await send(process)))
        assert told["message"]["remembered_from"] == "2026-11-20T21:14:00.000Z"
        turn = await send(process, "two")
        await follow(process, turn, until=is_word)
        world.panel.set(world.clock.monotonic(), killed=frozenset({"main"}))
        process.notice_switches(world.clock.monotonic())
        told = ending(await follow(process, turn))
        assert told["message"]["degraded"]
        assert "remembered_from" not in told["message"]

    on_stage(play)


def test_a_process_that_drains_takes_nothing_new_and_hands_its_turn_over() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        world.scripts[:] = [Script("fine", ("one ", "two ") * 20, gap_s=0.5)]
        turn = await send(here)
        await follow(here, turn, until=is_word)
        here.drain()
        with pytest.raises(Unavailable):
            await send(here, "two")
        told = ending(await follow(there, turn))
        assert told["type"] == "turn.cancelled"
        assert told["message"]["text"].startswith("one two ")
        assert world.clock.monotonic() < 5  # no lease had to lapse

    world = on_stage(play)
    assert len(world.postgres.charges) == len(world.postgres.turns) == 1


# -- taking over ---------------------------------------------------------------------------------------------------


def test_a_turn_whose_process_died_before_a_word_is_answered_by_another() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        await follow(here, turn, until=lambda event: event.seq == 1)
        here.die()
        events = await follow(there, turn)
        assert seqs(events) == [1, 2, 3, 4, 5]
        assert ending(events)["message"]["text"] == "one two three "

    world = on_stage(play)
    assert world.postgres.turns[world.postgres.charges[0]].epoch == 2


def test_a_turn_whose_process_died_in_mid_reply_ends_with_what_was_shown() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        await follow(here, turn, until=is_word)
        here.die()
        events = await follow(there, turn, 2)
        assert seqs(events) == [3]
        assert ending(events)["type"] == "turn.cancelled"
        assert ending(events)["message"]["text"] == "one "

    assert len(on_stage(play).postgres.charges) == 1


def test_a_dead_processs_turn_ends_though_nobody_asks() -> None:
    async def play(world: World) -> None:
        here, _ = world.start_process(), world.start_process()
        turn = await send(here)
        await follow(here, turn, until=is_word)
        here.die()
        await asyncio.sleep(12)
        assert world.postgres.turns[turn].status == "cancelled"

    on_stage(play)


def test_the_fan_writes_again_within_ten_seconds_of_a_crash() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        await follow(here, await send(here), until=is_word)
        here.die()
        died_at = world.clock.monotonic()
        second = await send(there, "two", "how are you")
        assert world.clock.monotonic() - died_at < 10
        assert ending(await follow(there, second))["type"] == "turn.completed"

    on_stage(play)


@pytest.mark.parametrize("words_since", [0, 1])
def test_a_log_without_its_beginning_is_not_believed(words_since: int) -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        await follow(here, turn, until=is_word)
        world.redis.empty()
        await asyncio.sleep(1.0 * words_since)
        here.die()
        events = await follow(there, turn, 2)
        assert ending(events) | {"turn": ""} == {
            "type": "turn.cancelled",
            "turn": "",
            "seq": LOST_LOG_SEQ,
            "message": None,
        }

    assert on_stage(play).postgres.charges == []


def test_a_redis_that_is_away_keeps_what_was_shown_for_who_takes_over() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        await follow(here, turn, until=is_word)
        here.die()
        there.part_from_redis(8)
        await asyncio.sleep(7)
        with pytest.raises(Unavailable):
            await asked(there, follow(there, turn, 2))
        await asyncio.sleep(3)
        assert ending(await follow(there, turn, 2))["message"]["text"] == "one "

    on_stage(play)


def test_a_process_that_was_taken_for_dead_adds_nothing() -> None:
    async def play(world: World) -> None:
        here, there = world.start_process(), world.start_process()
        turn = await send(here)
        await follow(here, turn, until=is_word)
        here.stall(9)
        ours, theirs = await asyncio.gather(follow(here, turn, 2), follow(there, turn, 2))
        assert theirs == ours[-1:]
        assert ending(theirs)["message"]["text"] == "one "

    on_stage(play)


def test_a_process_that_takes_its_own_lost_turn_again_keeps_it_when_the_first_run_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "RENEW_S", 2)  # the sweep at 9 s comes before the renewal at 10 s

    async def play(world: World) -> None:
        process = world.start_process()
        hangs = Script("hangs", first_s=500)
        world.scripts[:] = [hangs, hangs, Script("fine", ("again ", "and ", "again "), gap_s=1.0)]
        turn = await send(process)
        await asyncio.sleep(1)
        process.part(7.5)  # the lease lapses at 6 s; at 9 s the process's own sweep finds the turn
        await asyncio.sleep(9.5)
        assert world.postgres.turns[turn].epoch == 2
        control = process.registry.get(turn)
        assert control is not None
        assert control.request.epoch == 2
        assert ending(await follow(process, turn))["message"]["text"] == "again and again "
        await asyncio.sleep(1)
        assert len(process.registry) == 0

    on_stage(play)
