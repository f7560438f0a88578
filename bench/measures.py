"""The figures that need the whole product, and the floor beside it (issue 5, "Figures")."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from bench.product import Served, Stage
from bench.rows import Ledger
from bench.table import Figure, percentile

FULL = " with much to remember"
# The scripted upstream of the issue; a turn takes 100 + 39 × 20 ms.
FIRST_MS, INTERVAL_MS, TOKENS = 100, 20, 40
TURN_S = (FIRST_MS + (TOKENS - 1) * INTERVAL_MS) / 1000
LIMITED_STREAMS, LIMIT_P50_MS, LIMIT_P95_MS = 50, 15.0, 40.0
# The same where there is much to remember (issue 7).
FULL_P50_MS, FULL_P95_MS, FULL_TURNS_PER_CPU_S = 30.0, 60.0, 100.0
# Without delay: so many streams that the process is never idle, and turns for about ten seconds of it.
BUSY_STREAMS, BUSY_TURNS = 16, 100
TURNS_PER_CPU_S = 150.0
# Turns of two lengths. Many streams, so that what a process does for itself weighs little on a token.
SHORT, LONG, SLOPE_STREAMS = 40, 400, 100
TOKEN_RATIO, SOCKET_RATIO = 2.0, 1.3
IDLE_SOCKETS = 2000
SETTLE_S = 2.0
CUTS, RESUME_MS = 20, 50.0


@dataclass(frozen=True, slots=True)
class Load:
    """`streams` at once, `turns` of each one after another, their starts spread over `spread_s`."""

    streams: int
    turns: int
    spread_s: float = TURN_S

    @property
    def all_turns(self) -> int:
        return self.streams * self.turns


BUSY = Load(BUSY_STREAMS, BUSY_TURNS, 0.1)
# Turns enough for a p95, and each load under a quarter of a minute.
LOADS = (Load(1, 14), Load(50, 12), Load(200, 6))


class Bench:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._ledger = Ledger(stage.urls["database_superuser_url"])

    def warm_up(self) -> None:
        """Sheets parsed, pools filled, code paths taken once; none of it is counted."""
        self._stage.pace(first_ms=0, interval_ms=0, tokens=TOKENS)
        for served in (self._stage.floor, self._stage.web):
            self._run(served, Load(BUSY_STREAMS, 10, 0.1))

    # -- time to the first token ---------------------------------------------------------------------------------

    def first_token(self) -> Iterator[Figure]:
        for load in LOADS:
            limited = load.streams == LIMITED_STREAMS
            yield from self._first_token(load, (LIMIT_P50_MS, LIMIT_P95_MS) if limited else (None, None))

    def with_much_to_remember(self) -> Iterator[Figure]:
        """The turns of fans whose tables full.py has filled, after as many that are not counted: the first ones plan
        anew what was planned for empty tables, and each connection looks at each page for the first time.
        """
        load = next(load for load in LOADS if load.streams == LIMITED_STREAMS)
        self._stage.pace(first_ms=FIRST_MS, interval_ms=INTERVAL_MS, tokens=TOKENS)
        self._run(self._stage.web, load)
        yield from self._first_token(load, (FULL_P50_MS, FULL_P95_MS), FULL)
        yield self.turns_per_cpu_second(FULL_TURNS_PER_CPU_S, FULL)

    def _first_token(self, load: Load, limits: tuple[float | None, float | None], who: str = "") -> Iterator[Figure]:
        self._stage.pace(first_ms=FIRST_MS, interval_ms=INTERVAL_MS, tokens=TOKENS)
        few = Load(load.streams, 4)
        with self._stage.job("direct", self._stage.floor, upstream=self._stage.upstream, **asdict(few)) as job:
            job.begin()
            alone_ms = median(job.answer()["first_ms"])
        floor = self._run(self._stage.floor, few)
        product = self._run(self._stage.web, load)
        for name, share, limit in zip(("p50", "p95"), (0.5, 0.95), limits, strict=True):
            yield Figure(
                f"added time to first token{who}, {load.streams} streams, {name}",
                percentile(product, share) - alone_ms,
                "ms",
                at_most=limit,
                note=f"floor {percentile(floor, share) - alone_ms:.1f}, upstream {alone_ms:.1f}",
            )

    # -- CPU -----------------------------------------------------------------------------------------------------

    def turns_per_cpu_second(self, at_least: float = TURNS_PER_CPU_S, who: str = "") -> Figure:
        self._stage.pace(first_ms=0, interval_ms=0, tokens=TOKENS)
        spent_s = self._cpu_s(self._stage.web, BUSY)
        floor_s = self._cpu_s(self._stage.floor, BUSY)
        turns = BUSY.all_turns
        return Figure(
            f"turns per CPU second of the web process{who}",
            turns / spent_s,
            "turns/s",
            at_least=at_least,
            note=f"{spent_s / turns * 1000:.2f} ms a turn; floor {floor_s / turns * 1000:.2f} ms",
        )

    def token_cpu(self) -> Figure:
        product_us, floor_us = self._slope_us(self._stage.web), self._slope_us(self._stage.floor)
        return Figure(
            "CPU of a further token, to the floor's",
            product_us / floor_us,
            "×",
            at_most=TOKEN_RATIO,
            note=f"{product_us:.0f} µs, floor {floor_us:.0f} µs",
        )

    def _slope_us(self, served: Served) -> float:
        """Of a turn's CPU over its tokens."""
        spent = []
        for tokens in (SHORT, LONG):
            self._stage.pace(first_ms=FIRST_MS, interval_ms=INTERVAL_MS, tokens=tokens)
            load = Load(SLOPE_STREAMS, 4 if tokens == SHORT else 1)
            spent.append(self._cpu_s(served, load) / load.all_turns)
        return (spent[1] - spent[0]) / (LONG - SHORT) * 1e6

    # -- memory --------------------------------------------------------------------------------------------------

    def idle_socket(self) -> Figure:
        product, floor = self._socket_bytes(self._stage.web), self._socket_bytes(self._stage.floor)
        return Figure(
            f"memory of an idle socket ({IDLE_SOCKETS}), to the floor's",
            product / floor,
            "×",
            at_most=SOCKET_RATIO,
            note=f"{product / 1024:.1f} KiB, floor {floor / 1024:.1f} KiB",
        )

    def _socket_bytes(self, served: Served) -> float:
        """Growth of the process's own memory. The tickets are made before the first reading: no socket keeps them."""
        with self._stage.job("idle", served, streams=IDLE_SOCKETS) as job:
            job.begin()
            before = served.program.own_memory()
            job.begin()
            time.sleep(SETTLE_S)
            grown = served.program.own_memory() - before
            job.answer()
        return grown / IDLE_SOCKETS

    # -- resume --------------------------------------------------------------------------------------------------

    def resume(self) -> Figure:
        self._stage.pace(first_ms=FIRST_MS, interval_ms=INTERVAL_MS, tokens=TOKENS)
        with self._stage.job("resume", self._stage.web, turns=CUTS) as job:
            job.begin()
            missed_ms = job.answer()["missed_ms"]
        self._ledger.check(CUTS)
        return Figure(
            "resume after a cut: first missing event, p95",
            percentile(missed_ms, 0.95),
            "ms",
            at_most=RESUME_MS,
            note=f"p50 {median(missed_ms):.1f}; from the new connection's start",
        )

    # -- running -------------------------------------------------------------------------------------------------

    def _run(self, served: Served, load: Load) -> Sequence[float]:
        """Turns over sockets, their rows counted; milliseconds to the first tokens."""
        with self._stage.job("streams", served, **asdict(load)) as job:
            job.begin()
            first_ms: list[float] = job.answer()["first_ms"]
        if served is self._stage.web:
            self._ledger.check(load.all_turns)
        return first_ms

    def _cpu_s(self, served: Served, load: Load) -> float:
        """CPU seconds of the process, from when all sockets are open to the last ending."""
        with self._stage.job("streams", served, **asdict(load)) as job:
            job.begin()
            before = served.program.cpu_s()
            job.answer()
            spent = served.program.cpu_s() - before
        if served is self._stage.web:
            self._ledger.check(load.all_turns)
        return spent
