"""Mixes of faults for what the usual one meets too seldom."""

from tests.simulation.faults import Fault, Mix

EVERYTHING_AT_ONCE = Mix(most=9, slowest_trip_s=0.25, name="everything")
LOST_LOGS = Mix(
    {
        Fault.REDIS_EMPTIED: 3,
        Fault.REDIS_AWAY: 2,
        Fault.REDIS_PARTED: 3,
        Fault.STALL: 3,
        Fault.CRASH: 3,
        Fault.CUT: 2,
        Fault.SECOND_MESSAGE: 3,
        Fault.LOST_ANSWER: 3,
        Fault.KILL_TEXT: 1,
    },
    most=6,
    slowest_trip_s=0.1,
    name="lost_logs",
)
KILLS = Mix(
    {
        Fault.KILL_TEXT: 3,
        Fault.KILL_PROVIDER: 3,
        Fault.STALE: 2,
        Fault.PARTED: 2,
        Fault.REDIS_PARTED: 2,
        Fault.REDIS_AWAY: 2,
        Fault.LOST_ANSWER: 1,
        Fault.REPEAT: 1,
    },
    most=6,
    slowest_trip_s=0.05,
    name="kills",
)
# Processes taken for dead that come back: what the epochs and the log's fence are for.
RETURNING_PROCESSES = Mix(
    {Fault.STALL: 3, Fault.CUT: 1, Fault.SECOND_MESSAGE: 2, Fault.SLOW: 2}, most=4, slowest_trip_s=0.5, name="returning"
)
MIXES = {mix.name: mix for mix in (Mix(), EVERYTHING_AT_ONCE, LOST_LOGS, KILLS, RETURNING_PROCESSES)}
