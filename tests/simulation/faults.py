"""What may befall a turn, and when. A plan names the awaits, by their number, at which something happens."""

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """Struck at an await of a port; "its process" is the one whose await it is."""

    CRASH = "crash"  # its process dies, with all of its tasks
    STALL = "stall"  # its process stands still for longer than a lease, and wakes up
    DRAIN = "drain"  # its process is told to end
    CANCEL = "cancel"  # the fan asks to stop
    SECOND_MESSAGE = "second_message"
    REPEAT = "repeat"  # the same message again, on another socket
    OTHER_TEXT = "other_text"  # another text under the id of a known message
    CUT = "cut"  # a socket of the fan breaks
    REDIS_AWAY = "redis_away"
    REDIS_EMPTIED = "redis_emptied"
    POSTGRES_AWAY = "postgres_away"
    PARTED = "parted"  # its process alone does not reach Postgres
    REDIS_PARTED = "redis_parted"  # nor Redis
    LOST_ANSWER = "lost_answer"  # what was asked happens, the answer does not arrive
    SLOW = "slow"  # this one answer takes long
    KILL_TEXT = "kill_text"
    KILL_PROVIDER = "kill_provider"
    STALE = "stale"  # its process cannot read the switches for a while


USUAL: dict[Fault, int] = {
    Fault.CRASH: 4,
    Fault.STALL: 3,
    Fault.DRAIN: 2,
    Fault.CANCEL: 3,
    Fault.SECOND_MESSAGE: 4,
    Fault.REPEAT: 2,
    Fault.OTHER_TEXT: 1,
    Fault.CUT: 3,
    Fault.REDIS_AWAY: 3,
    Fault.REDIS_EMPTIED: 1,
    Fault.POSTGRES_AWAY: 3,
    Fault.PARTED: 2,
    Fault.REDIS_PARTED: 2,
    Fault.LOST_ANSWER: 4,
    Fault.SLOW: 2,
    Fault.KILL_TEXT: 2,
    Fault.KILL_PROVIDER: 2,
    Fault.STALE: 2,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """`strikes` maps the number of an await to what happens there."""

    strikes: dict[int, Fault]


@dataclass(slots=True)
class Mix:
    """How often what happens. `weights` leaves out what must not happen."""

    weights: dict[Fault, int] = field(default_factory=lambda: dict(USUAL))
    most: int = 4
    # The awaits among which a plan chooses; a run has more, but most turns have ended by then.
    span: int = 120
    # How long a trip to a server takes at most, in seconds.
    slowest_trip_s: float = 0.004
    name: str = ""

    def plan(self, rng: random.Random) -> Plan:
        kinds, weights = list(self.weights), list(self.weights.values())
        count = rng.randint(0, self.most)
        # Early awaits are chosen more often: that is where a turn begins, and where most of the runs still are.
        places = [int(rng.random() ** 1.3 * self.span) for _ in range(count)]
        chosen = dict(zip(places, rng.choices(kinds, weights, k=count), strict=True))
        if Fault.REDIS_EMPTIED in chosen.values():
            # Nothing holds this pair: a Redis that lost its data lost the fence with it, so a process that stood
            # still for longer than its lease over that very moment may show words after the turn's end.
            chosen = {place: fault for place, fault in chosen.items() if fault not in (Fault.STALL, Fault.SLOW)}
        return Plan(chosen)


Happened = Counter[str]
