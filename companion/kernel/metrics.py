"""The figures that /metrics shows (contract.md, "Operations"). Labels are closed sets, never ids or words.

With PROMETHEUS_MULTIPROC_DIR set the processes of one machine write to files there and any of them shows the sum.
`lay_circuit_breaker_state` is companion/kernel/breaker.py's.
"""

import os

from prometheus_client import REGISTRY as PROCESS
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
    start_http_server,
)
from prometheus_client.registry import Collector

# Seconds. Dense where the promises lie: 5 ms (short-term memory), 30 ms (moderation), 400 ms (first token).
STAGE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 8, 15, 60)

STAGE_SECONDS = Histogram(
    "companion_turn_stage_seconds", "Time of one stage of a turn", ["stage"], buckets=STAGE_BUCKETS
)
FIRST_TOKEN_SECONDS = Histogram(
    "companion_turn_first_token_seconds", "From the message to its reply's first token", buckets=STAGE_BUCKETS
)
TURNS = Counter("companion_turns", "Ended turns", ["transport", "outcome"])
LOGS_LOST = Counter("companion_turn_logs_lost", "Endings that Redis did not take; the turn's row has them")
OPEN_SOCKETS = Gauge("companion_open_sockets", "WebSockets that are open now", multiprocess_mode="livesum")
UNDERAGE_SIGNUPS = Counter("companion_underage_signups", "Sign-ups refused for the platform's minimum age")
OUTBOX_DELIVERED = Counter("companion_outbox_delivered", "Outbox events handed to jobs", ["topic"])
VERDICTS = Counter("companion_moderation_verdicts", "Verdicts on ended turns", ["side", "action"])
CLASSIFIER_FAILURES = Counter("companion_moderation_classifier_failures", "Texts that no classifier could judge")
WORK_RUNS = Counter("companion_scheduler_runs", "Rounds of recurring work", ["work", "outcome"])
FEED_AGE = Gauge(
    "companion_change_feed_age_seconds",
    "Since the last good poll for changed switches and rules",
    multiprocess_mode="livemax",
)

STAGES = ("admit", "moderate", "recall", "compose", "generate", "filter", "settle")
TRANSPORTS = ("websocket", "sse", "json")
OUTCOMES = ("completed", "cancelled", "failed")
SIDES = ("input", "output")
ACTIONS = ("allow", "deflect", "block", "hold", "crisis")


class TurnMetrics:
    """The engine's observer (conversations.turn.ports.Observer)."""

    def __init__(self) -> None:
        """Every series is there from the start, at zero: a rate over one that appears later misses its first count."""
        self._stages = {stage: STAGE_SECONDS.labels(stage) for stage in STAGES}
        for transport in TRANSPORTS:
            for outcome in OUTCOMES:
                TURNS.labels(transport, outcome)
        for side in SIDES:
            for action in ACTIONS:
                VERDICTS.labels(side, action)

    def stage(self, name: str, seconds: float) -> None:
        self._stages[name].observe(seconds)

    def first_token(self, seconds: float) -> None:
        FIRST_TOKEN_SECONDS.observe(seconds)

    def log_lost(self) -> None:
        LOGS_LOST.inc()

    def ended(self, transport: str, outcome: str) -> None:
        TURNS.labels(transport, outcome).inc()


def exposition(*more: Collector) -> bytes:
    """The text of /metrics; `more` is what only the asked process tells."""
    asked = CollectorRegistry()
    for collector in more:
        asked.register(collector)
    return _of_processes() + generate_latest(asked)


def _of_processes() -> bytes:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(PROCESS)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    return generate_latest(registry)


def serve_if_asked() -> None:
    """For worker and scheduler, which serve nothing else: their figures at COMPANION_METRICS_PORT, if it is set."""
    port = os.environ.get("COMPANION_METRICS_PORT")
    if port:
        start_http_server(int(port))
