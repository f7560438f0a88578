"""The process that reads one file: `python -m personas.corpus.parsing.child <type>`, the file on stdin.

It answers JSON lines: {"text": …} for each piece, then {"peak_kb": …} or {"failed": code}. Before it looks at the file
it gives up what it might be made to misuse: memory, time, network, opening anything at all. No Django, no settings.
"""

import ctypes
import encodings
import json
import os
import pkgutil
import resource
import signal
import sys
from importlib import import_module
from types import ModuleType
from typing import TextIO

import pypdf

from personas.corpus.failures import Unreadable
from personas.corpus.parsing.formats import read

MEMORY = 640 * 1024 * 1024
CPU_S = 100
# Of what it answers; the text of five million characters takes less.
OUTPUT = 40 * 1024 * 1024
LONGEST_TEXT = 5_000_000
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG = 1


def main() -> None:
    content = sys.stdin.buffer.read()
    # getrusage would tell of the worker that started this process.
    with open("/proc/self/status") as status:
        _read(content, status)


def _read(content: bytes, status: TextIO) -> None:
    for package in (encodings, pypdf):
        _import_all(package)
    _give_up()
    try:
        _answer(sys.argv[1], content)
        _say({"peak_kb": int(status.read().split("VmHWM:")[1].split()[0])})
    except Unreadable as error:
        _say({"failed": error.code})
    except MemoryError:
        _say({"failed": "too_heavy"})


def _answer(file_type: str, content: bytes) -> None:
    length = 0
    for piece in read(file_type, content):
        length += len(piece)
        if length > LONGEST_TEXT:
            raise Unreadable("too_long")
        _say({"text": piece})


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _import_all(package: ModuleType) -> None:
    """What is imported when it is first needed could not be opened any more by then."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        try:
            import_module(module.name)
        except ImportError:  # a code page of another system, a package that is not installed
            continue


def _give_up() -> None:
    """Nothing of this can be taken back by the process itself."""
    # A network of its own that has no way out, where the kernel allows it (Linux with user namespaces).
    libc = ctypes.CDLL(None)
    libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    # A worker that is killed takes its reader along: the next one reads the file again.
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
        # Three are open: no file and no socket can be opened from here on.
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(limit, (most, most))
    os.nice(10)


if __name__ == "__main__":
    main()
