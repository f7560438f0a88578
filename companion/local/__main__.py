"""`python -m companion.local run | check | with-servers COMMAND…`"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from companion.local import supervisor
from companion.local.output import Output
from companion.local.refusal import REFUSED, Refusal
from companion.local.servers import running

USAGE = __doc__


def with_servers(command: Sequence[str]) -> int:
    """Runs a command against servers that live as long as it does; its exit status."""
    with tempfile.TemporaryDirectory(prefix="companion-") as folder:
        environ = os.environ | {"COMPANION_DATA_DIR": folder}
        with running(Path(folder), environ, durable=False):
            return subprocess.run(command, env=environ, check=False).returncode


def main(arguments: Sequence[str]) -> int:
    try:
        match list(arguments):
            case ["run"]:
                supervisor.run(os.environ, Output())
                return 0
            case ["check"]:
                return with_servers([sys.executable, "-m", "companion.local.checks"])
            case ["with-servers", *command] if command:
                return with_servers(command)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    print(USAGE, file=sys.stderr)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
