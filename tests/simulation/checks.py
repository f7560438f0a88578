"""What has to hold after a run, whatever happened in it. Each check yields sentences that say what does not."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from uuid import UUID

import orjson

from companion.kernel.errors import CompanionError
from conversations.turn.contracts import TurnEvent, shown_text
from conversations.turn.errors import LogAway, StoreAway
from tests.simulation.device import Device, Received
from tests.simulation.faults import Fault, Mix
from tests.simulation.moderation import BANNED
from tests.simulation.upstream import NAMES
from tests.simulation.world import World

# contract.md, `kill`: from the command's return to the last byte written to a socket.
BOUND_S = 1.0
# A process with one running turn and a few followers makes about 60 calls in its busiest second; a loop without a
# pause makes thousands.
CALLS_A_SECOND = 400
# After these a client may miss events: contract.md lets a hole stand before the ending.
MAY_LOSE_EVENTS = {
    Fault.REDIS_AWAY,
    Fault.REDIS_PARTED,
    Fault.REDIS_EMPTIED,
    Fault.LOST_ANSWER,
    Fault.STALE,
    Fault.STALL,
    Fault.PARTED,
    Fault.POSTGRES_AWAY,
    Fault.KILL_TEXT,
    Fault.SLOW,
}


# The figure for one process that was killed.
WRITES_AGAIN_S = 10.0
NO_OUTAGE = {Fault.CRASH, Fault.DRAIN, Fault.CANCEL, Fault.SECOND_MESSAGE, Fault.REPEAT, Fault.OTHER_TEXT, Fault.CUT}


def violations(world: World) -> list[str]:
    found = list(world.violations)
    for check in (
        _each_turn_ended_once,
        _rows_agree,
        _one_writer_an_epoch,
        _kills_hold,
        _nothing_spins,
        _nothing_broke,
        _fan_can_write,
    ):
        found += check(world)
    for device in world.devices:
        for turn, received in device.received.items():
            found += [f"{device.name}, {turn.int}: {wrong}" for wrong in _what_a_client_saw(world, turn, received)]
    return found


def _each_turn_ended_once(world: World) -> Iterator[str]:
    settled = Counter(settlement.request.turn for settlement in world.postgres.settlements)
    for row in world.postgres.turns.values():
        if settled[row.turn] != 1:
            yield f"{row.turn.int}: {settled[row.turn]} endings were written"
        # A log that was emptied may be given the same ending again.
        endings = {entry.event for entry in world.redis.accepted if entry.turn == row.turn and entry.event.is_ending}
        if len(endings) > 1:
            yield f"{row.turn.int}: {len(endings)} endings in the log"
        if any(ending.frame != row.ending for ending in endings):
            yield f"{row.turn.int}: the log's ending is not the row's"


def _rows_agree(world: World) -> Iterator[str]:
    charges = Counter(world.postgres.charges)
    for row in world.postgres.turns.values():
        if row.ending is None:
            continue
        replies = [m for m in world.postgres.messages if m.turn == row.turn and m.role == "persona"]
        ending = orjson.loads(row.ending)
        told = ending["message"]
        if [reply.as_json() for reply in replies] != ([told] if told else []):
            yield f"{row.turn.int}: stored replies and the ending's message differ"
        if charges[row.turn] > 1 or (charges[row.turn] and told is None):
            yield f"{row.turn.int}: {charges[row.turn]} charges"
        if ending["type"] == "turn.failed" and (ending["error"]["status"] == 500 or charges[row.turn]):
            yield f"{row.turn.int}: failed by an error of ours, or charged: {ending['error']}"


def _one_writer_an_epoch(world: World) -> Iterator[str]:
    owners: dict[tuple[UUID, int], set[str]] = defaultdict(set)
    for entry in world.redis.accepted:
        owners[entry.turn, entry.epoch].add(entry.owner)
        row = world.postgres.turns[entry.turn]
        late = row.ending is not None and entry.at > row.ended_at and not entry.event.is_ending
        if late and not world.redis.emptied:
            yield f"{entry.turn.int}: {entry.owner} wrote event {entry.event.seq} after the turn's end"
    for (turn, epoch), names in owners.items():
        if len(names) > 1:
            yield f"{turn.int}: {sorted(names)} wrote under epoch {epoch}"


def _kills_hold(world: World) -> Iterator[str]:
    for device in world.devices:
        for turn, received in device.received.items():
            if any(item.event.carries_words and _off_for_long(world, item.at, None) for item in received):
                yield f"{turn.int}: words reached {device.name} after a kill's bound"
    if world.struck[Fault.STALL] or world.struck[Fault.SLOW]:
        return  # between the gate and the log a process stood still; its edge still withholds what it wrote
    for entry in world.redis.accepted:
        if not entry.event.carries_words:
            continue
        speaker = next((name for name in NAMES if f"{name}-" in entry.event.frame), None)
        if _off_for_long(world, entry.at, speaker):
            yield f"{entry.turn.int}: event {entry.event.seq} was written after a kill's bound"


def _off_for_long(world: World, moment: float, speaker: str | None) -> bool:
    """Had text, or this speaker, been off for longer than the bound?"""
    states = [state for state in world.panel.history if state.since <= moment]
    since: float | None = None
    for state in reversed(states):
        if not (state.paused or speaker in state.killed):
            break
        since = state.since
    return since is not None and moment - since > BOUND_S


def _fan_can_write(world: World) -> Iterator[str]:
    dead = world.struck[Fault.CRASH] + world.struck[Fault.DRAIN]
    if set(world.struck) <= NO_OUTAGE and dead <= 1 and world.mix.slowest_trip_s <= Mix().slowest_trip_s:
        for name, asked_at in world.asked_at.items():
            waited = world.admitted_at.get(name, asked_at) - asked_at
            if waited > WRITES_AGAIN_S:
                yield f"{name} was admitted after {waited:.1f} s"


def _nothing_spins(world: World) -> Iterator[str]:
    for (process, second), calls in world.calls.items():
        if calls > CALLS_A_SECOND:
            yield f"{process} made {calls} calls in second {second}"


def _nothing_broke(world: World) -> Iterator[str]:
    if world.open_streams:
        yield f"{world.open_streams} upstream streams are still open"
    for process in world.processes:
        for task in process.tasks:
            broken = task.done() and not task.cancelled() and task.exception()
            if broken and not _was_expected(broken):
                yield f"a task of {process.name} ended with {broken!r}"


def _was_expected(error: BaseException) -> bool:
    """What a port or a service raises for whoever awaits that task."""
    return isinstance(error, CompanionError | StoreAway | LogAway)


def _what_a_client_saw(world: World, turn: UUID, received: list[Received]) -> Iterator[str]:
    events = [item.event for item in received]
    endings = [event for event in events if event.is_ending]
    row = world.postgres.turns[turn]
    if len(endings) != 1 or not events[-1].is_ending:
        yield f"saw {len(endings)} endings in {[event.seq for event in events]}"
        return
    if endings[0].frame != row.ending:
        yield "its ending is not the row's"
    yield from _order(world, events)
    words = "".join(orjson.loads(event.frame).get("text", "") for event in events if event.carries_words)
    if BANNED in words:
        yield "a banned phrase left"


def _order(world: World, events: list[TurnEvent]) -> Iterator[str]:
    seqs = [0, *(event.seq for event in events)]
    if any(after <= before for before, after in pairwise(seqs)):
        yield f"out of order: {seqs}"
    if any(after != before + 1 for before, after in pairwise(seqs[:-1])):
        yield f"a hole that is not before the ending: {seqs}"
    whole = seqs[-1] == seqs[-2] + 1
    if not whole and not MAY_LOSE_EVENTS & set(world.struck) and seqs[-1] != 10_000:
        yield f"a hole though nothing was lost: {seqs}"
    told = orjson.loads(events[-1].frame)["message"]
    shown, _ = shown_text(events)
    if whole and shown != (told["text"] if told else ""):
        yield f"saw {shown!r}, and the ending says {told and told['text']!r}"


def device_report(device: Device) -> Iterator[str]:
    for turn, received in device.received.items():
        yield f"{device.name}, turn {turn.int}:"
        for item in received:
            yield f"  {item.at:8.3f} s  {item.event.frame}"
