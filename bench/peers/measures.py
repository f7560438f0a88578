"""What is measured of each product, ours first: added time to the first token, CPU, messages kept."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench.measures import FIRST_MS, INTERVAL_MS, TOKENS, Load
from bench.peers.servers import Peer, Running, running
from bench.product import Job, Stage
from bench.rows import Ledger
from bench.table import Figure, percentile

OURS = "companion"
ONE, MANY = Load(1, 10), Load(50, 5)
# Without delay: enough streams that a process is never idle. Peers get fewer turns, for they take longer over each.
BUSY_OURS, BUSY_PEER = Load(16, 60, 0.1), Load(16, 12, 0.1)
WARM = Load(4, 3, 0.1)
CPU_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """Added milliseconds to the first token (p50, p95), CPU milliseconds a turn at 50 streams, turns a CPU second."""

    name: str
    one_ms: tuple[float, float]
    many_ms: tuple[float, float]
    turn_cpu_ms: float
    turns_per_cpu_s: float
    stores: bool
    kept: int
    sent: int

    def cells(self) -> tuple[str, ...]:
        times = [f"{p50:.1f} / {p95:.1f}" for p50, p95 in (self.one_ms, self.many_ms)]
        kept = f"{self.kept} of {self.sent}" if self.stores else "stores none"
        return (self.name, *times, f"{self.turn_cpu_ms:.1f}", f"{self.turns_per_cpu_s:.0f}", kept)


# A load's times to the first tokens, and the CPU seconds of the product.
Run = Callable[[Load], tuple[list[float], float]]


class Bench:
    """One stage; every product on it is asked for the same."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder
        self._environ = stage.environ
        self._ledger = Ledger(stage.urls["database_superuser_url"])
        self._kept = 0

    def ours(self) -> Row:
        return self._row(OURS, True, BUSY_OURS, self._our_run)

    def of(self, peer: Peer) -> Row:
        """Raises NotInstalled, and LoadFailed when a turn was not answered. What it lost is in the row."""
        database = self._stage.urls["database_superuser_url"]
        with running(peer, self._folder, self._stage.upstream, database) as served:
            return self._row(peer.name, peer.stores, BUSY_PEER, lambda load: self._peer_run(peer, served, load))

    def _row(self, name: str, stores: bool, busy: Load, run: Run) -> Row:
        self._kept = 0
        self._at_once()
        run(WARM)
        self._paced()
        one_ms = self._added(ONE, run(ONE)[0])
        first_ms, many_cpu_s = run(MANY)
        many_ms = self._added(MANY, first_ms)
        self._at_once()
        busy_cpu_s = run(busy)[1]
        sent = 2 * sum(load.all_turns for load in (WARM, ONE, MANY, busy))
        return Row(
            name,
            one_ms,
            many_ms,
            many_cpu_s / MANY.all_turns * 1000,
            busy.all_turns / busy_cpu_s,
            stores,
            self._kept,
            sent,
        )

    def _paced(self) -> None:
        self._stage.pace(first_ms=FIRST_MS, interval_ms=INTERVAL_MS, tokens=TOKENS)

    def _at_once(self) -> None:
        self._stage.pace(first_ms=0, interval_ms=0, tokens=TOKENS)

    def _added(self, load: Load, first_ms: Sequence[float]) -> tuple[float, float]:
        """To what the upstream itself takes under the same load."""
        alone = Load(load.streams, 4)
        with self._stage.job("direct", self._stage.floor, upstream=self._stage.upstream, **asdict(alone)) as job:
            job.begin()
            alone_ms = median(job.answer()["first_ms"])
        return percentile(first_ms, 0.5) - alone_ms, percentile(first_ms, 0.95) - alone_ms

    def _our_run(self, load: Load) -> tuple[list[float], float]:
        """Times to the first tokens, and CPU seconds."""
        web = self._stage.web
        with self._stage.job("streams", web, **asdict(load)) as job:
            job.begin()
            before = web.program.cpu_s()
            first_ms = job.answer()["first_ms"]
            spent_s = web.program.cpu_s() - before
        self._ledger.check(load.all_turns)
        self._kept += 2 * load.all_turns  # or the ledger would have raised
        return first_ms, spent_s

    def _peer_run(self, peer: Peer, served: Running, load: Load) -> tuple[list[float], float]:
        where = {"url": served.url, "key": served.key, "database": served.database}
        job = Job(self._environ, "bench.peers.drive", peer=peer.name, **where, **asdict(load))
        try:
            job.begin()
            before = served.cpu_s()
            job.begin()  # it says so again when the last turn is over
            spent_s = served.cpu_s() - before
            answer = job.answer()
        finally:
            job.stop()
        self._kept += answer["stored"] or 0
        return answer["first_ms"], spent_s


def figures(ours: Row, rows: Sequence[Row], times: dict[str, float]) -> list[Figure]:
    """The issue's: beside the best of those that store as a chat does, and turns a CPU second beside each."""
    found = [_turns(ours, row, times[row.name]) for row in rows]
    chats = [row for row in rows if row.name in ("openwebui", "chainlit")]
    if not chats:
        return found
    best = min(chats, key=lambda row: row.many_ms[0])
    beside = f"beside {best.name}, {MANY.streams} streams"
    for index, share in enumerate(("p50", "p95")):
        name = f"added time to first token, {share}, {beside}"
        found.append(Figure(name, ours.many_ms[index], "ms", at_most=best.many_ms[index]))
    name = f"CPU of a turn, {beside}"
    found.append(Figure(name, ours.turn_cpu_ms / best.turn_cpu_ms, "×", at_most=CPU_SHARE))
    return found


def _turns(ours: Row, row: Row, at_least: float) -> Figure:
    name = f"turns a CPU second, to {row.name}'s"
    return Figure(name, ours.turns_per_cpu_s / row.turns_per_cpu_s, "×", at_least=at_least)
