"""`make bench`: the table of figures, on servers, tables, fans and an upstream of its own.

Exit status 0 when every limit is kept, 1 when a turn failed or did not leave just the rows that
it must, 2 when a limit is missed.
`python -m bench cpu token …` runs only the parts named.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bench import console, corpus, full, moderation, page, reads, recall
from bench.measures import Bench
from bench.product import LoadFailed, Stage, allow_many_sockets
from bench.rows import RowsMissing
from bench.table import Figure, render

KEPT = "After each run: one message pair, trace, usage row, both verdicts and one outbox row a turn."


def moderation_figures() -> list[Figure]:
    return [Figure(name, value, unit, at_most=limit) for name, value, limit, unit in moderation.measure()]


def parts(stage: Stage, bench: Bench) -> dict[str, Callable[[], Iterable[Figure]]]:
    """In the order of running: memory first, while nothing has grown yet; the heaviest load last."""
    return {
        "idle": lambda: [bench.idle_socket()],
        "cpu": lambda: [bench.turns_per_cpu_second()],
        "token": lambda: [bench.token_cpu()],
        "resume": lambda: [bench.resume()],
        "reads": lambda: reads.measure(stage.urls),
        "moderation": moderation_figures,
        "first": bench.first_token,
        "recall": lambda: recall.measure(stage.urls),
        "full": lambda: full.measure(stage, bench),
        "corpus": lambda: corpus.measure(stage.urls, stage.folder),
        "page": lambda: page.measure(stage),
        "console": lambda: console.measure(stage),  # last: it fills the tables
    }


def run(wanted: list[str], figures: list[Figure]) -> None:
    """Adds to the figures as they come. Raises RowsMissing and LoadFailed."""
    with tempfile.TemporaryDirectory(prefix="companion-bench-") as folder, Stage(Path(folder)) as stage:
        bench = Bench(stage)
        bench.warm_up()
        for name, part in parts(stage, bench).items():
            if not wanted or name in wanted:
                for figure in part():
                    _say("  ".join(figure.cells()))
                    figures.append(figure)


def main() -> int:
    allow_many_sockets()
    began = time.monotonic()
    figures: list[Figure] = []
    failure = ""
    try:
        run(sys.argv[1:], figures)
    except (RowsMissing, LoadFailed) as error:
        failure = str(error)
    print(render(figures))
    print(f"\n{failure or KEPT} {time.monotonic() - began:.0f} s in all.")
    if failure:
        return 1
    return 2 if any(figure.missed for figure in figures) else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
