"""`python -m tests.simulation SEED [MIX]`: one seed, told in full; the exit status says whether everything held."""

import logging
import sys

import structlog

from tests.simulation.mixes import MIXES
from tests.simulation.run import simulate


def main(seed: str, mix: str = "") -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    run = simulate(int(seed), MIXES[mix])
    sys.stdout.write(run.report() + "\n")
    return 1 if run.violations else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
