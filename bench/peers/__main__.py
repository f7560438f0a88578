"""`make bench-peers`: litellm proxy, langgraph, chainlit and open-webui beside us, before one scripted upstream.

Exit status 0 when every limit is kept, 1 when we failed a turn or lost a row, 2 when a limit is missed. A peer that
could not be measured is named with the reason. `python -m bench.peers chainlit …` measures only those named.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench.peers.environments import NotInstalled
from bench.peers.measures import Bench, Row, figures
from bench.peers.servers import PEERS, Peer
from bench.product import LoadFailed, Stage, allow_many_sockets
from bench.rows import RowsMissing
from bench.table import render, table

HEADER = ("product", "added ms, 1 stream", "50 streams", "CPU ms a turn", "turns a CPU s", "messages kept")


def main() -> int:
    allow_many_sockets()
    began = time.monotonic()
    wanted = [peer for peer in PEERS if not sys.argv[1:] or peer.name in sys.argv[1:]]
    try:
        ours, rows, reasons = measure(wanted)
    except (RowsMissing, LoadFailed) as failure:
        print(failure)
        return 1
    absent = [(name, f"not measured: {reason}") for name, reason in reasons.items()]
    print(table([HEADER, *(row.cells() for row in (ours, *rows)), *absent]))
    limits = figures(ours, rows, {peer.name: peer.times for peer in PEERS})
    print(f"\n{render(limits)}\n\nTimes are p50 / p95. {time.monotonic() - began:.0f} s in all.")
    return 2 if any(limit.missed for limit in limits) else 0


def measure(peers: list[Peer]) -> tuple[Row, list[Row], dict[str, str]]:
    """Our row, the peers', and why the others have none. Raises RowsMissing and LoadFailed for us alone."""
    rows: list[Row] = []
    reasons: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="companion-peers-") as folder, Stage(Path(folder)) as stage:
        bench = Bench(stage, Path(folder))
        ours = bench.ours()
        _say(ours)
        for peer in peers:
            try:
                rows.append(bench.of(peer))
                _say(rows[-1])
            except (NotInstalled, LoadFailed) as reason:
                reasons[peer.name] = str(reason)
    return ours, rows, reasons


def _say(row: Row) -> None:
    print("  ".join(row.cells()), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
