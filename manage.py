#!/usr/bin/env python
"""Django's commands. While `make run` stands, they work on its servers."""

import os
import sys

from django.core.management import execute_from_command_line

from companion.local.refusal import REFUSED, Refusal


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "companion.settings")
    try:
        execute_from_command_line(sys.argv)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
