#!/usr/bin/env python
"""Django's commands. While `make run` stands, they work on its servers.

`manage.py ONE --then TWO` runs both in one process: starting Django takes seconds of a core.
"""

import os
import sys

from django.core.management import execute_from_command_line

from companion.local.refusal import REFUSED, Refusal

THEN = "--then"


def commands(arguments: list[str]) -> list[list[str]]:
    """The commands of one call, parted by `--then`."""
    if THEN not in arguments:
        return [arguments]
    end = arguments.index(THEN)
    return [arguments[:end], *commands(arguments[end + 1 :])]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "companion.settings")
    try:
        for command in commands(sys.argv[1:]):
            execute_from_command_line([sys.argv[0], *command])
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
